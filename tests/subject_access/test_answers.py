"""Subject access requests: the file with a person's data, and the record that it was made."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.utils import timezone

from actions.fundraising.models import Notice, StatementLink
from campaign.audit.models import AuditEntry
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import RateLimit, SuppressedAddress
from campaign.privacy import holdings
from campaign.sealing.open_sealed import opened
from campaign.subject_access.models import SubjectAccess, subject_hash
from pledges.mailboxes import hashes_of
from pledges.models import LostMailbox, ManageLink, Signature
from pledges.sealing import seal_due
from tests.accounts.organisers import sign_in
from tests.actions.factories import DeclarationFactory, DonationFactory, PaymentFactory
from tests.factories import MessageFactory, PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.sealing.organisers import switch_on

ADD = "/admin/subject_access/subjectaccess/add/"
LIST = "/admin/subject_access/subjectaccess/"
RUTH = "ruth@example.org"
REASON = "Asked by mail on 20 November."


@pytest.fixture
def organiser(client, db):
    """Sign in an organiser with this further right and no other."""
    SiteSettingsFactory(contact_email="hello@example.org")
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="answer_subject_access"))
    return user


@pytest.fixture
def ask(client, organiser):
    """Return a function that posts the form and returns the response."""

    def post(email=RUTH, reason=REASON):
        return client.post(ADD, {"email": email, "reason": reason})

    return post


def text_of(response):
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="what-we-hold.html"'
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_sealed_names_are_in_the_file_as_boxes(ask, settings):
    key = switch_on(settings)
    long_ago = timezone.now() - timedelta(days=3)
    SignatureFactory(email=RUTH, confirmed=True, name="Ruth Feldman", signed_at=long_ago)
    assert seal_due(timezone.now()) == 1
    text = text_of(ask())

    name, address = (opened(box, key) for box in re.findall(r"sealed:[\w+/=]+", text))
    assert (name, address) == ({"name": "Ruth Feldman"}, {"email": RUTH})


def test_the_file_holds_everything_that_each_app_knows(ask, organiser):
    signature = SignatureFactory(email=RUTH, confirmed=True, name="Ruth Feldman", town="Leeds", outward_code="LS1")
    Signature.objects.filter(pk=signature.pk).change_state("rejected", organiser, "Looked wrong.")
    MessageFactory(object_id=signature.pk, kind="pledges.confirm")
    ManageLink.ask(signature.pledge.slug, RUTH, timezone.now())
    SuppressedAddress.objects.create(address_hash=bytes(signature.email_hash))
    RateLimit.take(RUTH, timezone.now())
    donation = DonationFactory(
        donor_email=RUTH, donor_name="Mrs R. Feldman", donor_hash=signature.email_hash, fund__charity_name="The Charity"
    )
    PaymentFactory(donation=donation, intent_id="pi_of_ruth")
    DeclarationFactory(donation=donation, last_name="Feldman", address="7 Tin Street")
    User.objects.create_user("ruth", email="RUTH@example.org", password="a secret of hers")

    text = text_of(ask())

    for wanted in ("Ruth Feldman", "Leeds", "LS1", "Stop it", "Looked wrong.", "Username ruth"):
        assert wanted in text
    for wanted in ("Mrs R. Feldman", "pi_of_ruth", "7 Tin Street", "The Charity", "hello@example.org"):
        assert wanted in text
    for kind in ("Signature", "Change of state", "Manage link", "Message", "Suppressed address", "Rate limit"):
        assert kind in text
    for kind in ("Donation", "Payment", "Gift Aid declaration", "User"):
        assert kind in text
    assert organiser.username not in text.split()
    assert "secret of hers" not in text
    assert "md5$" not in text


def test_the_file_holds_requested_statements_and_notices_about_payments(ask):
    payment = PaymentFactory(donation__donor_email=RUTH, donation__donor_hash=address_hash(RUTH))
    Notice.objects.give(Notice.Kind.REFUND, payment, "re_of_ruth", timezone.now())
    StatementLink.ask("RUTH@example.org", 2026, timezone.now())
    StatementLink.ask("somebody@example.org", 2025, timezone.now())

    text = text_of(ask())
    assert "re_of_ruth" in text
    assert "2026" in text.partition("Statement link")[2]
    assert text.count("Statement link") == 1
    assert text.count("Notice to the treasurer") == text.count("Statement of donations") == 1


def test_the_file_for_a_count_me_only_signer_says_what_remains(ask):
    hashed = SignatureFactory(email=RUTH).email_hash
    Signature.objects.all().delete()
    SignatureFactory(counted_only=True, email_hash=hashed)

    text = text_of(ask())

    assert "Visibility count me only" in text
    assert "Email hash a code that can’t be turned back into anything readable" in text


def test_nobody_elses_data_is_in_the_file(ask):
    SignatureFactory(email=RUTH, confirmed=True)
    other = SignatureFactory(email="other@example.org", name="Somebody Else", confirmed=True)
    ManageLink.ask(other.pledge.slug, "other@example.org", timezone.now())
    DonationFactory(donor_email="other@example.org", donor_name="A Donor", donor_hash=other.email_hash)

    text = text_of(ask())

    assert "Somebody Else" not in text
    assert "A Donor" not in text
    assert "other@example.org" not in text


@pytest.mark.parametrize("email", [RUTH, " Ｒuth@Example.ORG "])
def test_the_answer_looks_the_same_when_nothing_is_held(ask, email):
    text = text_of(ask(email))
    assert "We hold nothing under this address." in text

    SignatureFactory(email="ruth@example.org", confirmed=True)
    assert "We hold nothing" not in text_of(ask(email))


def test_the_record_says_who_when_and_why_and_stores_the_address_only_as_a_separate_hash(ask, client, organiser):
    signature = SignatureFactory(email=RUTH, confirmed=True)
    ask()

    access = SubjectAccess.objects.get()
    assert (access.organiser, access.reason) == (organiser, REASON)
    assert timezone.now() - access.at < timedelta(minutes=1)
    assert bytes(access.address_hash) == subject_hash(RUTH) != bytes(signature.email_hash)
    assert RUTH not in str(AuditEntry.objects.values())
    page = client.get(LIST).content.decode()
    assert REASON in page
    assert RUTH not in page
    assert "Subject access request" in text_of(ask())


def test_the_record_cannot_be_changed_or_deleted(ask, client):
    ask()
    path = f"{LIST}{SubjectAccess.objects.get().pk}/"

    assert client.get(f"{path}change/").status_code == 200
    assert client.post(f"{path}change/", {"reason": "Another."}).status_code == 403
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("email", "reason", "complaint"),
    [
        ("", REASON, "This field is required"),
        ("ruth", REASON, "Enter an e-mail address like"),
        (RUTH, "", "This field is required"),
        (RUTH, "  ", "This field is required"),
        (RUTH, "ruth@example.org asked", "Leave the address out"),
        (RUTH, "ruth＠example.org asked", "Leave the address out"),
        (RUTH, "x" * 201, "at most 200 characters"),
    ],
)
def test_an_invalid_form_gets_an_error_and_no_file(ask, email, reason, complaint):
    response = ask(email, reason)

    assert complaint in response.content.decode()
    assert "Content-Disposition" not in response.headers
    assert not SubjectAccess.objects.exists()


def test_without_the_right_nobody_sees_the_page_or_gets_a_file(client, db):
    user = sign_in(client, is_superuser=False)
    user.user_permissions.set(Permission.objects.exclude(codename="answer_subject_access"))

    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"email": RUTH, "reason": REASON}).status_code == 403
    assert client.get(LIST).status_code == 403
    assert not SubjectAccess.objects.exists()


def test_the_address_is_only_posted_and_never_logged(ask, client, caplog):
    caplog.set_level(logging.DEBUG)
    SignatureFactory(email=RUTH, confirmed=True)
    client.get(ADD, {"email": RUTH})
    assert not SubjectAccess.objects.exists()
    response = ask()

    assert "no-store" in response.headers["Cache-Control"]
    ours = [line.getMessage() for line in caplog.records if not line.name.startswith("django.db")]
    assert not any(RUTH in line for line in ours)


def test_a_value_that_cannot_be_decrypted_does_not_hide_the_others(ask, settings):
    SignatureFactory(email=RUTH, confirmed=True, name="Written Before")
    settings.HASH_KEY = settings.FIELD_KEYS[-1]
    settings.FIELD_KEYS = ["QW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlcjE="]
    SignatureFactory(email=RUTH, confirmed=True, name="Written Now", pledge=PledgeFactory())

    text = text_of(ask())

    assert "The key that encrypted this is no longer available." in text
    assert "Written Now" in text


def test_a_file_has_a_limit_and_says_so(ask, monkeypatch):
    monkeypatch.setattr(holdings, "MAX_ROWS", 1)
    for _number in range(2):
        SignatureFactory(email=RUTH, pledge=PledgeFactory())

    assert "There are more than 1,000 records of this kind." in text_of(ask())


def test_what_people_typed_cannot_become_markup(ask):
    SignatureFactory(email=RUTH, name="<script>alert(1)</script>")

    assert "<script" not in ask().content.decode()


def test_a_requested_erasure_is_in_the_file(ask):
    SignatureFactory(email=RUTH, confirmed=True).withdraw()

    assert "What was requested withdraw" in text_of(ask())


def test_records_of_answers_are_deleted_after_three_years(ask, time_machine):
    ask()
    call_command("retention")
    assert SubjectAccess.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(days=1099))
    call_command("retention")

    assert not SubjectAccess.objects.exists()


def test_a_second_signature_is_in_the_file_and_marked_as_such(ask, organiser):
    first, second = hashes_of(RUTH)
    ruth = SignatureFactory(email=RUTH, email_hash=first, confirmed=True, name="Ruth Feldman")
    adam = SignatureFactory(pledge=ruth.pledge, email=RUTH, email_hash=second, confirmed=True, name="Adam Feldman")
    Signature.objects.filter(pk=adam.pk).change_state("rejected", organiser, "Looked wrong.")
    SignatureFactory(pledge=PledgeFactory(), email=RUTH, email_hash=second, confirmed=True).withdraw()

    text = text_of(ask())
    shared = text.index("Signature – of somebody else who shares this mailbox")
    assert text.index("Ruth Feldman") < shared < text.index("Adam Feldman")
    assert "Change of state – of somebody else who shares this mailbox" in text
    assert "Requested erasure – of somebody else who shares this mailbox" in text


def test_a_lost_mailbox_request_is_in_the_file(ask):
    typed = {"name": "Ruth Feldman", "contact": "ruth.new@example.net", "proof": "Hannah knows me."}
    LostMailbox.objects.create(pledge=PledgeFactory(), email=RUTH, **typed)
    LostMailbox.objects.create(pledge=PledgeFactory(), email="eve@example.org", contact="e@example.net", proof="No.")

    new = text_of(ask("ruth.new@example.net"))
    assert all(value in new for value in typed.values())
    assert "eve@example.org" not in new
    assert new.count("Lost mailbox") == 1


def test_the_current_reader_of_a_lost_mailbox_does_not_learn_the_new_address(ask):
    LostMailbox.objects.create(pledge=PledgeFactory(), email=RUTH, contact="ruth.new@example.net", proof="Hannah.")

    old = text_of(ask(RUTH))
    assert "Lost mailbox" in old
    assert "ruth.new@example.net" not in old
    assert "Hannah" not in old
