"""A community joins at `/community/join/`: what is stored, what the visitor sees, and how often anybody can join."""

import time
from datetime import date

import pytest
import time_machine
from django.utils import timezone

from actions.communities.models import Community
from campaign.forms.guard import make_stamp
from campaign.mail.models import Message
from tests.actions.communities.conftest import ANSWERS, join
from tests.actions.communities.factories import CommunityFactory, PlanFactory

pytestmark = pytest.mark.django_db


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


def test_the_response_is_the_same_whatever_we_know(client):
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


@pytest.mark.parametrize("known", [True, False])
def test_a_network_can_join_three_times_a_day_whether_or_not_an_address_is_known(client, known):
    if known:
        CommunityFactory(email="known@example.org")
    here = {"X-Forwarded-For": "192.0.2.1"}
    answers = ANSWERS | {"stamp": make_stamp(time.time() - 60)}
    addresses = [f"{name}@example.org" for name in ("known", "ada", "eve", "bob")]
    responses = [client.post("/community/join/", answers | {"email": one}, headers=here) for one in addresses]

    assert [one.status_code for one in responses] == [302, 302, 302, 200]
    assert "try again tomorrow" in responses[3].content.decode()
    assert join(client, email="bob@example.org").status_code == 302


def test_a_community_says_which_steps_it_will_take_and_by_when(client):
    plan = PlanFactory()
    first, second = plan.steps.all()
    with time_machine.travel("2026-11-26 12:00", tick=False):
        join(client, **{f"step-{first.code.hex}": "30", f"step-{second.code.hex}": ""})

    planned = Community.objects.get().steps.get()
    assert (planned.code, planned.by, planned.done_on) == (first.code, date(2026, 12, 26), None)


def test_the_outbox_contains_nothing_personal(client):
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
