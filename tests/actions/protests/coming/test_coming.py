"""Saying that you are coming, and confirming it."""

import time
from datetime import timedelta

import pytest
from django.test import RequestFactory

from actions.protests.models import Attendee, ProtestChange
from campaign.email_addresses.canonical import address_hash
from campaign.forms.guard import make_stamp
from campaign.mail.models import Message
from campaign.network.client_address import network_hash
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.actions.protests.coming.conftest import ANSWERS, NEXT_TUESDAY, NOW, RUTH, TUESDAY
from tests.mail.links import link_in

PAGE = "/protests/weekly/coming/"
INBOX = f"{PAGE}check-your-email/"


def test_the_page_says_that_people_can_come_without_telling_anyone(client, protest):
    text = client.get("/protests/weekly/").content.decode()

    assert text.index("You can come without telling anyone.") < text.index(PAGE)


def test_a_protest_that_does_not_ask_who_is_coming_has_no_page_for_that(client, protest):
    ProtestFactory(slug="silent")

    assert "coming/" not in client.get("/protests/silent/").content.decode()
    for page in ("coming/", "coming/check-your-email/", "coming/send-again/"):
        assert client.get(f"/protests/silent/{page}").status_code == 404
        assert client.post(f"/protests/silent/{page}", ANSWERS).status_code == 404


def test_the_form_offers_dates_that_are_not_cancelled(client, protest):
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    text = client.get(PAGE).content.decode()

    assert "Tuesday 1 December 2026, 6pm to 7pm" in text
    assert "Tuesday 24 November" not in text


@pytest.mark.parametrize(("page", "queries"), [(PAGE, 6), (INBOX, 5)])
def test_pages_can_be_cached_set_no_cookie_and_need_few_queries(
    client, protest, page, queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(queries):
        response = client.get(page)

    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "csrf" not in response.content.decode().lower()


def test_caches_keep_no_second_copy_of_the_form_for_a_query_string(client, come, protest):
    response = client.get(PAGE, {"day": "2026-11-24"})

    assert (response.status_code, response["Location"]) == (301, PAGE)
    assert client.post(f"{PAGE}?day=1", ANSWERS)["Location"] == INBOX


def test_the_form_stores_the_address_and_name_encrypted(come, protest):
    response = come(name="Ruth Feldman")

    attendee = Attendee.objects.get()
    assert response["Location"] == INBOX
    assert (attendee.email, attendee.name, attendee.on, attendee.confirmed_at) == (RUTH, "Ruth Feldman", TUESDAY, None)


def test_the_response_is_the_same_whether_or_not_the_address_is_known(come, protest):
    AttendeeFactory(protest=protest, on=TUESDAY, email=RUTH)
    known, unknown = come(), come(email="ada@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Attendee.objects.count() == 2
    assert Message.objects.count() == 1


@pytest.mark.parametrize("page", [PAGE, INBOX, f"{PAGE}send-again/"])
def test_every_response_takes_long_enough_to_hide_whether_the_address_is_known(client, protest, monkeypatch, page):
    slept = []
    monkeypatch.setattr("campaign.forms.guard.MIN_LOOK_UP_SECONDS", 60)
    monkeypatch.setattr("campaign.forms.guard.time.sleep", slept.append)
    client.get(page)
    assert slept == []
    client.post(page, ANSWERS | {"code": "ABCD2345"})

    assert 30 < max(slept) <= 60


def test_one_address_has_different_hashes_for_each_date_and_for_signatures(come, protest):
    come()
    come(on=NEXT_TUESDAY.isoformat())
    first, second = (bytes(one.email_hash) for one in Attendee.objects.order_by("on"))

    assert len({first, second, address_hash(RUTH)}) == 3


def test_posting_twice_makes_one_attendee_and_sends_again_after_ten_minutes(come, protest, send, time_machine):
    come()
    assert len(send(NOW)) == 1
    come(email="RUTH@example.org")
    assert send(NOW + timedelta(minutes=5)) == []
    time_machine.move_to(NOW + timedelta(minutes=15), tick=False)
    come()

    assert len(send(NOW + timedelta(minutes=15))) == 1
    assert Attendee.objects.count() == 1


def test_somebody_who_never_confirmed_can_post_the_form_again_weeks_later(come, protest):
    come()
    Attendee.objects.update(asked_at=NOW - timedelta(days=15))
    come()

    assert Attendee.objects.get().asked_at == NOW


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"on": ""}, "Choose a date"),
        ({"on": "2026-11-25"}, "You can no longer choose this date"),
        ({"on": "tomorrow"}, "You can no longer choose this date"),
        ({"email": "ruth"}, "@"),
        ({"email": ""}, "Enter your e-mail address"),
        ({"name": "https://example.org"}, "Enter your name as you would write it in a letter"),
        ({"agree": ""}, "Tick the box to say that you agree"),
    ],
)
def test_an_invalid_answer_gets_an_error_and_stores_nothing(come, answers, error):
    response = come(**answers)

    assert response.status_code == 200
    assert error in response.content.decode()
    assert not Attendee.objects.exists()


def test_a_mistyped_address_is_asked_about_once(come, protest):
    asked = come(email="ruth@gmial.com")
    assert "ruth@gmail.com" in asked.content.decode()
    assert not Attendee.objects.exists()

    come(email="ruth@gmial.com", email_choice="ruth@gmail.com")
    assert Attendee.objects.get().email == "ruth@gmail.com"


def test_a_form_that_is_sent_back_at_once_is_refused(come, protest):
    assert "very quick" in come(stamp=make_stamp(time.time())).content.decode()
    assert not Attendee.objects.exists()


def test_another_sites_page_cannot_post_the_form(client, protest):
    assert client.post(PAGE, ANSWERS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_link_confirms_only_when_the_button_is_pressed(client, come, send):
    come()
    path = link_in(send()[0], "/protests/coming/confirm/")

    page = client.get(path)
    assert "Tuesday 24 November 2026, 6pm to 7pm" in page.content.decode()
    assert page["Cache-Control"].count("no-store") == 1
    assert page["Referrer-Policy"] == "same-origin"
    assert Attendee.objects.confirmed().count() == 0
    for _ in range(2):
        assert "You are coming" in client.post(path, follow=True).content.decode()
    assert Attendee.objects.confirmed().count() == 1


def test_the_code_confirms_together_with_the_address(client, come, send):
    come()
    code = Attendee.objects.get().code
    assert code in send()[0].body

    assert "does not match" in client.post(INBOX, {"email": "ada@example.org", "code": code}).content.decode()
    response = client.post(INBOX, {"email": RUTH, "code": code.lower()}, follow=True)
    assert "You are coming" in response.content.decode()


def test_the_message_is_sent_again_without_saying_whether_there_is_one(client, come, send, time_machine):
    come()
    send(NOW)
    time_machine.move_to(NOW + timedelta(minutes=15), tick=False)
    answers = [client.post(f"{PAGE}send-again/", {"email": email}) for email in (RUTH, "ada@example.org")]

    assert [answer["Location"] for answer in answers] == [f"{INBOX}?again=1"] * 2
    assert [message.to for message in send(NOW + timedelta(minutes=15))] == [[RUTH]]


def test_a_date_cancelled_in_the_meantime_cannot_be_confirmed(client, come, send, protest):
    come()
    path = link_in(send()[0], "/protests/coming/confirm/")
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")

    assert "This date has been cancelled" in client.post(path).content.decode()
    assert Attendee.objects.confirmed().count() == 0


def test_nobody_can_confirm_after_the_date(client, come, send, time_machine):
    come()
    path = link_in(send()[0], "/protests/coming/confirm/")
    time_machine.move_to(NOW + timedelta(days=3), tick=False)

    assert "This date is over" in client.post(path).content.decode()
    assert Attendee.objects.confirmed().count() == 0


def test_an_unknown_link_says_that_it_no_longer_works(client, protest):
    for name in ("confirm", "unsubscribe"):
        response = client.get(f"/protests/coming/{name}/unknown/")
        assert response.status_code == 404
        assert "This link no longer works" in response.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_one_network_can_post_the_form_twenty_times_a_day_whether_or_not_an_address_is_known(client, protest, known):
    if known:
        AttendeeFactory(protest=protest, on=TUESDAY, email=RUTH)
    here = {"X-Forwarded-For": "192.0.2.1"}
    addresses = [RUTH, *(f"ada{number}@example.org" for number in range(20))]
    responses = [client.post(PAGE, ANSWERS | {"email": one}, headers=here) for one in addresses]

    assert [one.status_code for one in responses] == [302] * 20 + [200]
    assert "Too many people" in responses[20].content.decode()
    assert client.post(PAGE, ANSWERS | {"email": "eve@example.org"}).status_code == 302


def test_one_network_has_a_different_hash_for_each_date_and_for_signatures(client, protest):
    headers = {"X-Forwarded-For": "192.0.2.1"}
    for on in (TUESDAY, NEXT_TUESDAY):
        client.post(PAGE, ANSWERS | {"on": on.isoformat()}, headers=headers)
    request = RequestFactory().get("/", headers=headers)

    stored = [bytes(one.network) for one in Attendee.objects.all()]
    assert len({*stored, network_hash(request, NOW)}) == 3
