"""Notices before deadlines, and the record of their delivery in the ledger."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from actions.businesses.models import Brand, Code, Kind, Notice
from actions.businesses.notices.clock import give_notice, record_deliveries
from campaign.desk.tasks import all_tasks
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.periodic import run_steps
from tests.actions.businesses.ledger import add, check, deliver, set_deadline
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db(transaction=True)
LONDON = timezone.get_default_timezone()


@pytest.fixture
def promise(brand, ada, grace, time_machine):
    """Return a commitment whose deadline is 10 January 2027, seen on 12 December 2026, 29 days before."""
    time_machine.move_to(datetime(2026, 12, 12, 12, tzinfo=LONDON), tick=False)
    SiteSettingsFactory(name="The campaign", contact_email="us@example.org")
    entry = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 1, 10))
    set_deadline(entry, ada, grace)
    return entry


def test_company_and_organisers_get_one_message_within_thirty_days_of_a_deadline(promise):
    assert run_steps(timezone.now()) >= 1  # other steps have work too, such as the figures of past days
    assert give_notice(timezone.now()) == 0
    send_waiting()
    to_company, to_us = sorted(mail.outbox, key=lambda message: message.to)

    assert to_company.to == ["press@cotton.example"]
    assert "10 January 2027" in to_company.body
    assert "/businesses/cotton/" in to_company.body
    assert to_us.to == ["us@example.org"]
    assert "We have written to the company" in to_us.body


def test_nothing_is_sent_more_than_thirty_days_before_or_once_the_commitment_is_kept(promise, ada, grace, time_machine):
    time_machine.move_to(datetime(2026, 12, 10, 12, tzinfo=LONDON), tick=False)
    assert give_notice(timezone.now()) == 0
    time_machine.move_to(datetime(2026, 12, 12, 12, tzinfo=LONDON), tick=False)
    add(promise.brand, Kind.KEPT, ada, grace)

    assert give_notice(timezone.now()) == 0


def test_a_delivered_notice_is_recorded_once_and_starts_the_time_to_reply(promise, time_machine):
    give_notice(timezone.now())
    assert record_deliveries(timezone.now()) == 0  # not sent yet
    send_waiting()
    assert [record_deliveries(timezone.now()), record_deliveries(timezone.now())] == [1, 0]

    entry = promise.steps.get(kind=Kind.NOTICE)
    assert (entry.happened_on, entry.until) == (date(2026, 12, 12), date(2027, 1, 10))
    time_machine.move_to(datetime(2027, 1, 10, 23, 59, tzinfo=LONDON), tick=False)
    assert promise.brand.status_at(timezone.now()).code == Code.FULL
    time_machine.move_to(datetime(2027, 1, 11, 0, 0, tzinfo=LONDON), tick=False)
    assert promise.brand.status_at(timezone.now()).code == Code.PASSED


def test_without_a_contact_nothing_is_delivered_and_the_status_waits(promise, time_machine):
    promise.brand.contact = None
    promise.brand.save()
    give_notice(timezone.now())
    send_waiting()
    record_deliveries(timezone.now())
    assert "nothing has been mailed" in mail.outbox[0].body
    assert any("no notice of it has been delivered" in task.text for task in all_tasks())
    time_machine.move_to(datetime(2027, 6, 1, 12, tzinfo=LONDON), tick=False)

    assert promise.brand.status_at(timezone.now()).code == Code.FULL


def test_a_company_is_written_to_once_its_address_is_known(promise):
    Brand.objects.update(contact=None)
    assert [give_notice(timezone.now()), give_notice(timezone.now())] == [1, 0]
    brand = Brand.objects.get()
    brand.contact = "press@cotton.example"
    brand.save()
    assert [give_notice(timezone.now()), give_notice(timezone.now())] == [1, 0]
    send_waiting()

    assert sorted(message.to for message in mail.outbox) == [["press@cotton.example"], ["us@example.org"]]
    assert record_deliveries(timezone.now()) == 1


def test_a_company_is_not_written_to_after_an_organiser_has_delivered_the_notice(promise, ada, grace):
    Brand.objects.update(contact=None)
    give_notice(timezone.now())
    check(add(promise.brand, Kind.NOTICE, ada, about=promise, until=date(2027, 1, 10)), grace)
    brand = Brand.objects.get()
    brand.contact = "press@cotton.example"
    brand.save()

    assert give_notice(timezone.now()) == 0


def test_a_message_that_failed_is_not_a_notice(promise):
    give_notice(timezone.now())
    Message.objects.update(outcome="gave-up", done_at=timezone.now())

    assert record_deliveries(timezone.now()) == 0


@pytest.mark.django_db
def test_a_late_notice_still_leaves_fourteen_days(promise, time_machine):
    time_machine.move_to(datetime(2027, 1, 8, 12, tzinfo=LONDON), tick=False)
    assert deliver(promise).until == date(2027, 1, 22)


@pytest.mark.django_db
def test_the_desk_lists_waiting_tasks(promise, ada, grace, time_machine):
    claim = add(promise.brand, Kind.DECLINED, ada)
    assert any("waiting for another organiser to check" in task.text for task in all_tasks())
    check(claim, grace)
    deliver(claim)
    assert not any("A company’s time to reply has run out" in task.text for task in all_tasks())
    time_machine.move_to(timezone.now() + timedelta(days=16))

    assert any("A company’s time to reply has run out" in task.text for task in all_tasks())
    assert not Notice.objects.delivered().exists()
