"""People in several sources, whose chosen row no longer wants the mailing when it is sent."""

import pytest

from campaign.mailings.filling import fill_due
from campaign.mailings.models import Mailing
from campaign.mailings.sources import SOURCES
from campaign.news.models import Subscriber
from tests.factories import SignatureFactory
from tests.mailings.sending.conftest import make_mailing
from tests.mailings.sending.steps import rows, send
from tests.mailings.sending.test_filling import Others
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def others(crowd, monkeypatch):
    """Register a second source, whose first person is also the first of the crowd; return both sources by name."""
    others = Others(2)
    others.people = dict(zip(others.people, ["P0@Example.org", "new@example.org"], strict=True))
    monkeypatch.setitem(SOURCES, others.name, others)
    return {crowd.name: crowd, others.name: others}


def leave_chosen(mailing, sources):
    """Take the first person out of the source that their delivery names; return the other source."""
    shared = mailing.deliveries.get(person=sources["tests.crowd"].person("p0@example.org", mailing.pk))
    for name, source in sources.items():
        if name == shared.source:
            source.gone |= {"p0@example.org", "P0@Example.org"}
    return next(name for name in sources if name != shared.source)


def test_they_get_it_once_for_their_other_row(smtp, mailing, others):
    fill_due()
    left = leave_chosen(mailing, others)
    send()

    assert sorted(to.lower() for to in smtp.recipients) == [
        "new@example.org",
        "p0@example.org",
        "p1@example.com",
        "p2@example.net",
    ]
    assert set(rows(mailing)) == {"sent"}
    assert left in rows(mailing, "source")
    assert Mailing.objects.get().state == Mailing.State.SENT


def test_equal_keys_in_two_sources_are_different_people(smtp, mailing, crowd, others):
    assert others["tests.others"].people.keys() < crowd.people.keys()
    send()

    assert sorted(to.lower() for to in smtp.recipients) == [
        "new@example.org",
        "p0@example.org",
        "p1@example.com",
        "p2@example.net",
    ]


def test_people_who_left_every_source_stay_skipped(smtp, mailing, others):
    fill_due()
    for source in others.values():
        source.gone |= {"p0@example.org", "P0@Example.org"}
    send()

    assert sorted(rows(mailing)) == ["sent", "sent", "sent", "skipped"]
    assert Mailing.objects.get().state == Mailing.State.SENT


def test_a_row_outside_the_audience_does_not_count(smtp, crowd, others):
    mailing = make_mailing(audience=crowd.name)
    version = Mailing.objects.get().keep(None, "").number
    Mailing.objects.update(version=version)
    fill_due()
    leave_chosen(mailing, others)
    send()

    assert sorted(rows(mailing)) == ["sent", "sent", "skipped"]


def test_a_mailing_stopped_meanwhile_stays_stopped(smtp, mailing, others, monkeypatch):
    fill_due()
    leave_chosen(mailing, others)
    find = Others.recipients

    def stop(self, *arguments):
        Mailing.objects.get().stop(None)
        return find(self, *arguments)

    monkeypatch.setattr(Others, "recipients", stop)
    send()

    assert sorted(rows(mailing)) == ["sent", "sent", "sent", "skipped"]


@pytest.mark.parametrize("leaves", ["signature", "subscriber"])
def test_a_signer_and_subscriber_who_ends_one_of_the_two_gets_it_for_the_other(smtp, leaves):
    signature = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    subscriber = SubscriberFactory(email=RUTH)
    mailing = make_mailing()
    fill_due()
    chosen = mailing.deliveries.get()
    chosen.source, chosen.row = ("news.subscribers", subscriber.pk)
    if leaves == "signature":
        chosen.source, chosen.row = ("pledges.signers", signature.pk)
    chosen.save()
    if leaves == "signature":
        signature.withdraw()
    else:
        Subscriber.objects.all().erase(chosen.due_at)
    send()

    assert smtp.recipients == [RUTH]
    assert rows(mailing) == ["sent"]
