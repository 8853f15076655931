"""Tasks waiting for organisers: on their front page, and once a day by e-mail."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core import mail

from campaign.desk import tasks
from campaign.desk.emails import DAILY, queue_daily
from campaign.desk.tasks import Task
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.accounts.organisers import sign_in
from tests.actions.factories import RecipientFactory
from tests.factories import OrganiserFactory, SiteSettingsFactory, make_sector

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


SET_UP = {
    "/admin/pages/sitesettings/#id_publisher_name",
    "/admin/pages/sitesettings/#id_publisher_address",
    "/admin/pages/sitesettings/#id_contact_email",
    "/admin/auth/user/add/",
    "/admin/public_data/dataupdate/",
    "/admin/mail/message/",
}


def test_the_front_page_lists_what_is_missing_before_the_site_opens(client, db):
    sign_in(client)
    page = client.get("/admin/").content.decode()

    start, end = page.index("Before you open the site"), page.index("Waiting for you")
    assert set(re.findall(r'<a href="([^"]+)"', page[start:end])) == SET_UP
    for url in SET_UP:
        assert client.get(url.partition("#")[0], follow=True).status_code == 200
    form = client.get("/admin/pages/sitesettings/", follow=True).content.decode()
    for name in ("publisher_name", "publisher_address", "contact_email"):
        assert f'id="id_{name}"' in form


def test_the_list_disappears_when_nothing_is_missing(client, db, settings):
    settings.EMAIL_IS_SET_UP = True
    SiteSettingsFactory(publisher_name="A. Body", publisher_address="1 Road", contact_email="us@example.org")
    OrganiserFactory()
    RecipientFactory()
    make_sector("NW3 7", UX="E14001265")
    sign_in(client)

    assert "Before you open the site" not in client.get("/admin/").content.decode()


def test_the_daily_message_leaves_out_set_up_tasks(db, waiting, time_machine):
    time_machine.move_to(MORNING, tick=False)
    SiteSettingsFactory(contact_email="team@example.org")
    waiting += [replace(LETTERS, before_opening=True)]
    queue_daily(MORNING)
    send_waiting()

    assert mail.outbox == []
