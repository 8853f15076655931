"""`/metrics`: what a scraper reads, and that it shows nobody's moment."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from actions.fundraising.models import StripeEvent
from campaign.mail.models import Message
from campaign.monitoring.metrics import MEASURES, STEP, last_step
from campaign.network.client_address import is_from_this_machine
from pledges.management.commands.publish_counts import Steps
from pledges.models import Signature
from tests.factories import MessageFactory, PledgeFactory, SignatureFactory
from tests.mailings.drafts import make_draft
from tests.monitoring.crashing import CANARIES

END = datetime(2026, 11, 26, 12, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def scrape(client):
    """Return the samples that Prometheus reads: the name, and the values of the labels, to the figure."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(response.content.decode())
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def scrape_at(client, moment, *names):
    """Return the figures of metrics at a moment."""
    with time_machine.travel(moment, tick=False):
        found = scrape(client)
    return [found[name] if isinstance(name, tuple) else found[name,] for name in names]


def sign(number, signed_at, **answers):
    signatures = [SignatureFactory(signed_at=signed_at, **answers) for _number in range(number)]
    return Signature.objects.filter(pk__in=[signature.pk for signature in signatures])


def test_a_scraper_reads_every_metric(client):
    PledgeFactory(slug="stop")
    call_command("publish_counts", "--once")
    Steps()()
    found = scrape(client)

    assert {name for name, *_labels in found} | {"hub_published_signatures"} == {one.name for one in MEASURES}
    assert found["hub_ready", "database"] == 1
    assert found["hub_database_answer_seconds",] > 0
    assert found["hub_database_connections",] >= 1
    assert found["hub_disk_free_bytes", "journal"] > 0
    assert abs(found["hub_clock_offset_seconds",]) < 5


def test_reading_takes_few_queries(client):
    client.get("/metrics")
    with CaptureQueriesContext(connection) as queries:
        client.get("/metrics")

    assert len(queries) <= 24


@pytest.mark.parametrize(
    ("own", "forwarded", "is_local"),
    [
        ("127.0.0.1", None, True),
        ("::1", None, True),
        ("", "127.0.0.1", True),
        ("", None, True),
        ("198.51.100.7", None, False),
        ("127.0.0.1", "198.51.100.7", False),
        ("127.0.0.1", "127.0.0.1, 198.51.100.7", False),
        ("127.0.0.1", "198.51.100.7, 127.0.0.1", False),
        ("127.0.0.1", "nonsense", False),
        ("127.0.0.1", "10.0.0.1", False),
    ],
)
def test_only_this_machine_gets_metrics(client, rf, own, forwarded, is_local):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert is_from_this_machine(rf.get("/metrics", headers=headers, REMOTE_ADDR=own)) is is_local
    response = client.get("/metrics", headers=headers, REMOTE_ADDR=own)
    assert response.status_code == (200 if is_local else 404)
    assert not is_local or "no-store" in response.headers["Cache-Control"]


def test_signings_are_those_of_the_last_quarter_of_an_hour_in_tens(client):
    pledge = PledgeFactory()
    sign(3, END - STEP - SECOND, pledge=pledge)
    sign(9, END - STEP, pledge=pledge)
    sign(8, END - SECOND, pledge=pledge)
    sign(6, END, pledge=pledge)

    assert scrape_at(client, END + 5 * SECOND, "hub_signings") == [10]


def test_one_more_person_moves_nothing_until_the_next_step(client):
    pledge = PledgeFactory()
    sign(10, END - SECOND, pledge=pledge)
    before = scrape_at(client, END + SECOND, "hub_signings", "hub_outbox_waiting", ("hub_outbox_finished", "sent"))

    # Somebody confirms as "count me only", which moves the time of signing; others sign; messages are queued and sent.
    Signature.objects.filter(pk=Signature.objects.first().pk).update(signed_at=END - 2 * STEP)
    sign(10, END + 30 * SECOND, pledge=pledge)
    for _number in range(20):
        MessageFactory(due_at=END - SECOND, done_at=END - SECOND, outcome=Message.Outcome.SENT)
    during = [
        scrape_at(client, END + STEP * part, "hub_signings", "hub_outbox_waiting", ("hub_outbox_finished", "sent"))
        for part in (0.3, 0.6, 0.99)
    ]

    assert before == [10, 0, 0]
    assert during == [before] * 3
    assert scrape_at(client, END + STEP, "hub_signings") == [10]


def test_confirming_moves_no_metric_until_the_count_is_published(client):
    signature = SignatureFactory(signed_at=END - 3 * STEP)
    with time_machine.travel(END + SECOND, tick=False):
        call_command("publish_counts", "--once")
    before = still(scrape_when(client, END + 2 * SECOND))
    with time_machine.travel(END + 3 * SECOND, tick=False):
        signature.become_confirmed(timezone.now())

    assert still(scrape_when(client, END + 4 * SECOND)) == before
    with time_machine.travel(END + 5 * SECOND, tick=False):
        call_command("publish_counts", "--once")
    assert scrape_when(client, END + 6 * SECOND)["hub_published_signatures", signature.pledge.slug] == 1


def scrape_when(client, moment):
    with time_machine.travel(moment, tick=False):
        return scrape(client)


def still(found):
    """Return the figures that signing could move; the others are about the machine."""
    machine = ("hub_database", "hub_disk", "hub_clock", "hub_ready", "hub_published_count_age", "hub_errors")
    return {key: value for key, value in found.items() if not key[0].startswith(machine)}


def test_the_oldest_message_is_shown_in_whole_quarters_of_an_hour(client):
    MessageFactory(due_at=END - timedelta(minutes=29))

    assert scrape_at(client, END + SECOND, "hub_outbox_oldest_seconds") == [900]
    assert scrape_at(client, END + STEP, "hub_outbox_oldest_seconds") == [1800]


def test_outcomes_are_counted_in_tens(client):
    for outcome, number in ((Message.Outcome.SENT, 21), (Message.Outcome.GAVE_UP, 9)):
        for _number in range(number):
            MessageFactory(due_at=END - STEP, outcome=outcome, done_at=END - SECOND)
    names = [("hub_outbox_finished", outcome) for outcome in ("sent", "dropped", "gave-up")]

    assert scrape_at(client, END + SECOND, *names) == [20, 0, 0]


def test_the_age_of_the_published_count_is_that_of_the_workers_last_turn(client):
    assert ("hub_published_count_age_seconds",) not in scrape(client)

    with time_machine.travel(END, tick=False):
        Steps()()
    assert scrape_at(client, END + 95 * SECOND, "hub_published_count_age_seconds") == [95]


def test_the_lag_of_stripe_events_is_shown_in_whole_minutes(client):
    for number, lag in enumerate((3, 130, None)):
        StripeEvent.objects.create(id=f"evt_{number}", type="x", received_at=END - SECOND, lag=lag)

    assert scrape_at(client, END + SECOND, "hub_stripe_webhook_lag_seconds") == [120]


def test_mailings_are_counted_by_state(client):
    make_draft()
    found = scrape(client)

    assert found["hub_mailings", "draft"] == 1
    assert found["hub_mailings", "halted"] == 0


def test_no_metric_contains_personal_data(client):
    SignatureFactory(name=CANARIES["name"], email=CANARIES["email"])
    text = client.get("/metrics").content.decode().lower()

    assert [canary for canary in CANARIES.values() if canary.lower() in text] == []


def test_steps_begin_at_quarters_of_an_hour():
    assert last_step(END) == last_step(END + STEP - SECOND) == END
    assert last_step(END - SECOND) == END - STEP


def test_the_steps_are_kept_in_the_shared_cache(client):
    with time_machine.travel(END + SECOND, tick=False):
        scrape(client)
        assert cache.get(f"metrics.{END.timestamp():.0f}")["hub_signings"] == [((), 0)]
