"""Sending a mailing to a real mail server, over one connection."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import DevMessage, Message, SuppressedAddress
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Mailing
from campaign.mailings.sending import ready_message, sender
from tests.factories import MessageFactory
from tests.mailings.crowd import address
from tests.mailings.sending.conftest import make_mailing
from tests.mailings.sending.steps import QUEUED, SENT, SKIPPED, rows, send, turn


def test_each_person_gets_a_mailing_once_and_then_it_is_sent(smtp, mailing):
    send()
    send()

    mailing.refresh_from_db()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))
    assert mailing.state == Mailing.State.SENT
    assert mailing.finished_at
    assert mailing.statistics() == {
        **{"people": 3, "sent": 3, "queued": 0, "claimed": 0, "refused": 0, "unknown": 0, "skipped": 0},
        **{"bounced": 0, "bounced_soft": 0, "spam": 0, "unsubscribed": 0},
    }


def test_people_who_unsubscribe_or_are_suppressed_after_filling_are_skipped(smtp, mailing, crowd):
    fill_due()
    crowd.unsubscribe(address(1))
    SuppressedAddress.objects.create(address_hash=mailbox_hash(address(2)))
    send()

    assert smtp.recipients == [address(0)]
    assert rows(mailing) == [SENT, SKIPPED, SKIPPED]


def test_a_row_that_now_belongs_to_somebody_else_is_skipped(smtp, mailing, crowd):
    fill_due()
    first, second, _third = crowd.people
    crowd.people[first] = crowd.people[second]
    send()

    assert rows(mailing) == [SKIPPED, SENT, SENT]
    assert smtp.recipients.count(address(1)) == 1


def test_the_rest_of_a_slow_batch_is_put_back_so_that_a_pause_takes_effect_soon(smtp, mailing, monkeypatch):
    monkeypatch.setattr(sender, "BATCH_SECONDS", -1.0)
    fill_due()
    turn()

    assert rows(mailing) == [QUEUED] * 3
    assert rows(mailing, "attempts") == [0, 0, 0]
    assert smtp.recipients == []


@pytest.mark.parametrize("verb", ["pause", "stop"])
def test_nothing_is_sent_once_a_mailing_is_paused_or_stopped(smtp, mailing, verb):
    fill_due()
    mailing.refresh_from_db()
    getattr(mailing, verb)(None)
    send()
    assert smtp.recipients == []

    mailing.resume(None)
    send()
    assert len(smtp.recipients) == (3 if verb == "pause" else 0)


def test_news_waits_while_a_confirmation_is_due_unless_the_outbox_is_stuck(smtp, mailing):
    message = MessageFactory(kind="greeting")
    send()
    assert smtp.recipients == []

    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(minutes=3))
    send()
    assert len(smtp.recipients) == 3


def test_news_waits_for_a_long_outbox_that_is_moving(smtp, mailing):
    long_ago, now = timezone.now() - timedelta(minutes=3), timezone.now()
    MessageFactory(kind="greeting", due_at=long_ago)
    MessageFactory(kind="greeting", due_at=long_ago, outcome=Message.Outcome.SENT, done_at=now)
    send()

    assert smtp.recipients == []


def test_a_mailing_that_cannot_be_rendered_does_not_stop_the_others(smtp, mailing, monkeypatch):
    other = make_mailing()
    compose = ready_message.compose

    def fail(shown):
        if shown.pk == mailing.pk:
            raise LookupError
        return compose(shown)

    monkeypatch.setattr(ready_message, "compose", fail)
    fill_due()
    turn()

    mailing.refresh_from_db()
    assert (set(rows(mailing)), set(rows(other))) == ({QUEUED}, {SENT})
    assert mailing.problem == "mailing: LookupError"


@pytest.mark.parametrize("backend", ["django.core.mail.backends.locmem.EmailBackend", "dev"])
def test_other_mail_backends_get_an_ordinary_message(settings, mailing, backend):
    settings.EMAIL_BACKEND = "campaign.mail.devmailbox.backend.EmailBackend" if backend == "dev" else backend
    send()

    assert rows(mailing) == [SENT] * 3
    if backend == "dev":
        assert "We did it – thank you." in DevMessage.objects.first().body
    else:
        assert [email.to for email in mail.outbox] == [[address(number)] for number in range(3)]
        assert mail.outbox[0].alternatives[0].mimetype == "text/html"
        assert "/news/unsubscribe/" in mail.outbox[0].body


def test_a_domain_that_has_used_up_its_rate_does_not_delay_the_others(smtp, mailing, crowd, settings):
    settings.NEWS_PER_DOMAIN_PER_SECOND = 0.01
    crowd.people = {
        row: f"p{number}@{'full' if number else 'other'}.example" for number, row in enumerate(crowd.people)
    }
    crowd.people = dict(reversed(crowd.people.items()))
    fill_due()
    for _turn in range(4):
        turn()

    assert sorted(smtp.recipients) == ["p0@other.example", "p2@full.example"]
    assert rows(mailing).count(QUEUED) == 1
