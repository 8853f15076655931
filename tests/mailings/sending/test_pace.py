"""The rates, which all workers share."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Pace
from campaign.mailings.sending import pace
from campaign.mailings.sending.claiming import claim
from campaign.mailings.sending.pace import GRACE, Budget, Turn, forget_idle_domains
from tests.mailings.crowd import DOMAINS

START = datetime(2027, 3, 1, 12, tzinfo=UTC)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, 10)), max_size=40), st.sampled_from([0.5, 5, 10, 300]))
def test_no_period_has_more_messages_than_the_rate_allows(claims, rate):
    now, free_at, sent = START, None, []
    for wait, wanted in claims:
        now += timedelta(seconds=wait)
        budget = Budget(rate, now, free_at)
        number = min(wanted, budget.left)
        if number:
            free_at = budget.after(number)
        sent.append((now, number))

    for first, (begin, _number) in enumerate(sent):
        for last in range(first, len(sent)):
            seconds = (sent[last][0] - begin + GRACE).total_seconds()
            assert sum(number for _now, number in sent[first : last + 1]) <= seconds * rate + 1.001


@pytest.fixture
def clock(monkeypatch):
    """Let the test set the database's clock."""

    class Clock:
        now = timezone.now()

    monkeypatch.setattr(pace, "clock", lambda: Clock.now)
    return Clock


@pytest.mark.parametrize("rate", [1, 10])
def test_two_workers_together_keep_to_the_rate(mailing, crowd, settings, clock, rate):
    crowd.__init__(60)
    fill_due()
    settings.NEWS_PER_SECOND = rate
    claimed = 0
    for turn in range(40):  # ten seconds
        clock.now += timedelta(seconds=0.25)
        claimed += len(claim(mailing, 1 + turn % 2, timezone.now()))

    assert 10 * rate - 1 <= claimed <= min(10 * rate + GRACE.total_seconds() * rate + 1, 60) or claimed == 60


def test_a_domain_that_has_used_up_its_rate_is_skipped(mailing, crowd, settings, clock):
    crowd.__init__(40)
    fill_due()
    settings.NEWS_PER_DOMAIN_PER_SECOND = 1
    domains = [bytes(one.domain_hash) for _turn in range(8) for one in claim(mailing, 1, timezone.now())]

    assert len(domains) == len(set(domains)) == len(DOMAINS)
    assert Delivery.objects.filter(state=Delivery.State.QUEUED).count() == 40 - len(DOMAINS)


def test_idle_domains_are_forgotten(mailing, settings, clock):
    fill_due()
    settings.NEWS_PER_DOMAIN_PER_SECOND = 1
    claim(mailing, 1, timezone.now())
    assert Pace.objects.count() == 3

    clock.now += timedelta(minutes=2)
    forget_idle_domains()
    assert not Pace.objects.exists()


def test_a_frozen_worker_does_not_delay_the_others_for_long(db, settings):
    settings.NEWS_PER_SECOND = 1
    Turn.begin()

    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("30s",)


@pytest.mark.parametrize("setting", ["NEWS_PER_SECOND", "NEWS_PER_DOMAIN_PER_SECOND"])
def test_a_clock_that_was_wrong_for_a_while_delays_nothing(mailing, settings, clock, setting):
    fill_due()
    setattr(settings, setting, 1)
    Pace.objects.bulk_create(
        Pace(domain_hash=domain, free_at=clock.now + timedelta(hours=1))
        for domain in [pace.ALL, *(bytes(one.domain_hash) for one in Delivery.objects.all())]
    )

    assert claim(mailing, 1, timezone.now())
