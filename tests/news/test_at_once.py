"""Several ways to stop one person's news lock rows in the same order. So they can be used at once without a failure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.bounces.effects import act_on
from campaign.bounces.outcomes import Kind, Outcome
from campaign.mailings.models import Mailing
from campaign.mailings.unsubscribing import Link
from tests.factories import SignatureFactory
from tests.mail.bounces.conftest import delivery
from tests.news.conftest import RUTH


def untick_the_box(signature):
    kept = {"name": signature.name, "shown_name": "", "town": ""}
    signature.change(signature.visibility, updates=False, **kept)


def use_the_link(signature):
    Link("pledges.signers", signature.pk).unsubscribe()


def report_as_spam(signature):
    act_on(Outcome(RUTH, Kind.SPAM_REPORT))


@pytest.mark.django_db
@pytest.mark.parametrize("stop", [untick_the_box, use_the_link, report_as_spam])
def test_every_way_to_stop_news_locks_the_signatures_in_order_and_then_the_delivery(stop):
    signature = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    mailing = Mailing.objects.create(subject="News", state=Mailing.State.SENDING, started_at=timezone.now())
    delivery(mailing, RUTH, source="pledges.signers", row=signature.pk).save()
    with CaptureQueriesContext(connection) as queries:
        stop(signature)
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"] or query["sql"].startswith("UPDATE")]
    signatures = [place for place, sql in enumerate(locking) if "pledges_signature" in sql]
    deliveries = [place for place, sql in enumerate(locking) if "mailings_delivery" in sql]

    assert "ORDER BY" in locking[signatures[0]]
    assert all(place > signatures[-1] for place in deliveries)
    assert bool(deliveries) == (stop is not untick_the_box)
