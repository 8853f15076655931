"""People who are coming to a protest, as recipients of mailings about that protest only."""

from datetime import timedelta

import pytest

from actions.protests.models import Attendee
from campaign.mailings import sources, unsubscribing
from campaign.mailings.sources import SOURCES
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.actions.protests.coming.conftest import NEXT_TUESDAY, NOW, RUTH, TUESDAY
from tests.factories import SignatureFactory
from tests.mail.links import link_in

SOURCE = SOURCES["protests.coming"]


@pytest.fixture
def key(protest):
    return f"protests.coming:{protest.pk}"


def reached(key):
    return sorted(address for _row, address in SOURCE.recipients(key, None))


def test_only_people_who_ticked_the_box_get_messages_about_the_protest(client, come, key, send):
    come(wants_news="on")
    come(email="ada@example.org")
    messages = send(NOW)
    shown = [client.get(link_in(message, "/protests/coming/confirm/")).content.decode() for message in messages]
    assert ["may also write to you" in text for text in shown].count(True) == 1
    assert reached(key) == []
    for message in messages:
        client.post(link_in(message, "/protests/coming/confirm/"))

    assert reached(key) == [RUTH]


def test_attendees_are_not_in_the_audience_everybody(protest, key):
    AttendeeFactory(protest=protest, on=TUESDAY, wants_news=True)

    assert "protests.coming" not in [source.name for source, _key in sources.parts_of("everybody")]
    assert reached("protests.coming") == []
    assert list(SOURCE.recipients(key, ["E14001265"])) == []
    assert (key, "People coming to “Weekly vigil”, about that protest only") in SOURCE.audiences()


def test_attendees_get_no_messages_once_the_date_is_over(protest, key, time_machine):
    row = AttendeeFactory(protest=protest, on=TUESDAY, wants_news=True, email=RUTH)
    assert SOURCE.addresses([row.pk]) == {row.pk: RUTH}
    time_machine.move_to(NOW + timedelta(days=3))

    assert reached(key) == []
    assert SOURCE.addresses([row.pk]) == {}


def test_unsubscribing_stops_messages_about_one_protest_but_not_reminders_or_other_news(client, protest, key):
    row = AttendeeFactory(protest=protest, on=TUESDAY, wants_news=True, email=RUTH)
    AttendeeFactory(protest=protest, on=NEXT_TUESDAY, wants_news=True, email=RUTH)
    other = ProtestFactory(slug="other", takes_names=True)
    AttendeeFactory(protest=other, on=TUESDAY, wants_news=True, email=RUTH)
    SignatureFactory(confirmed=True, updates=True, email=RUTH)
    path = f"/news/unsubscribe/{unsubscribing.token('protests.coming', row.pk)}/"
    assert "you will still get your reminder" in client.get(path).content.decode()
    assert client.post(path).status_code == 200

    assert reached(key) == []
    assert reached(f"protests.coming:{other.pk}") == [RUTH]
    assert len(list(SOURCES["pledges.signers"].recipients("pledges.signers", None))) == 1
    assert Attendee.objects.count() == 3


def test_unsubscribing_from_news_does_not_stop_messages_about_a_protest(client, protest, key):
    AttendeeFactory(protest=protest, on=TUESDAY, wants_news=True, email=RUTH)
    signature = SignatureFactory(confirmed=True, updates=True, email=RUTH)
    client.post(f"/news/unsubscribe/{unsubscribing.token('pledges.signers', signature.pk)}/")

    assert reached(key) == [RUTH]


def test_a_link_still_works_after_its_row_is_erased(client, protest):
    row = AttendeeFactory(protest=protest, on=TUESDAY, wants_news=True)
    token = unsubscribing.token("protests.coming", row.pk)
    Attendee.objects.all().erase()

    assert client.post(f"/news/unsubscribe/{token}/").status_code == 200
