"""A week after the date, nothing about any attendee is left in tables, logs or backups."""

import logging
import smtplib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection

from actions.protests.coming.queuing import queue_news, queue_reminders
from actions.protests.coming.retention import erase_networks
from actions.protests.models import Attendee, AttendeeCount, ProtestChange
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.privacy.holdings import held_about
from campaign.privacy.logs import MaskingFormatter
from campaign.privacy.retention import RULES
from campaign.privacy.rotation import rotations
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.actions.protests.coming.conftest import ANSWERS, NOW, TUESDAY
from tests.factories import SiteSettingsFactory
from tests.mail.links import link_in
from tests.pledges.models.test_dump import found_in
from tests.tables import contents
from tests.test_backups import client_programs, run

ADDRESS, NAME = "Ines.Zilberquit@Mailhost.example", "Ines Zilberquit"
CANARIES = ["Zilberquit", "mailhost.example", "ines.zilberquit"]
OVER = datetime(2026, 11, 24, 19, tzinfo=UTC)


def refuse(message):
    raise smtplib.SMTPRecipientsRefused({message.to[0]: (450, f"{message.to[0]} is busy".encode())})


def work(time_machine, at):
    """Do the workers' work at a given time, and send every message that is due soon after."""
    time_machine.move_to(at, tick=False)
    queue_news(at)
    queue_reminders(at)
    time_machine.move_to(at + timedelta(minutes=2), tick=False)
    while send_waiting():
        pass


@pytest.fixture
def messages(client, time_machine, mailoutbox, caplog, monkeypatch):
    """Have somebody come, confirm, and get every kind of message, with one refused at first; return the messages."""
    caplog.set_level(logging.DEBUG)
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    protest = ProtestFactory(slug="weekly", takes_names=True)
    client.post("/protests/weekly/coming/", ANSWERS | {"email": ADDRESS, "name": NAME})
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        work(time_machine, NOW)
    work(time_machine, NOW + timedelta(minutes=10))
    client.post(link_in(mailoutbox[0], "/protests/coming/confirm/"))
    work(time_machine, OVER - timedelta(days=1))
    for kind in ("cancelled", "as_usual"):
        ProtestChange.objects.update_or_create(protest=protest, on=TUESDAY, defaults={"kind": kind})
        work(time_machine, OVER - timedelta(hours=5 if kind == "cancelled" else 4))
    return mailoutbox


def decrypted():
    """Return every encrypted value on the site in plain text."""
    fields = [rotation.encrypted for rotation in rotations()]
    rows = [value for field in fields for value in field.model._base_manager.values_list(field.name, flat=True)]
    return "\n".join(value for value in rows if value)


def everything():
    return "\n".join(line for lines in contents().values() for line in lines)


@pytest.mark.django_db
def test_tables_contain_no_plain_text_before_the_date_and_nothing_a_week_after_it(messages, time_machine):
    assert len(messages) == 4
    key = str(Attendee.objects.get().pk)
    assert "Zilberquit" in decrypted()
    assert found_in(everything(), CANARIES) == []

    time_machine.move_to(OVER + timedelta(days=7, hours=-1), tick=False)
    call_command("retention")
    assert Attendee.objects.count() == 1
    time_machine.move_to(OVER + timedelta(days=8), tick=False)
    call_command("retention")

    assert found_in(everything() + decrypted(), [*CANARIES, key, key.replace("-", "")]) == []
    assert not Message.objects.exists()
    assert not AttendeeCount.objects.exists()
    assert held_about(ADDRESS.lower()) == []


@pytest.mark.django_db
def test_the_logs_name_nobody_and_contain_no_link(messages, caplog):
    records = caplog.get_records("setup")
    tokens = [link_in(message, "/protests/coming/unsubscribe/").split("/")[-2] for message in messages]
    assert "was not sent" in "\n".join(map(logging.Formatter().format, records))

    text = "\n".join(map(MaskingFormatter().format, records))
    assert found_in(text, [*CANARIES, *tokens]) == []


@pytest.mark.django_db
def test_unconfirmed_entries_are_erased(protest, time_machine):
    AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None, ends_at=NOW + timedelta(days=60))
    Attendee.objects.update(ends_at=NOW + timedelta(days=60))
    time_machine.move_to(NOW + timedelta(days=15), tick=False)
    call_command("retention")

    assert not Attendee.objects.exists()


@pytest.mark.django_db
def test_a_subject_access_request_finds_each_of_the_persons_dates_and_nobody_elses(protest):
    for on in protest.regular_dates(TUESDAY, TUESDAY + timedelta(days=7)):
        AttendeeFactory(protest=protest, on=on, email="ruth@example.org", name="Ruth Feldman")
    AttendeeFactory(protest=protest, on=TUESDAY)
    found = held_about("ruth@example.org")

    assert [entry.what for entry in found] == ["Attendee", "Attendee"]
    assert ("Name", "Ruth Feldman") in found[0].values


def test_the_privacy_notice_states_all_three_times():
    days = {rule.setting: rule.days for rule in RULES if "coming to a protest" in str(rule.what)}

    assert days == {
        "KEEP_ATTENDEES_DAYS": 7,
        "PLEDGE_CONFIRM_DAYS": settings.PLEDGE_CONFIRM_DAYS,
        "KEEP_NETWORK_DAYS": settings.KEEP_NETWORK_DAYS,
    }


@pytest.mark.slow
@pytest.mark.xdist_group("deploy")
@pytest.mark.django_db(transaction=True)
def test_a_backup_has_no_attendee_and_no_trace_of_an_address(messages, tmp_path):
    key = str(Attendee.objects.get().pk)
    backup = run("backup", tmp_path, name=connection.settings_dict["NAME"])
    assert backup.returncode == 0, backup.stderr
    text = subprocess.run(  # noqa: S603 - our own command
        [client_programs() / "pg_restore", "--file=-", Path(backup.stdout.strip())],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "weekly" in text
    for table in ("protests_attendee", "mail_ratelimit"):
        assert f"COPY public.{table} " not in text
    ciphertext = Attendee.objects.values_list("email_hash", flat=True).get()
    assert found_in(text, CANARIES) == []
    assert bytes(ciphertext).hex() not in text
    assert key in text  # of messages about nobody in the backup


def test_the_forms_network_hash_is_erased_after_thirty_days(protest):
    AttendeeFactory(protest=protest, on=TUESDAY)
    Attendee.objects.all().note_attempt(b"n" * 16, NOW)
    erase_networks(NOW)
    assert Attendee.objects.get().network
    erase_networks(NOW + timedelta(seconds=1))
    assert Attendee.objects.get().network is None
