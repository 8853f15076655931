"""`manage.py rotate_keys`: a new key comes into use while the site runs."""

import os
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Event

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash
from campaign.privacy import crypto, rotation
from pledges.models import ManageLink, Signature
from tests.accounts.organisers import code, give_authenticator
from tests.factories import OrganiserFactory, SignatureFactory


def new_key():
    return urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def old_key(settings):
    return settings.FIELD_KEYS[0]


@pytest.fixture
def rotate(settings, old_key):
    """Put a new key first and run the command; return its output."""

    def run():
        if [old_key] == settings.FIELD_KEYS:
            settings.FIELD_KEYS = [new_key(), old_key]
        out = StringIO()
        call_command("rotate_keys", stdout=out)
        return out.getvalue()

    return run


@pytest.mark.django_db
def test_everything_is_readable_without_the_old_key_afterwards(settings, rotate, old_key):
    signature = SignatureFactory(organisation="Group", role="Chair", town="Leeds", link="https://example.org")
    asked = {"email": "ruth@example.org", "token_hash": b"t", "created_at": timezone.now()}
    ManageLink.objects.create(pledge=signature.pledge, signature=signature, **asked)
    SignatureFactory(counted_only=True)
    said = rotate()
    settings.FIELD_KEYS, settings.HASH_KEY = settings.FIELD_KEYS[:1], old_key

    assert "pledges.signature.email: 1 re-encrypted" in said
    assert "Nothing needs an older key" in said
    read = Signature.objects.get(pk=signature.pk)
    assert (read.name, read.email, read.role, read.town) == (signature.name, signature.email, "Chair", "Leeds")
    assert ManageLink.objects.get().email == "ruth@example.org"
    assert bytes(read.email_hash) == address_hash(signature.email)


@pytest.mark.django_db
def test_running_it_again_changes_nothing(rotate):
    SignatureFactory.create_batch(3)
    rotate()

    assert "pledges.signature.email: 0 re-encrypted" in rotate()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_rotation_continues_where_it_stopped(rotate, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    people = SignatureFactory.create_batch(5)
    encrypt, calls = crypto.encrypt, iter(range(5))

    def die_at_the_fourth(text, purpose):
        if next(calls, None) == 3:
            raise KeyboardInterrupt
        return encrypt(text, purpose)

    monkeypatch.setattr(crypto, "encrypt", die_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    monkeypatch.setattr(crypto, "encrypt", encrypt)

    assert "pledges.signature.name: 3 re-encrypted" in rotate()  # two of the five were done, one was undone
    assert {one.name for one in Signature.objects.all()} == {one.name for one in people}


@pytest.mark.django_db(transaction=True)
def test_a_signers_changes_during_rotation_are_kept(settings, rotate, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    people = SignatureFactory.create_batch(30, confirmed=True)
    settings.FIELD_KEYS = [new_key(), *settings.FIELD_KEYS]
    go = Event()

    def change(person):
        try:
            go.wait()
            found = Signature.objects.get(pk=person.pk)
            found.change("private", name=f"New {person.name}", shown_name="", town="", updates=False)
        finally:
            connection.close()

    def turn():
        try:
            go.set()
            rotate()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda do: do(), [turn, *(lambda person=person: change(person) for person in people)]))

    settings.FIELD_KEYS, settings.HASH_KEY = settings.FIELD_KEYS[:1], settings.FIELD_KEYS[-1]
    assert {one.name for one in Signature.objects.all()} == {f"New {person.name}" for person in people}


@pytest.mark.django_db(transaction=True)
def test_a_locked_row_is_waited_for(settings, rotate, monkeypatch):
    signature, held = SignatureFactory(), Event()
    settings.FIELD_KEYS = [new_key(), *settings.FIELD_KEYS]
    monkeypatch.setattr("campaign.management.commands.rotate_keys.PAUSE", 0.05)

    def turn():
        try:
            held.wait()
            return rotate()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(turn)
        with transaction.atomic():
            Signature.objects.select_for_update().get()
            held.set()
            with pytest.raises(TimeoutError):
                said.result(timeout=0.5)
        assert "pledges.signature.name: 1 re-encrypted" in said.result(timeout=60)
    assert Signature.objects.get().name == signature.name


@pytest.mark.django_db
def test_a_damaged_value_is_reported_and_stops_nothing_else(settings, rotate):
    damaged, whole = SignatureFactory(), SignatureFactory()
    with connection.cursor() as cursor:
        broken = b"gone" + b"x" * 40
        cursor.execute("UPDATE pledges_signature SET name = %s WHERE id = %s", [broken, damaged.pk])

    with pytest.raises(CommandError, match=f"pledges.signature.name of {damaged.pk}"):
        rotate()
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert Signature.objects.get(pk=whole.pk).name == whole.name


@pytest.mark.django_db
def test_organisers_can_sign_in_without_the_old_key_afterwards(settings, rotate):
    organiser = OrganiserFactory()
    secret = give_authenticator(organiser)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    rotate()
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]

    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret))
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


@pytest.mark.django_db
def test_an_unreadable_second_factor_is_reported(rotate):
    organiser = OrganiserFactory()
    broken = Authenticator.objects.create(user=organiser, type="totp", data={"secret": "bm90IG91cnM="})

    with pytest.raises(CommandError, match=f"second factor {broken.pk}"):
        rotate()
