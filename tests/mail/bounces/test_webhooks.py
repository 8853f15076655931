"""A mail provider's webhook: which events are believed, what they change, and what is kept."""

import base64
import itertools
import json
import logging

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from campaign.bounces.checks import check_bounces, check_provider
from campaign.mail.models import Reason, SuppressedAddress
from campaign.mailings.models import Delivery
from tests.factories import SignatureFactory, SiteSettingsFactory
from tests.mail.bounces.samples import EVE, RUTH

SECRET = "hub:a-long-secret"  # noqa: S105
CANARY = "c4n4ry"
HARD = {"RecordType": "Bounce", "Type": "HardBounce", "Email": RUTH, "Details": f"smtp;550 5.1.1 {CANARY}"}
SOFT = HARD | {"Type": "SoftBounce", "Details": f"smtp;{CANARY}"}
FULL = HARD | {"Details": f"smtp;552 5.2.2 {CANARY}"}
SPAM = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": RUTH, "Description": CANARY}
LEFT = {
    "RecordType": "SubscriptionChange",
    "SuppressSending": True,
    "Recipient": RUTH,
    "SuppressionReason": "ManualSuppression",
}

pytestmark = pytest.mark.django_db


def auth(secret=SECRET):
    return f"Basic {base64.b64encode(secret.encode()).decode()}"


@pytest.fixture(autouse=True)
def provider(settings):
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}
    SiteSettingsFactory()


@pytest.fixture
def report(client):
    """Return a function that posts events to the webhook with our secret, and returns the status."""

    def report(event, *, provider="postmark", **headers):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = {"authorization": auth()} | headers
        url = f"/webhooks/mail/{provider}/"
        return client.post(url, body, content_type="application/json", headers=headers).status_code

    return report


def reasons(address=RUTH):
    return set(SuppressedAddress.objects.of_address(address).values_list("reason", flat=True))


def test_a_hard_bounce_suppresses_the_address_and_marks_the_delivery(report, mailing):
    assert report(HARD) == 200

    assert reasons() == {Reason.BOUNCED}
    assert mailing.deliveries.get().bounce == Delivery.Bounce.HARD


@pytest.mark.parametrize("event", [SOFT, FULL])
def test_a_soft_bounce_is_only_counted(report, mailing, event):
    assert report(event) == 200

    assert reasons() == set()
    assert mailing.deliveries.get().bounce == Delivery.Bounce.SOFT


def test_a_spam_report_stops_news_but_not_the_messages_that_people_ask_for(report, mailing):
    signature = SignatureFactory(email=RUTH, confirmed=True, updates=True)
    assert report(SPAM) == 200

    signature.refresh_from_db()
    assert not signature.updates
    assert mailing.deliveries.get().is_spam
    assert SuppressedAddress.objects.among([RUTH, EVE]) == {RUTH}
    assert not SuppressedAddress.objects.is_suppressed(RUTH)


def test_unsubscribing_through_the_provider_stops_news_without_suppressing_the_address(report):
    signature = SignatureFactory(email=RUTH, confirmed=True, updates=True)
    assert report(LEFT) == 200

    signature.refresh_from_db()
    assert not signature.updates
    assert reasons() == set()


@pytest.mark.parametrize("event", [{"RecordType": "Delivery", "Recipient": RUTH}, {"RecordType": "Open"}, {}])
def test_other_events_change_nothing(report, mailing, event):
    assert report(event) == 200

    assert reasons() == set()
    assert mailing.deliveries.get().bounce == ""


def test_repeated_and_reordered_events_change_nothing(report, mailing):
    ends = set()
    for order in itertools.permutations([HARD, SOFT, SPAM]):
        SuppressedAddress.objects.all().delete()
        mailing.deliveries.update(bounce="", is_spam=False)
        assert [report(event) for event in (*order, HARD)] == [200] * 4
        row = mailing.deliveries.get()
        ends.add((row.bounce, row.is_spam, frozenset(reasons())))

    assert ends == {(Delivery.Bounce.HARD, True, frozenset({Reason.BOUNCED, Reason.SPAM}))}


def test_an_address_that_we_do_not_know_leaves_no_trace(report):
    assert report(HARD | {"Email": EVE}) == 200

    assert not SuppressedAddress.objects.exists()


def test_one_bad_event_does_not_stop_the_others_in_a_request(report, settings, mailing):
    settings.EMAIL_PROVIDER = "sparkpost"
    good = {
        "msys": {
            "message_event": {"type": "bounce", "bounce_class": "10", "raw_rcpt_to": RUTH, "timestamp": "1700000000"}
        }
    }
    bad = [
        {"msys": {"message_event": {"type": "bounce"}}},
        {"msys": {"message_event": {"type": "bounce", "raw_rcpt_to": "nobody"}}},
    ]
    assert report([*bad, good, *bad], provider="sparkpost") == 200

    assert reasons() == {Reason.BOUNCED}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 403),  # an empty header, not a missing one
        ({"authorization": auth("hub:wrong")}, 403),
        ({"authorization": "Basic ?"}, 403),
        ({"authorization": "Bearer x"}, 403),
    ],
)
def test_an_event_without_our_secret_is_refused(report, mailing, headers, status):
    assert report(HARD, **headers) == status

    assert reasons() == set()


def test_a_request_without_a_secret_is_asked_for_one(client):
    response = client.post("/webhooks/mail/postmark/", json.dumps(HARD), content_type="application/json")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Basic realm="mail events"')


def test_an_event_with_a_wrong_signature_is_refused(report, settings, mailing):
    settings.EMAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    signature = {"token": "a", "timestamp": "1", "signature": "0" * 64}
    event = {"event-data": {"event": "failed", "severity": "permanent", "recipient": RUTH}}

    assert report(event | {"signature": signature}, provider="mailgun") == 403
    assert report(event, provider="mailgun") == 403
    assert report(b"[" * 100_000, provider="mailgun") == 403
    assert reasons() == set()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"RecordType": []}', b"null"])
def test_nonsense_is_refused_without_a_server_error(report, body):
    assert report(body) in (200, 400)


@pytest.mark.parametrize("provider", ["mailgun", "stripe", "base", "amazon_ses"])
def test_only_our_own_provider_has_a_webhook(report, client, provider):
    assert report(HARD, provider=provider) == 404


def test_without_a_provider_there_is_no_webhook(report, settings):
    settings.EMAIL_PROVIDER = ""

    assert report(HARD) == 404


def test_the_webhook_answers_head_but_not_get(client):
    assert client.head("/webhooks/mail/postmark/").status_code == 200
    assert client.get("/webhooks/mail/postmark/").status_code == 405
    assert client.post("/webhooks/mail/postmark").status_code == 401


def test_nothing_in_a_request_is_kept_or_logged(report, mailing, caplog):
    caplog.set_level(logging.DEBUG)
    for event in (HARD, SOFT, SPAM, HARD | {"Email": f"{CANARY}@example.org"}, {"Email": [CANARY]}):
        report(event)
    report(HARD, authorization=auth(f"hub:{CANARY}"))

    everything = [str(row) for model in apps.get_models(include_auto_created=True) for row in _rows(model)]
    assert not [row for row in everything if CANARY in row or RUTH in row]
    assert CANARY not in caplog.text
    assert RUTH not in caplog.text


def _rows(model):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(model._meta.db_table)} t")  # noqa: S608
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("provider", "anymail", "errors"),
    [
        ("", {}, []),
        ("postmark", {}, ["bounces.E002"]),
        ("postmark", {"WEBHOOK_SECRET": ["without-a-colon"]}, ["bounces.E002"]),
        ("postmark", {"WEBHOOK_SECRET": [SECRET]}, []),
        ("mailgun", {"WEBHOOK_SECRET": [SECRET]}, ["bounces.E003"]),
        ("mailgun", {"WEBHOOK_SECRET": [], "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}, []),
        ("carrier_pigeon", {"WEBHOOK_SECRET": [SECRET]}, ["bounces.E001"]),
    ],
)
def test_the_site_does_not_start_with_an_open_webhook(settings, provider, anymail, errors):
    settings.EMAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": []} | anymail

    assert [error.id for error in check_provider()] == errors


@pytest.mark.parametrize(
    ("address", "url", "errors"),
    [
        ("bounces@campaign.example", "imaps://me:p%40ss@mail.example/INBOX", []),
        ("", "maildir:///var/mail/bounces", []),
        ("", "mbox:///var/mail/bounces", []),
        ("not an address", "", ["bounces.E004"]),
        ("", "imap://me:hunter2@mail.example/INBOX", ["bounces.E006"]),
        ("", "imaps://mail.example/INBOX", ["bounces.E006"]),
        ("", "imaps://me:hunter2@mail.example:none/", ["bounces.E006"]),
        ("", "imaps://me:hunter2@mail.example/%22", ["bounces.E006"]),
        ("", "mbox://var/mail/bounces", ["bounces.E006"]),
    ],
)
def test_an_unusable_mailbox_of_bounces_is_refused_without_repeating_its_url(settings, address, url, errors):
    settings.EMAIL_PROVIDER, settings.BOUNCE_ADDRESS, settings.BOUNCES_URL = "", address, url
    found = check_bounces()

    assert [error.id for error in found] == errors
    assert not any("hunter2" in str(error) for error in found)


def test_the_checks_run_before_the_site_starts(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": []}
    with pytest.raises(SystemCheckError, match="Anybody could report bounces"):
        call_command("check", tags=["start"])
