"""A community joins: `/community/join/`, and confirms by mail."""

import re
import time
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from actions.communities.models import Community
from campaign.forms.guard import make_stamp
from campaign.mail.models import Message, SuppressedAddress
from campaign.places.models import Constituency
from campaign.privacy import crypto
from tests.actions.communities.conftest import ANSWERS, LISTED, join, link_in
from tests.actions.factories import CommunityFactory, PlanFactory
from tests.factories import make_sector

pytestmark = pytest.mark.django_db
INBOX = "/community/join/check-your-email/"


def test_a_community_is_stored_encrypted_and_asked_to_confirm(client, send):
    response = join(client)

    assert response.headers["Location"] == "/community/join/check-your-email/"
    row = Community.objects.get()
    assert (row.visibility, row.region, row.public_name, row.confirmed_at) == ("count", "london", "", None)
    stored = str(Community.objects.extra(select={"row": "communities_community::text"}).values_list("row").get())
    for text in ("Ruth", "ruth@", "Example", "Chair"):
        assert text not in stored
        assert text.encode().hex() not in stored
    [message] = send()
    assert message.to == ["ruth@example.org"]
    assert message.subject == "Please confirm your e-mail address"
    for text in ("Ruth", "Example Street"):
        assert text not in message.body


def test_only_a_post_confirms_and_only_once(client, send):
    join(client)
    link = link_in(send()[0], "/community/confirm/")

    assert "Example Street Synagogue" in client.get(link).content.decode()
    assert Community.objects.get().confirmed_at is None
    assert client.post(link).headers["Location"] == "/community/joined/"
    confirmed_at = Community.objects.get().confirmed_at
    assert confirmed_at
    assert client.post(link).status_code == 200
    assert Community.objects.get().confirmed_at == confirmed_at


def test_the_code_confirms_too(client, send):
    join(client)
    code = re.search(r"code: (\w{8})", send()[0].body)[1]

    wrong = client.post(INBOX, {"email": "ruth@example.org", "code": "00000000"})
    assert "does not match" in wrong.content.decode()
    page = client.post(INBOX, {"email": "ruth@example.org", "code": code.lower()}).headers["Location"]
    assert Community.objects.get().confirmed_at is None
    text = client.get(page).content.decode()
    assert all(shown in text for shown in ("Example Street Synagogue", "London", "Ruth Example", "Chair"))
    client.post(page)
    assert Community.objects.get().confirmed_at
    assert "does not match" in client.post(INBOX, {"email": "ruth@example.org", "code": code}).content.decode()


def test_a_late_link_no_longer_confirms(client, send):
    join(client)
    link = link_in(send()[0], "/community/confirm/")

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert "no longer works" in client.post(link).content.decode()
    assert Community.objects.get().confirmed_at is None


def test_the_answer_is_the_same_whatever_we_know(client):
    first = join(client)
    pending = join(client)
    Community.objects.update(confirmed_at=timezone.now())
    confirmed = join(client)

    assert len({(one.status_code, one.headers["Location"]) for one in (first, pending, confirmed)}) == 1
    answers = {
        (one.status_code, one.headers["Location"])
        for address in ("ruth@example.org", "nobody@example.org")
        for one in [client.post("/community/our-entry/", {"email": address})]
    }
    assert len(answers) == 1
    again = {
        client.post("/community/join/send-again/", {"email": address}).headers["Location"]
        for address in ("ruth@example.org", "nobody@example.org")
    }
    assert len(again) == 1


def test_joining_again_before_confirming_replaces_the_answers(client, send):
    join(client, **LISTED)
    join(client, name="Another name", region="wales")

    row = Community.objects.get()
    assert (row.visibility, row.name, row.region) == ("count", "Another name", "wales")
    assert len(send()) == 1


def test_an_old_link_or_code_does_not_confirm_answers_that_somebody_else_entered_later(client, send):
    join(client)
    [first] = send()
    join(client, name="Not Ruth’s choice", **{"visibility": "listed", "public_seen": "Not Ruth’s choice"})
    link, code = link_in(first, "/community/confirm/"), re.search(r"code: (\w{8})", first.body)[1]

    assert client.post(link).status_code == 404
    client.post(INBOX, {"email": "ruth@example.org", "code": code})
    assert Community.objects.get().confirmed_at is None
    page = link_in(send()[1], "/community/confirm/")
    assert "Not Ruth’s choice" in client.get(page).content.decode()
    client.post(link_in(first, "/community/unsubscribe/"))
    assert not Community.objects.exists()


def test_joining_again_after_confirming_changes_nothing_and_mails_the_link(client, send):
    CommunityFactory(email="ruth@example.org", name="The first")
    join(client, **LISTED)

    row = Community.objects.get()
    assert (row.visibility, row.name) == ("count", "The first")
    [message] = send()
    assert row.manage_token in message.body


def test_an_address_gets_three_messages_a_day(client, send):
    CommunityFactory(email="ruth@example.org")
    for minutes in range(0, 60, 11):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.post("/community/our-entry/", {"email": "ruth@example.org"})
            send()

    assert len(send()) == 3


def test_the_link_is_sent_at_most_once_in_ten_minutes(client, send):
    CommunityFactory(email="ruth@example.org")
    client.post("/community/our-entry/", {"email": "ruth@example.org"})
    client.post("/community/our-entry/", {"email": "ruth@example.org"})
    join(client)

    assert len(send()) == 1


@pytest.mark.parametrize("known", [True, False])
def test_one_network_joins_three_times_a_day_whether_or_not_an_address_is_known(client, known):
    if known:
        CommunityFactory(email="known@example.org")
    here = {"X-Forwarded-For": "192.0.2.1"}
    answers = ANSWERS | {"stamp": make_stamp(time.time() - 60)}
    addresses = [f"{name}@example.org" for name in ("known", "ada", "eve", "bob")]
    responses = [client.post("/community/join/", answers | {"email": one}, headers=here) for one in addresses]

    assert [one.status_code for one in responses] == [302, 302, 302, 200]
    assert "try again tomorrow" in responses[3].content.decode()
    assert join(client, email="bob@example.org").status_code == 302


def test_the_message_can_be_sent_again_after_ten_minutes(client, send):
    join(client)
    client.post("/community/join/send-again/", {"email": "ruth@example.org"})
    assert len(send()) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post("/community/join/send-again/", {"email": "ruth@example.org"})
        assert len(send()) == 2


def test_counted_only_is_the_default_and_the_warning_is_beside_the_choice(client):
    text = client.get("/community/join/").content.decode()

    assert re.search(r'value="count"[^>]*checked|checked[^>]*value="count"', text)
    assert "A building can be a target too" in text


def test_a_name_is_shown_exactly_as_typed_before_it_is_stored(client):
    response = join(client, visibility="listed")

    text = response.content.decode()
    assert "anyone will be able to see this name" in text
    assert not Community.objects.exists()
    assert 'value="Example Street Synagogue"' in text
    join(client, **LISTED)
    assert Community.objects.get().visibility == "listed"
    assert Community.objects.get().public_name == ""


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": ""}, "Choose the kind of community"),
        ({"kind": "army"}, "Select a valid choice"),
        ({"name": ""}, "Enter the name of your community"),
        ({"name": "https://example.org"}, "without a web address"),
        ({"name": "\u202e\u200b"}, "Enter the name of your community"),
        ({"name": "x" * 101}, "at most 100"),
        ({"region": ""}, "Choose your region"),
        ({"region": "mars"}, "Select a valid choice"),
        ({"region": "", "postcode": "nowhere"}, "choose a region"),
        ({"contact_name": ""}, "Enter your full name"),
        ({"contact_role": ""}, "Enter your role"),
        ({"email": "ruth"}, "mail"),
        ({"email": "a\0b@example.org"}, ""),
        ({"agree": ""}, "Tick the box"),
        ({"visibility": "loud"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"stamp": "forged", "kind": ""}, "Choose the kind"),
    ],
)
def test_invalid_answers_get_an_error_and_nothing_is_lost(client, changes, error):
    response = join(client, **changes)

    text = response.content.decode()
    assert response.status_code == 200
    assert error in text
    if "contact_name" not in changes:
        assert 'value="Ruth Example"' in text
    assert not Community.objects.exists()
    assert not response.cookies


def test_a_form_sent_at_once_is_shown_again(client):
    with time_machine.travel("2026-11-26 12:00:01Z", tick=False):
        response = join(client, stamp=make_stamp(time.time()))
    assert "That was very quick" in response.content.decode()


def test_a_mistyped_address_is_questioned_once(client):
    response = join(client, email="ruth@gmial.com")
    assert "Did you mean" in response.content.decode()
    join(client, email="ruth@gmial.com", email_choice="ruth@gmail.com")
    assert Community.objects.get().email == "ruth@gmail.com"


def test_other_sites_cannot_post_the_form(client):
    response = client.post("/community/join/", {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_a_postcode_gives_the_region_and_only_its_first_half_is_kept(client):
    Constituency.objects.create(code="W07000081", name="Cardiff East", nation="W")
    make_sector("CF10 1", AA="W07000081")
    join(client, region="", postcode="cf101aa")

    row = Community.objects.get()
    assert (row.region, row.outward_code) == ("wales", "CF10")


def test_an_english_postcode_gives_the_region_of_its_constituency(client):
    Constituency.objects.create(code="E14001265", name="Hampstead", nation="E", region="London")
    make_sector("NW3 7", UX="E14001265")
    join(client, region="", postcode="NW3 7UX")

    assert Community.objects.get().region == "london"


@pytest.mark.parametrize(("postcode", "region"), [("EH1 1AA", "scotland"), ("BT1 1AA", "northern-ireland")])
def test_without_our_tables_a_postcode_area_gives_the_nation(client, postcode, region):
    join(client, region="", postcode=postcode)

    assert Community.objects.get().region == region


def test_a_community_says_which_steps_it_will_take_and_by_when(client):
    plan = PlanFactory()
    first, second = plan.steps.all()
    with time_machine.travel("2026-11-26 12:00", tick=False):
        join(client, **{f"step-{first.code.hex}": "30", f"step-{second.code.hex}": ""})

    planned = Community.objects.get().steps.get()
    assert (planned.code, planned.by, planned.done_on) == (first.code, date(2026, 12, 26), None)


def test_never_write_to_me_again_deletes_what_was_entered(client, send):
    join(client)
    link = link_in(send()[0], "/community/unsubscribe/")

    assert client.get(link).status_code == 200
    assert Community.objects.exists()
    client.post(link)
    assert not Community.objects.exists()
    assert SuppressedAddress.objects.is_suppressed("ruth@example.org")
    join(client)
    assert len(send()) == 1


@pytest.mark.parametrize("token", ["x", "a:b", crypto.token("x", "y")])
@pytest.mark.parametrize("path", ["confirm", "manage", "unsubscribe", "contact/confirm"])
def test_an_unknown_link_says_so(client, path, token):
    response = client.get(f"/community/{path}/{token}/")
    assert response.status_code == 404
    assert "no longer works" in response.content.decode()
    assert client.post(f"/community/{path}/{token}/").status_code == 404


def test_the_outbox_holds_nothing_personal(client):
    join(client)
    message = Message.objects.get()

    assert str(message.object_id) == str(Community.objects.get().pk)
    assert message.problem == ""


@pytest.mark.parametrize("path", ["join/", "join/check-your-email/", "joined/", "our-entry/", "complain/", "list/"])
def test_the_pages_set_no_cookie_and_can_be_cached(client, path, django_assert_max_num_queries):
    PlanFactory()
    with django_assert_max_num_queries(5):
        response = client.get(f"/community/{path}")
    assert response.status_code == 200
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert "csrf" not in response.content.decode()
