"""Suppressed addresses: the reasons, how long each one lasts, and how it is lifted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import Message, Reason, SuppressedAddress
from campaign.mail.outbox import send_waiting
from pledges.models import Signature
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS, post_and_agree

RUTH, EVE = "ruth@example.org", "eve@example.org"
URL = "/admin/mail/suppressedaddress/"
Outcome = Message.Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_reasons(db):
    """Suppress Ruth's address for every reason."""
    SuppressedAddress.objects.create(address_hash=mailbox_hash(RUTH))
    SuppressedAddress.objects.bounced(RUTH)
    SuppressedAddress.objects.reported_as_spam(RUTH)


@pytest.mark.parametrize(
    ("suppress", "outcome"),
    [
        (lambda rows: rows.create(address_hash=mailbox_hash(RUTH)), Outcome.DROPPED),
        (lambda rows: rows.bounced(RUTH), Outcome.DROPPED),
        (lambda rows: rows.reported_as_spam(RUTH), Outcome.SENT),
        (lambda rows: rows.bounced(EVE), Outcome.SENT),
    ],
)
def test_a_bounce_stops_every_message_but_a_spam_report_stops_only_news(smtp, greet, suppress, outcome):
    suppress(SuppressedAddress.objects)
    message = greet(RUTH)
    send_waiting()

    message.refresh_from_db()
    assert message.outcome == outcome


def test_news_skips_suppressed_addresses(all_reasons):
    SuppressedAddress.objects.bounced(EVE)

    assert SuppressedAddress.objects.among([RUTH, EVE, "ann@example.org"]) == {RUTH, EVE}


def test_a_bounce_suppresses_one_address_but_a_spam_report_the_whole_mailbox():
    SuppressedAddress.objects.bounced("ruth+old@example.org")
    SuppressedAddress.objects.reported_as_spam("eve+old@example.org")

    assert SuppressedAddress.objects.among([RUTH, EVE, "ruth+old@example.org"]) == {EVE, "ruth+old@example.org"}
    SuppressedAddress.objects.bounced(RUTH)
    assert SuppressedAddress.objects.is_suppressed("ruth+new@example.org")


def test_a_bounce_cannot_be_matched_with_a_signature(all_reasons):
    signature = SignatureFactory(email=RUTH)
    hashes = [bytes(row.address_hash) for row in SuppressedAddress.objects.temporary()]

    assert len(set(hashes)) == 2
    assert bytes(signature.email_hash) not in hashes


def test_signing_with_a_bounced_address_shows_the_usual_page_and_sends_nothing(client, smtp):
    SiteSettingsFactory()
    path = PledgeFactory().get_absolute_url()
    usual = post_and_agree(client, path, ANSWERS | {"email": EVE})
    SuppressedAddress.objects.bounced(RUTH)
    bounced = post_and_agree(client, path, ANSWERS | {"email": RUTH})
    send_waiting()

    assert (usual.status_code, usual.url) == (bounced.status_code, bounced.url)
    assert Signature.objects.count() == 2
    assert smtp.recipients == [EVE]


def test_bounces_and_spam_reports_lapse_but_requests_do_not(all_reasons, settings):
    today = timezone.localdate()
    for days, left in ((settings.KEEP_BOUNCES_DAYS, 3), (settings.KEEP_BOUNCES_DAYS + 1, 1)):
        SuppressedAddress.objects.update(since=today - timedelta(days=days))
        call_command("retention", verbosity=0)
        assert SuppressedAddress.objects.count() == left

    assert SuppressedAddress.objects.get().reason == Reason.ASKED


def test_lifting_a_bounce_needs_a_permission_and_is_logged(client, all_reasons):
    organiser = sign_in(client, is_superuser=False)
    organiser.user_permissions.set(
        Permission.objects.filter(
            codename__in=["view_suppressedaddress", "delete_suppressedaddress", "find_suppressed_address"]
        )
    )
    rows = client.get(URL, {"q": RUTH}).context["cl"].result_list
    assert {row.reason for row in rows} == set(Reason)
    [bounce] = client.get(URL, {"q": RUTH, "reason__exact": "bounced"}).context["cl"].result_list
    client.post(f"{URL}{bounce.pk}/delete/", {"post": "yes"})

    assert {row.reason for row in SuppressedAddress.objects.all()} == {Reason.ASKED, Reason.SPAM}
    assert SuppressedAddress.objects.is_suppressed(RUTH)
    assert AuditEntry.objects.get(act=Act.DELETE, actor=organiser.pk)


def test_rows_from_an_older_release_count_as_requests(all_reasons):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO mail_suppressedaddress (address_hash, since) VALUES ('x', now())")

    assert SuppressedAddress.objects.get(address_hash=b"x").reason == Reason.ASKED
