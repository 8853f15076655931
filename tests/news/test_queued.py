"""Unsubscribing while a mailing is being sent, with the real sender and a mail server."""

import re
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.mailings import unsubscribing
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery
from tests.factories import PledgeFactory, SignatureFactory
from tests.mailings.sending.conftest import fast, make_mailing, smtp  # noqa: F401 - fixtures
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory

PEOPLE = 45


def send():
    call_command("send_news", "--once")


@pytest.mark.django_db
def test_unsubscribing_with_the_header_of_one_message_also_stops_the_next_one_in_the_queue(client, smtp):  # noqa: F811
    SubscriberFactory(email=RUTH)
    SignatureFactory(confirmed=True, email=RUTH, updates=True)
    SubscriberFactory(email="ada@example.org")
    first = make_mailing()
    send()
    assert sorted(smtp.recipients) == ["ada@example.org", RUTH]
    message = next(one.content.decode() for one in smtp.received if RUTH in str(one.rcpt_tos))
    path = re.search(r"List-Unsubscribe: <https?://[^/]+(/news/unsubscribe/[\w-]+/)>", message)[1]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message

    second = make_mailing()
    fill_due()
    assert second.deliveries.filter(state="queued").count() == 2
    assert client.post(path).status_code == 200
    send()

    assert sorted(smtp.recipients) == ["ada@example.org", "ada@example.org", RUTH]
    assert sorted(second.deliveries.values_list("state", flat=True)) == ["sent", "skipped"]
    assert first.deliveries.filter(is_unsubscribed=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_delivery_claimed_after_its_person_unsubscribed_is_never_sent(smtp):  # noqa: F811
    pledge = PledgeFactory()
    people = [SignatureFactory(pledge=pledge, confirmed=True, updates=True) for _number in range(PEOPLE)]
    mailing = make_mailing()
    fill_due()
    done, begin = {}, Event()

    def leave(rows):
        client = Client()
        begin.wait()
        for row in rows:
            client.post(f"/news/unsubscribe/{unsubscribing.token('pledges.signers', row.pk)}/")
            done[row.pk] = timezone.now()
        connection.close()

    threads = [Thread(target=leave, args=[people[start::3]]) for start in range(2)]
    for thread in threads:
        thread.start()
    begin.set()
    send()
    for thread in threads:
        thread.join()
    send()

    deliveries = Delivery.objects.filter(mailing=mailing)
    assert {one.state for one in deliveries} <= {"sent", "skipped"}
    sent = {one.row: one.claimed_at for one in deliveries if one.state == "sent"}
    assert len(smtp.recipients) == len(set(smtp.recipients)) == len(sent)
    assert [row for row, claimed_at in sent.items() if row in done and done[row] < claimed_at] == []
    assert {row.pk for row in people[2::3]} <= sent.keys()
