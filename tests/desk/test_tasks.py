"""Tasks waiting for organisers: on their front page, and once a day by e-mail."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from campaign.desk import tasks
from campaign.desk.emails import DAILY, queue_daily
from campaign.desk.tasks import Task
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.accounts.organisers import sign_in
from tests.factories import SiteSettingsFactory

MORNING = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)
LETTERS = Task("Two letters wait.", "/admin/letters/letter/", "letters.change_letter")
SIGNATURES = Task("Three signatures wait.", "/admin/pledges/signature/", "pledges.change_signature", urgent=True)


@pytest.fixture
def waiting(monkeypatch):
    """Return the list of the site's tasks, to which a test adds its own."""
    site_tasks = []
    monkeypatch.setattr(tasks, "FINDERS", [lambda: site_tasks])
    return site_tasks


def test_the_front_page_lists_urgent_tasks_first(client, db, waiting):
    waiting += [LETTERS, SIGNATURES]
    sign_in(client)
    page = client.get("/admin/").content.decode()

    assert page.index("Urgent:") < page.index("Three signatures wait.") < page.index("Two letters wait.")
    assert 'href="/admin/letters/letter/"' in page


def test_organisers_see_only_the_tasks_they_may_deal_with(client, db, waiting):
    waiting += [LETTERS]
    sign_in(client, is_superuser=False)

    assert "Two letters wait." not in client.get("/admin/").content.decode()


def test_the_front_page_says_when_nothing_is_waiting(client, db, waiting):
    sign_in(client)

    assert "Nothing is waiting for you." in client.get("/admin/").content.decode()


def test_one_message_a_day_lists_the_waiting_tasks(db, waiting, time_machine):
    time_machine.move_to(MORNING, tick=False)
    SiteSettingsFactory(contact_email="team@example.org")
    waiting += [LETTERS, SIGNATURES]

    assert queue_daily(MORNING)
    assert queue_daily(MORNING)
    send_waiting()

    [email] = mail.outbox
    assert email.to == ["team@example.org"]
    assert "- Three signatures wait.\n- Two letters wait." in email.body


def test_no_message_is_queued_before_seven_in_the_morning(db):
    assert not queue_daily(MORNING.replace(hour=6))
    assert not Message.objects.exists()


def test_no_message_is_sent_when_nothing_is_waiting(db, waiting, time_machine):
    time_machine.move_to(MORNING, tick=False)
    SiteSettingsFactory(contact_email="team@example.org")
    queue_daily(MORNING)
    send_waiting()

    assert mail.outbox == []
    assert Message.objects.get(kind=DAILY).outcome == "dropped"
