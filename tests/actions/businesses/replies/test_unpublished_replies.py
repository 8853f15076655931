"""The note beside a claim on a brand's page while no reply from the company is public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.businesses.models import CompanyReply, Kind
from tests.actions.businesses.ledger import add, check, deliver, publish_claim
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db
NONE = "No reply from the company has been published."
ARRIVED = "A reply has arrived."


@pytest.fixture
def get(client, brand, ada, grace, time_machine):
    """Publish a claim; return a function that returns the HTML of the brand's page."""
    SiteSettingsFactory()
    time_machine.move_to(timezone.now(), tick=False)
    claim = add(brand, Kind.BROKEN, ada, grace)
    deliver(claim)
    time_machine.shift(timedelta(days=16))
    publish_claim(claim, ada, grace)
    return lambda **query: client.get("/businesses/cotton/", query).content.decode()


@pytest.mark.parametrize("is_by_link", [True, False])
def test_the_page_says_that_a_reply_has_arrived_until_organisers_have_dealt_with_it(
    get, brand, ada, grace, time_machine, is_by_link
):
    assert get().count(NONE) == 2
    time_machine.shift(timedelta(minutes=1))
    if is_by_link:
        sent = CompanyReply.objects.create(brand=brand, words="Not us.", name="Tom", role="Buyer")
        assert get().count(ARRIVED) == 2
        reply = sent.publish(ada, timezone.now())
    else:
        reply = add(brand, Kind.REPLY, ada, quotation="Not us.")
    time_machine.shift(timedelta(minutes=1))
    text = get()
    assert text.count(ARRIVED) == 2
    assert NONE not in text
    assert "Not us." not in text

    check(reply, grace)
    assert ARRIVED not in get()
    assert "Not us." in get()


def test_a_refused_reply_has_not_been_published(get, brand, time_machine):
    CompanyReply.objects.create(brand=brand, words="Not us.", name="Tom", role="Buyer").refuse(timezone.now())
    time_machine.shift(timedelta(minutes=1))

    assert get().count(NONE) == 2


def test_a_past_day_says_whether_a_reply_had_been_published_by_then(get, brand, ada, time_machine):
    day = str(timezone.localdate())
    time_machine.shift(timedelta(days=2))
    add(brand, Kind.REPLY, ada, quotation="Not us.")

    text = get(day=day)
    assert text.count("By the end of that day, no reply from the company had been published.") == 2
    assert ARRIVED not in text
