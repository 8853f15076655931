"""Dropping out with one click, in the message or in the mail program."""

from datetime import timedelta

import pytest

from actions.protests.models import Attendee
from campaign.mail.models import Message, SuppressedAddress
from tests.actions.factories import AttendeeFactory
from tests.actions.protests.coming.conftest import NOW, RUTH, TUESDAY
from tests.mail.links import link_in


@pytest.fixture
def message(come, send):
    come()
    return send()[0]


def test_opening_the_link_erases_nothing_and_the_button_erases_everything(client, message):
    path = link_in(message, "/protests/coming/unsubscribe/")
    for method in (client.get, client.head, client.options):
        method(path)
    assert Attendee.objects.count() == 1

    assert "We have erased your address and your name" in client.post(path).content.decode()
    assert not Attendee.objects.exists()
    assert not Message.objects.exists()
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_a_mail_program_drops_out_with_one_post(client, message):
    """RFC 8058, 3.1 and 3.2: a POST without cookies or a redirect, from a server that sends no Origin."""
    headers = message.extra_headers
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        headers["List-Unsubscribe"]
        == f"<{message.body[message.body.index('http', message.body.rindex('button:')) :].split()[0]}>"
    )

    response = client.post(path[path.index("/protests/") :], {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not Attendee.objects.exists()


def test_dropping_out_of_one_date_leaves_other_people_and_dates(client, protest):
    attendee = AttendeeFactory(protest=protest, on=TUESDAY)
    AttendeeFactory.create_batch(2, protest=protest, on=TUESDAY)
    client.post(f"/protests/coming/unsubscribe/{attendee.manage_token}/")

    assert Attendee.objects.count() == 2


def test_people_can_drop_out_of_a_protest_that_cannot_be_read_or_was_taken_off_the_site(client, protest):
    attendee = AttendeeFactory(protest=protest, on=TUESDAY)
    type(protest).objects.update(timezone="Nowhere", published=False)
    path = f"/protests/coming/unsubscribe/{attendee.manage_token}/"

    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 200
    assert not Attendee.objects.exists()


def test_nothing_is_sent_to_somebody_who_has_dropped_out(client, protest, send):
    attendee = AttendeeFactory(protest=protest, on=TUESDAY)
    Message.objects.create(kind="protests.coming.reminder", object_id=attendee.pk, due_at=NOW)
    Attendee.objects.all().delete()

    assert send(NOW + timedelta(days=1)) == []
    assert Message.objects.get().outcome == Message.Outcome.DROPPED


def test_somebody_who_did_not_ask_can_stop_all_messages(client, message, come):
    path = link_in(message, "/protests/coming/never/")
    assert client.get(path).status_code == 200
    assert Attendee.objects.exists()
    assert "We will not write to you again" in client.post(path).content.decode()

    assert not Attendee.objects.exists()
    assert SuppressedAddress.objects.is_suppressed(RUTH)
    assert client.post("/protests/coming/never/forged/").status_code == 404
