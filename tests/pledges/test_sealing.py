"""Sealing what the public list doesn't show, 48 hours after people sign."""

import logging
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone
from nacl.public import PrivateKey

from campaign.email_addresses.canonical import address_hash, domain_hash
from campaign.periodic import run_steps
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.sealing.models import RestoreTest
from campaign.sealing.open_sealed import opened
from pledges.models import Signature
from pledges.models.signatures.states import TO_SEAL
from pledges.sealing import CLEAR_FOR, seal_due
from pledges.signer_names import name_hash, name_hashes
from pledges.signing.sign import sign
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.pledges.models.test_dump import dump, found_in
from tests.pledges.signing.test_functions import ADA
from tests.sealing.organisers import public_text
from tests.tables import uses_index

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=4)
LATE = {"signed_at": LONG_AGO, "confirmed": True}


def seal_everything():
    """Run the worker's step until nothing is left; return how many signatures were sealed."""
    return sum(iter(lambda: seal_due(timezone.now()), 0))


def values(signature, box="sealed_name", *, key):
    """Return the values in a box of a signature, which is read again."""
    return opened(getattr(Signature.objects.get(pk=signature.pk), box), key)


def stored(signature):
    return Signature.objects.get(pk=signature.pk)


def test_nothing_is_sealed_without_a_key():
    signature = SignatureFactory(**LATE)

    run_steps(timezone.now())
    assert stored(signature).name == signature.name


def test_nothing_is_sealed_before_a_test_restore(settings, private_key):
    RestoreTest.objects.all().delete()
    signature = SignatureFactory(**LATE)
    assert seal_everything() == 0
    test = RestoreTest.begin(private_key.public_key)
    assert seal_everything() == 0
    assert not test.finish("abcd efgh jkmn pqrs", OrganiserFactory(), timezone.now())
    assert seal_everything() == 0
    assert test.finish(opened(test.box, private_key)["phrase"], OrganiserFactory(), timezone.now())
    assert seal_everything() == 1
    assert stored(signature).name is None


def test_a_test_of_another_key_does_not_count(settings, private_key):
    SignatureFactory(**LATE)
    settings.SEALING_KEY = public_text(PrivateKey.generate())

    assert seal_everything() == 0


def test_a_private_name_and_address_are_sealed_after_48_hours(private_key):
    signature = SignatureFactory(confirmed=True, signed_at=timezone.now() - CLEAR_FOR + timedelta(minutes=1))
    assert seal_everything() == 0
    Signature.objects.update(signed_at=timezone.now() - CLEAR_FOR)

    assert seal_everything() == 1
    sealed = stored(signature)
    assert (sealed.name, sealed.email, sealed.name_hash) == (None, None, None)
    assert bytes(sealed.email_hash) == address_hash(signature.email)
    assert values(signature, key=private_key) == {"name": signature.name}
    assert values(signature, "sealed_email", key=private_key) == {"email": signature.email}


def test_the_address_stays_while_its_owner_wants_news(private_key):
    signature = SignatureFactory(updates=True, **LATE)
    seal_everything()
    assert stored(signature).email == signature.email
    assert list(Signature.objects.wanting_news()) == [signature]

    Signature.objects.update(updates=False)
    assert seal_everything() == 1
    assert values(signature, "sealed_email", key=private_key) == {"email": signature.email}
    assert values(signature, key=private_key) == {"name": signature.name}


def test_the_address_of_a_signature_that_is_not_confirmed_is_needed_to_confirm_it(private_key):
    signature = SignatureFactory(signed_at=LONG_AGO)

    assert seal_everything() == 1
    assert (stored(signature).name, stored(signature).email) == (None, signature.email)
    assert seal_everything() == 0
    Signature.objects.filter(pk=signature.pk).confirm(timezone.now())
    assert seal_everything() == 1
    assert values(signature, key=private_key) == {"name": signature.name}
    assert values(signature, "sealed_email", key=private_key) == {"email": signature.email}


@pytest.mark.parametrize("state", ["held", "rejected"])
def test_signatures_that_do_not_count_are_sealed_too(private_key, state):
    signature = SignatureFactory(signed_at=LONG_AGO, state=state)

    assert seal_everything() == 1
    assert stored(signature).name is None


def test_of_public_signers_only_what_the_list_does_not_show_is_sealed(private_key):
    shown = SignatureFactory(public=True, signed_at=LONG_AGO, town="Leeds")
    short = SignatureFactory(public=True, signed_at=LONG_AGO, shown_name="Ines Z.", town="Leeds", public_name="Ines Z.")
    group = {"kind": "organisation", "organisation": "Quill Society", "role": "Chair", "public_name": "Quill Society"}
    society = SignatureFactory(visibility="public", link="https://quill.example", **group, **LATE)
    seal_everything()

    assert (stored(shown).name, stored(shown).sealed_name) == (shown.name, None)
    assert values(short, key=private_key) == {"name": short.name}
    assert (stored(short).shown_name, stored(short).town, stored(short).name_hash) == ("Ines Z.", "Leeds", None)
    assert values(society, key=private_key) == {"name": society.name}
    assert (stored(society).organisation, stored(society).link) == ("Quill Society", "https://quill.example")
    for one in (shown, short, society):
        kept = stored(one)
        kept.refresh_public_name()
        assert kept.public_name == one.public_name
        assert values(one, "sealed_email", key=private_key) == {"email": one.email}


def test_a_private_organisation_is_sealed_whole(private_key):
    fields = {"organisation": "Quill Society", "role": "Chair", "link": "https://quill.example"}
    signature = SignatureFactory(kind="organisation", **fields, **LATE)
    seal_everything()

    assert values(signature, "sealed_organisation", key=private_key) == fields
    assert [getattr(stored(signature), name) for name in fields] == [None] * 3


def test_an_empty_text_is_not_sealed_again_and_again(private_key):
    public = SignatureFactory(public=True, signed_at=LONG_AGO, shown_name="", updates=True)

    assert seal_everything() == 1
    assert (stored(public).name, stored(public).shown_name) == (public.name, None)


def test_a_damaged_name_stops_no_other_and_is_reported(private_key, caplog, monkeypatch):
    monkeypatch.setattr("pledges.sealing.BATCH", 1)
    damaged, whole = SignatureFactory(**LATE), SignatureFactory(signed_at=LONG_AGO + timedelta(hours=1), confirmed=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_signature SET name = %s WHERE id = %s", [b"gone" + b"x" * 40, damaged.pk])

    assert seal_everything() == 1
    assert stored(whole).name is None
    assert "1 signatures can't be decrypted" in caplog.text


def everything_readable():
    """Yield the text of every encrypted value in the database, as somebody with the server's keys could read it."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield from filter(None, model._default_manager.values_list(field.name, flat=True))


def binary_values():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE data_type = 'bytea' AND table_schema = current_schema()"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608
            yield from (bytes(value) for (value,) in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_server_with_its_keys_reveals_no_private_name_after_48_hours(private_key, settings, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures.log")
    canaries = ["Zilberquit Okonjo", "Prendergast", "Quillfeather Society", "thistle@mailhost.example"]
    private = SignatureFactory(name=canaries[0], email=canaries[3], domain_hash=domain_hash(canaries[3]), **LATE)
    other = SignatureFactory(name=canaries[1], kind="organisation", organisation=canaries[2], **LATE)
    SignatureFactory(name=canaries[1], signed_at=LONG_AGO)
    readable = list(everything_readable())
    assert [word for word in canaries if not any(word in text for text in readable)] == []
    seal_everything()
    stored(other).change("private", name="Thistlewood", shown_name="", town="", updates=False)
    seal_everything()
    stored(private).withdraw()
    call_command("retention")

    words, readable = [*canaries, "Thistlewood"], list(everything_readable())
    assert [word for word in words if any(word in text for text in readable)] == []
    guessable = {value for word in words for value in name_hashes(word)}
    assert guessable.isdisjoint(binary_values())
    assert found_in(dump(), words) == []
    assert found_in((tmp_path / "erasures.log").read_text(), words) == []
    assert found_in(caplog.text, words) == []


def test_no_private_key_is_on_the_server(private_key):
    """Neither a setting nor a column has the key that opens boxes."""
    SignatureFactory(**LATE)
    seal_everything()
    secret = bytes(private_key)

    assert not any(secret in value for value in binary_values())
    configured = repr([getattr(site_settings, name) for name in dir(site_settings) if name.isupper()])
    assert public_text(private_key) in configured
    assert b64encode(secret).decode() not in configured


def test_signing_again_after_withdrawing_forgets_the_boxes(private_key):
    sign(PledgeFactory().slug, ADA, LONG_AGO)
    assert seal_everything() == 1
    signature = Signature.objects.get()
    assert signature.sealed_name
    sign(signature.pledge.slug, replace(ADA, name="Ada King"), timezone.now())

    again = Signature.objects.get()
    assert (again.name, again.sealed_name) == ("Ada King", None)
    assert bytes(again.name_hash) == name_hash("Ada King")
    sign(signature.pledge.slug, replace(ADA, name="", visibility="count"), timezone.now())
    assert Signature.objects.get().name is None


def test_count_me_only_and_withdrawing_erase_the_boxes(private_key):
    counted, withdrawn, closed = (SignatureFactory(**LATE) for _ in range(3))
    seal_everything()
    stored(counted).change("count", name="", shown_name="", town="", updates=False)
    stored(withdrawn).withdraw()
    Signature.objects.filter(pk=closed.pk).erase_personal_data()

    for one in (counted, withdrawn, closed):
        assert (stored(one).sealed_name, stored(one).sealed_email) == (None, None)


def test_the_database_refuses_a_box_for_count_me_only(private_key):
    signature = SignatureFactory(counted_only=True)

    with pytest.raises(IntegrityError, match="count_only_seals_nobody"):
        Signature.objects.filter(pk=signature.pk).update(sealed_name="sealed:AAAA")


def test_rows_that_are_due_are_found_with_an_index(private_key):
    SignatureFactory(**LATE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = Signature.objects.filter(TO_SEAL, signed_at__lte=timezone.now()).order_by("signed_at").explain()

    assert uses_index("signatures_to_seal", plan)
