"""The journal of erasures: what is recorded, when, and what happens if it cannot be written."""

import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from campaign.email_addresses.canonical import mailbox_hash
from campaign.privacy import erasures
from campaign.privacy.crypto import token_hash
from campaign.privacy.models import ErasureEntry
from pledges.management.commands.publish_counts import Steps
from pledges.models import ManageLink, Signature
from pledges.models.manage_link import manage_token, suppression_token
from tests.factories import SignatureFactory


def recorded(journal_path):
    """Return the kind of erasure in each line of the journal."""
    erasures.write_waiting()
    return [one.what for one in erasures.read(journal_path)[0]]


def test_suppressing_an_address_without_a_tag_is_recorded_once(journal_path, db):
    signature = SignatureFactory(email="v@example.org")
    Signature.objects.get().suppress(mailbox_hash(signature.email))

    assert recorded(journal_path) == ["never"]


@pytest.mark.django_db(transaction=True)
def test_an_erasure_enters_the_journal_once_committed_and_not_before(journal_path):
    signature = SignatureFactory(confirmed=True)
    with transaction.atomic():
        signature.withdraw()
        assert not journal_path.exists()

    assert [one.what for one in erasures.read(journal_path)[0]] == ["withdraw"]
    assert not ErasureEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_erasure_that_is_rolled_back_is_not_recorded(journal_path):
    signature = SignatureFactory(confirmed=True)
    with transaction.atomic():
        signature.withdraw()
        transaction.set_rollback(True)

    assert not journal_path.exists()
    assert not ErasureEntry.objects.exists()
    assert Signature.objects.get().name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["withdraw", "private", "never"])
def test_if_the_journal_cannot_be_written_the_name_is_erased_and_the_entry_waits(journal_path, client, kind):
    journal_path.parent.write_text("no folder")
    signature = SignatureFactory(public=kind != "never")
    link, now = uuid.uuid4(), timezone.now()
    hashed = token_hash(manage_token(link))
    ManageLink.objects.create(id=link, pledge=signature.pledge, signature=signature, token_hash=hashed, created_at=now)
    manage = f"/pledges/manage/{manage_token(link)}/"
    unsubscribe = f"/pledges/unsubscribe/{suppression_token(signature.pk, signature.email)}/"
    address, form = {
        "withdraw": (manage, {"withdraw": "1"}),
        "private": (manage, {"name": signature.name, "visibility": "private", "shown_name": ""}),
        "never": (unsubscribe, {}),
    }[kind]

    assert client.post(address, form).status_code in (200, 302)
    assert not Signature.objects.exclude(public_name="").exists()
    assert f" {kind} " in ErasureEntry.objects.get().line
    journal_path.parent.unlink()
    Steps()()
    assert [one.what for one in erasures.read(journal_path)[0]] == [kind]
    assert not ErasureEntry.objects.exists()


def test_the_journal_contains_no_address_and_no_name(journal_path, db):
    signature = SignatureFactory(confirmed=True)
    name, email = signature.name, signature.email
    signature.withdraw()

    assert recorded(journal_path) == ["withdraw"]
    text = journal_path.read_text()
    assert name not in text
    assert email not in text
    assert bytes(signature.email_hash).hex() in text


def test_a_change_that_hides_nothing_is_not_recorded(journal_path, db):
    signature = SignatureFactory(confirmed=True)
    answers = {"name": "New Name", "shown_name": "", "town": "", "updates": False}
    signature.change("private", **answers)
    assert not ErasureEntry.objects.exists()

    signature.change("public", **answers)
    signature.change("private", **answers)
    assert recorded(journal_path) == ["private"]
