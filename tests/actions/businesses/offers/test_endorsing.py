"""An organisation endorses the call: `/businesses/endorse/`."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from actions.businesses.models import Endorsement, EndorsementOffer
from actions.businesses.models.offers import ENDORSE
from campaign.mail.models import Message, SuppressedAddress
from campaign.mail.outbox import send_waiting
from campaign.mail.writers import WRITERS
from campaign.public_names.models import Hiding
from tests.accounts.organisers import make_established, sign_in
from tests.actions.factories import CallFactory
from tests.factories import SiteSettingsFactory
from tests.mail.links import link_in

URL = "/businesses/endorse/"
RUTH = "ruth@shul.org"


@pytest.fixture
def call(db):
    SiteSettingsFactory()
    return CallFactory()


@pytest.fixture
def answers(call):
    return {
        "organisation": "Northern Synagogue & Friends",
        "website": "www.shul.org",
        "name": "Ruth Feldman",
        "role": "Chair",
        "email": RUTH,
        "version": str(call.as_published().version_number),
        "speaks": "on",
    }


def written():
    """Return the waiting message as it would be sent."""
    message = Message.objects.get(kind=ENDORSE)
    return WRITERS[ENDORSE](message)


def offer(client, answers):
    response = client.post(URL, answers)
    assert response.headers["Location"] == "/businesses/endorse/check-your-email/"
    return written()


def test_an_endorsement_is_public_once_confirmed_and_checked(client, answers):
    mail = offer(client, answers)
    assert mail.to == [RUTH]
    assert not Endorsement.objects.exists()

    path = link_in(mail, "/businesses/confirm/")
    assert "Northern Synagogue" in client.get(path).content.decode()
    assert not Endorsement.objects.exists()
    client.post(path)

    endorsement = Endorsement.objects.get()
    assert endorsement.organisation == "Northern Synagogue & Friends"
    assert endorsement.website == "https://www.shul.org"
    assert endorsement.version == int(answers["version"])
    assert "Northern Synagogue" not in client.get("/businesses/").content.decode()
    endorsement.check_by(make_established("ada"), timezone.now())
    page = client.get("/businesses/").content.decode()
    assert "Northern Synagogue &amp; Friends" in page
    assert "Ruth" not in page


def test_the_code_confirms_however_it_is_typed(client, answers):
    mail = offer(client, answers)
    code = re.search(r"code: (\w{8})", mail.body)[1]

    page = "/businesses/endorse/check-your-email/"
    assert "does not match" in client.post(page, {"email": RUTH, "code": "00000000"}).content.decode()
    response = client.post(page, {"email": RUTH.upper(), "code": f"{code[:4]} {code[4:].lower()}"})

    assert response.headers["Location"] == "/businesses/confirmed/"
    assert Endorsement.objects.count() == 1


def test_confirming_twice_and_endorsing_twice_add_one_endorsement(client, answers):
    path = link_in(offer(client, answers), "/businesses/confirm/")
    client.post(path)
    assert "There is nothing more to do" in client.post(path).content.decode()
    Message.objects.all().delete()

    client.post(
        link_in(offer(client, answers | {"organisation": "northern synagogue & friends"}), "/businesses/confirm/")
    )

    assert Endorsement.objects.count() == 1


def test_the_message_says_nothing_about_the_campaign_and_repeats_nothing_that_was_typed(client, call, answers):
    mail = offer(client, answers)

    start = f"{mail.subject} {mail.from_email} {mail.body[:200]}"
    assert not re.search("campaign|Northern|Ruth|endorse|busines", start, re.IGNORECASE)
    assert not re.search("Northern|Ruth Feldman|Chair", mail.body)


def test_a_mistyped_address_is_asked_about_once(client, answers):
    page = client.post(URL, answers | {"email": "ruth@gmial.com"}).content.decode()
    assert "Did you mean" in page
    assert "Northern Synagogue &amp; Friends" in page
    assert not EndorsementOffer.objects.exists()

    client.post(URL, answers | {"email": "ruth@gmial.com", "email_choice": "ruth@gmail.com"})
    assert EndorsementOffer.objects.get().email == "ruth@gmail.com"


def test_a_changed_call_has_to_be_read_again_before_it_is_endorsed(client, call, answers):
    call.summary = "Other words"
    call.save()
    call.publish(check=False)

    page = client.post(URL, answers).content.decode()

    assert "The call has changed since you opened this page" in page
    assert not EndorsementOffer.objects.exists()
    again = re.search(r'name="version"[^>]* value="(\d+)"|value="(\d+)"[^>]*name="version"', page)
    client.post(URL, answers | {"version": again[1] or again[2]})
    assert EndorsementOffer.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"organisation": " "}, "Enter the organisation’s name"),
        ({"website": ""}, "Enter the website"),
        ({"website": "http://shul.org"}, "may not begin with http://"),
        ({"website": "javascript:alert(1)"}, "Enter an address such as"),
        ({"name": ""}, "Enter your name"),
        ({"role": ""}, "Enter your role"),
        ({"email": "ruth"}, "Enter an e-mail address like"),
        ({"speaks": ""}, "Tick this box"),
        ({"name": "a\0b"}, "Null characters"),
        ({"version": "x"}, "The call has changed"),
    ],
)
def test_a_mistake_gets_an_error_and_nothing_typed_is_lost(client, answers, change, message):
    page = client.post(URL, answers | {"role": "Chair of trustees"} | change).content.decode()

    assert message in page
    assert not EndorsementOffer.objects.exists()
    if "role" not in change:
        assert "Chair of trustees" in page


def test_the_response_is_the_same_for_a_suppressed_address_and_nothing_is_sent(client, answers, mailoutbox):
    client.post(link_in(offer(client, answers), "/businesses/unsubscribe/"))
    assert SuppressedAddress.objects.is_suppressed(RUTH)
    assert not EndorsementOffer.objects.exists()
    Message.objects.all().delete()

    assert client.post(URL, answers).headers["Location"] == "/businesses/endorse/check-your-email/"

    send_waiting()
    assert mailoutbox == []
    assert Message.objects.get(kind=ENDORSE).outcome == "dropped"


def test_messages_to_one_address_are_ten_minutes_apart(client, answers, mailoutbox, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    for number in range(3):
        client.post(URL, answers | {"organisation": f"Synagogue {number}"})
    assert EndorsementOffer.objects.count() == 3

    for minutes, sent in ((0, 1), (9, 1), (10, 2), (20, 3)):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        send_waiting()
        assert len(mailoutbox) == sent


def test_somebody_else_cannot_unsubscribe_with_a_made_up_link(client, call):
    assert client.get("/businesses/unsubscribe/made-up/").status_code == 404
    assert client.get("/businesses/confirm/made-up/").status_code == 404


def test_a_network_can_send_five_a_day(client, answers):
    for number in range(5):
        sent = answers | {"email": f"ruth{number}@shul.org"}
        assert client.post(URL, sent, REMOTE_ADDR="192.0.2.7").status_code == 302

    page = client.post(URL, answers, REMOTE_ADDR="192.0.2.7")

    assert "too many requests today" in page.content.decode()
    assert client.post(URL, answers, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_the_panic_switch_hides_every_endorsement(client, call):
    user = make_established("ada")
    Endorsement.objects.create(call=call, organisation="Northern Synagogue", checked_at=timezone.now())
    assert "Northern Synagogue" in client.get("/businesses/").content.decode()

    Hiding.begin(user, Hiding.Reason.DANGER, timezone.now())

    assert "Northern Synagogue" not in client.get("/businesses/").content.decode()


def test_organisers_see_who_sent_it_beside_the_endorsement(client, answers):
    client.post(link_in(offer(client, answers), "/businesses/confirm/"))
    sign_in(client)

    page = client.get(f"/admin/businesses/endorsement/{Endorsement.objects.get().pk}/change/").content.decode()

    assert "Ruth Feldman, Chair, ruth@shul.org" in page


def test_there_is_no_form_without_a_call(client, db):
    SiteSettingsFactory()
    for path in (URL, "/businesses/commit/"):
        assert client.get(path).status_code == 404
