"""Signatures held for review: on the organisers' front page, in the daily message, and in their own list."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from campaign.desk.emails import queue_daily
from campaign.mail.outbox import send_waiting
from pledges import tasks
from pledges.models import Signature
from pledges.tasks import signatures_held
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory

MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)
QUEUE = "/admin/pledges/signature/?state__exact=held"
TEXT = "2 signatures are held for review. The oldest was confirmed on 3 November 2026."


@pytest.fixture
def two_held(db):
    """Create two signatures held for review, one of them for a long time, and one that counts."""
    pledge = PledgeFactory()
    for suspicion, confirmed_at in (("domain", datetime(2026, 11, 3, tzinfo=UTC)), ("network", MORNING)):
        SignatureFactory(pledge=pledge, state="held", suspicion=suspicion, confirmed_at=confirmed_at)
    SignatureFactory(pledge=pledge, confirmed=True)


def test_the_front_page_shows_how_many_are_held_and_links_to_them_and_their_reasons(client, two_held):
    sign_in(client)
    assert f'<a href="{QUEUE}">{TEXT}</a>' in client.get("/admin/").content.decode()

    queue = client.get(QUEUE).content.decode()
    assert "many from one mail domain" in queue
    assert "same network as others held for review" in queue
    assert "2 signatures" in queue


def test_the_daily_message_says_how_many_are_held(two_held, time_machine):
    time_machine.move_to(MORNING, tick=False)
    SiteSettingsFactory(contact_email="team@example.org")
    queue_daily(MORNING)
    send_waiting()

    assert f"- {TEXT}" in mail.outbox[0].body


def test_there_is_no_task_when_none_is_held(db):
    SignatureFactory(confirmed=True)

    assert list(signatures_held()) == []


def test_counting_stops_one_above_the_limit(two_held, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(tasks, "MAX_COUNTED", 1)
    with django_assert_num_queries(1):
        [task] = signatures_held()

    assert task.text.startswith("More than 1,000 signatures are held for review.")


def test_several_held_signatures_can_be_accepted_at_once(client, two_held):
    sign_in(client)
    chosen = [str(pk) for pk in Signature.objects.filter(state="held").values_list("pk", flat=True)]
    client.post(QUEUE, {"action": "count", "reason": "Known to us.", "_selected_action": chosen})

    assert set(Signature.objects.values_list("state", "suspicion")) == {("confirmed", "")}
    assert list(signatures_held()) == []
