"""Filling: who gets a delivery."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.mailings import filling, sources
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import person_hash
from campaign.mailings.sources import SOURCES, count
from tests.mailings.crowd import Crowd, address
from tests.mailings.sending.conftest import make_mailing


def people(mailing):
    """Return the hashes of the people who have a delivery."""
    return sorted(bytes(person) for person in mailing.deliveries.values_list("person", flat=True))


class Others(Crowd):
    """A second source."""

    name = "tests.others"


def test_one_person_in_several_sources_gets_one_delivery(mailing, crowd, monkeypatch):
    others = Others(2)
    monkeypatch.setitem(SOURCES, others.name, others)
    others.people = dict(zip(others.people, ["P0@Example.org", "new@example.org"], strict=True))
    expected = sorted(map(person_hash, [*map(address, range(3)), "new@example.org"]))

    assert count(mailing) == 4
    fill_due()
    assert people(mailing) == expected
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING


def test_suppressed_addresses_get_no_delivery(mailing):
    SuppressedAddress.objects.create(address_hash=mailbox_hash(address(1)))

    assert count(mailing) == 2
    fill_due()
    assert people(mailing) == sorted(map(person_hash, [address(0), address(2)]))


def test_a_mailing_to_a_place_leaves_out_sources_without_places(mailing):
    Mailing.objects.update(region="London")
    mailing.version = None
    mailing.refresh_from_db(fields=["region"])

    assert count(mailing) == 0


def test_interrupted_filling_is_completed_without_storing_anybody_twice(mailing, crowd, monkeypatch):
    crowd.__init__(25)
    monkeypatch.setattr(sources, "BATCH", 10)
    store = filling._store
    calls = []

    def die(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return store(*arguments)

    monkeypatch.setattr(filling, "_store", die)
    with pytest.raises(KeyboardInterrupt):
        fill_due()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.deliveries.count()) == (Mailing.State.FILLING, 20)

    fill_due()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.deliveries.count()) == (Mailing.State.SENDING, 25)


def test_a_mailing_that_is_stopped_during_filling_is_not_sent(mailing, crowd, monkeypatch):
    crowd.__init__(25)
    monkeypatch.setattr(sources, "BATCH", 10)
    store = filling._store

    def stop(*arguments):
        kept = store(*arguments)
        Mailing.objects.get().stop(None)
        return kept

    monkeypatch.setattr(filling, "_store", stop)
    fill_due()
    mailing.refresh_from_db()

    assert (mailing.state, mailing.deliveries.count()) == (Mailing.State.STOPPED, 10)


def test_a_mailing_planned_for_later_while_another_is_filled_does_not_begin_early(mailing, crowd, monkeypatch):
    later = make_mailing()
    store = filling._store

    def replan(*arguments):
        Mailing.objects.filter(pk=later.pk).update(send_at=timezone.now() + timedelta(hours=1))
        return store(*arguments)

    monkeypatch.setattr(filling, "_store", replan)
    fill_due()
    later.refresh_from_db()

    assert (later.state, later.deliveries.count()) == (Mailing.State.SCHEDULED, 0)


def test_a_mailing_that_cannot_be_filled_shows_why_and_does_not_stop_the_others(mailing, crowd, monkeypatch):
    other = make_mailing()
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.FILLING)
    find = filling.recipients

    def fail(shown):
        if shown.pk == mailing.pk:
            raise ValueError
        return find(shown)

    monkeypatch.setattr(filling, "recipients", fail)
    fill_due()

    mailing.refresh_from_db()
    other.refresh_from_db()
    assert (mailing.state, mailing.problem) == (Mailing.State.FILLING, "mailing: ValueError")
    assert other.state == Mailing.State.SENDING


def test_recipients_are_fixed_when_sending_starts(mailing, crowd):
    fill_due()
    crowd.__init__(5)
    fill_due()

    assert mailing.deliveries.count() == 3


def test_claiming_uses_its_index_as_soon_as_everybody_is_stored(mailing, crowd):
    crowd.__init__(500)
    fill_due()
    due = Delivery.objects.filter(mailing=mailing, state="queued", due_at__lte=timezone.now()).order_by("due_at", "pk")

    assert "deliveries_queued" in due[:10].explain()
