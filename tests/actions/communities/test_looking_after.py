"""A contact uses a link to look after a community's entry: steps, reports, name, contact, and leaving."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from actions.communities.models import Community, PlannedStep, Report
from campaign.mail.models import Message
from campaign.privacy.models import ErasureEntry
from tests.actions.communities.factories import CommunityFactory, PlanFactory
from tests.mail.links import link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def community(plan):
    return CommunityFactory(listed=True, email="ruth@example.org")


def path_of(community):
    return f"/community/manage/{community.manage_token}/"


def steps_form(plan, **values):
    first, second = plan.steps.all()
    names = {"first": first.code.hex, "second": second.code.hex}
    return {"what": "steps"} | {
        f"{key.split('_')[0]}-{names[key.split('_')[1]]}": value for key, value in values.items()
    }


def test_a_get_changes_nothing(client, community):
    before = Community.objects.values().get()

    response = client.get(path_of(community))
    assert "Ruth Example" in response.content.decode()
    assert "private" in response["Cache-Control"]
    assert Community.objects.values().get() == before


def test_steps_are_ticked_off_and_planned(client, community, plan):
    client.post(path_of(community), steps_form(plan, done_first="on", by_second="10 Dec 2026"))

    first, second = plan.steps.all()
    done, planned = (community.steps.get(code=step.code) for step in (first, second))
    assert (done.done_on, done.by) == (timezone.localdate(), None)
    assert (planned.done_on, planned.by) == (None, date(2026, 12, 10))
    text = client.get(path_of(community)).content.decode()
    assert 'value="10 December 2026"' in text
    client.post(path_of(community), steps_form(plan))
    assert not community.steps.exists()


def test_a_step_keeps_the_day_on_which_it_was_ticked_off(client, community, plan):
    step = plan.steps.first()
    PlannedStep.objects.create(community=community, code=step.code, done_on=date(2026, 1, 5))
    client.post(path_of(community), steps_form(plan, done_first="on"))

    assert community.steps.get().done_on == date(2026, 1, 5)


def test_a_step_of_another_version_is_kept(client, community, plan):
    PlannedStep.objects.create(
        community=community, code="12345678-1234-1234-1234-123456789012", done_on=date(2026, 1, 5)
    )
    client.post(path_of(community), steps_form(plan))

    assert community.steps.count() == 1


def test_a_wrong_day_gets_an_error_and_the_ticks_stay(client, community, plan):
    response = client.post(path_of(community), steps_form(plan, done_first="on", by_second="soon"))

    text = response.content.decode()
    assert "Enter a day such as" in text
    assert 'value="soon"' in text
    assert not community.steps.exists()


def test_steps_wait_until_an_organiser_has_approved(client, plan):
    row = CommunityFactory(new=True)
    assert "yet to approve" in client.get(path_of(row)).content.decode()
    client.post(path_of(row), steps_form(plan, done_first="on"))
    client.post(path_of(row), {"what": "report", "text": "We sang."})
    assert not row.steps.exists()
    assert not Report.objects.exists()


def test_a_report_is_encrypted_and_only_organisers_read_it(client, community):
    client.post(path_of(community), {"what": "report", "text": "Forty people wrote letters."})

    assert Report.objects.get().text == "Forty people wrote letters."
    stored = str(Report.objects.extra(select={"row": "communities_report::text"}).values_list("row").get())
    assert b"Forty".hex() not in stored
    for page in ("/community/", "/community/list/"):
        assert "Forty" not in client.get(page).content.decode()


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 1001, "a\0b"])
def test_an_empty_or_overlong_report_is_refused(client, community, text):
    response = client.post(path_of(community), {"what": "report", "text": text})
    assert response.status_code == 200
    assert not Report.objects.exists()


def test_a_community_can_send_five_reports_a_day(client, community):
    for number in range(7):
        client.post(path_of(community), {"what": "report", "text": f"Report {number}"})
    assert Report.objects.count() == 5


def test_the_name_can_be_taken_off_the_list_at_once(client, community):
    assert community.name in client.get("/community/list/").content.decode()
    client.post(path_of(community), {"what": "entry", "visibility": "count", "name": community.name})

    assert community.name not in client.get("/community/list/").content.decode()
    assert Community.objects.get().public_name == ""


def test_a_new_name_waits_for_an_organiser(client, community):
    answers = {"what": "entry", "visibility": "listed", "name": "A new name"}
    assert "anyone in any country will be able to see" in client.post(path_of(community), answers).content.decode()
    client.post(path_of(community), answers | {"public_seen": "A new name"})

    assert Community.objects.get().name == "A new name"
    assert Community.objects.get().is_waiting
    text = client.get("/community/list/").content.decode()
    assert "A new name" not in text
    assert community.name not in text


def test_saving_the_same_name_keeps_it_on_the_list(client, community):
    answers = {"what": "entry", "visibility": "listed", "name": community.name, "public_seen": community.name}
    client.post(path_of(community), answers)

    assert Community.objects.get().public_name == community.name


def test_a_new_contact_has_to_confirm_and_ends_the_old_link(client, community, send):
    old = path_of(community)
    answers = {"what": "contact", "contact_name": "Ada New", "contact_role": "Rabbi", "email": "ada@example.org"}
    client.post(old, answers)
    assert Community.objects.get().contact_name == "Ruth Example"

    link = link_in(send()[0], "/community/contact/confirm/")
    assert "Ada" not in send()[0].body
    assert client.get(link).status_code == 200
    assert Community.objects.get().contact_name == "Ruth Example"
    client.post(link)
    row = Community.objects.get()
    assert (row.contact_name, row.contact_role, row.email) == ("Ada New", "Rabbi", "ada@example.org")
    assert client.get(old).status_code == 404
    assert client.get(path_of(row)).status_code == 200
    assert path_of(row) in send()[1].body
    assert row.contact_changes.get().email is None


def test_correcting_the_new_contact_keeps_the_link_and_sends_no_further_message(client, community, send):
    answers = {"what": "contact", "contact_role": "Rabbi", "email": "ada@example.org"}
    for name in ("Aad New", "Ada Nwe", "Dada New", "Ada New"):
        client.post(path_of(community), answers | {"contact_name": name})
        send()
    [message] = send()
    client.post(path_of(community), answers | {"contact_name": "Eve New", "email": "eve@example.org"})
    assert client.get(link_in(message, "/community/contact/confirm/")).status_code == 404

    client.post(path_of(community), answers | {"contact_name": "Ada New"})
    client.post(link_in(send()[1], "/community/contact/confirm/"))
    assert Community.objects.get().contact_name == "Ada New"


def test_a_contact_of_another_community_cannot_take_over(client, community, send):
    CommunityFactory(email="ada@example.org")
    answers = {"what": "contact", "contact_name": "Ada New", "contact_role": "Rabbi", "email": "ada@example.org"}
    client.post(path_of(community), answers)
    response = client.post(link_in(send()[0], "/community/contact/confirm/"))

    assert response.status_code == 200
    assert Community.objects.get(pk=community.pk).contact_name == "Ruth Example"


def test_leaving_erases_everything_at_once(client, community, send, plan):
    PlannedStep.objects.create(community=community, code=plan.steps.first().code, done_on=date(2026, 1, 5))
    Report.objects.create(community=community, text="We sang.", sent_at=timezone.now())
    path, old_hash = path_of(community), bytes(community.email_hash)
    response = client.post(path, {"what": "leave"})

    assert "has left" in response.content.decode()
    row = Community.objects.get()
    assert {getattr(row, name) for name in ("name", "email", "contact_name", "contact_role", "outward_code")} == {None}
    assert row.public_name == ""
    assert bytes(row.email_hash) != old_hash
    assert not Report.objects.exists()
    assert client.get(path).status_code == 404
    assert community.name not in client.get("/community/list/").content.decode()
    assert ErasureEntry.objects.count() <= 1


def test_a_community_that_was_never_approved_leaves_nothing(client):
    row = CommunityFactory(new=True)
    client.post(path_of(row), {"what": "leave"})

    assert not Community.objects.exists()


def test_after_leaving_the_same_address_can_join_again(client, community):
    client.post(path_of(community), {"what": "leave"})
    CommunityFactory(email="ruth@example.org")

    assert Community.objects.count() == 2


@pytest.mark.parametrize("new", [True, False])
def test_nothing_sent_while_a_community_leaves_is_stored(new):
    row = CommunityFactory(new=new)
    now, late = timezone.now(), [Community.objects.get() for _copy in range(3)]
    row.leave(now)
    before = list(Community.objects.values())
    late[0].change_entry("listed", "Example Synagogue", "en-gb", now)
    late[1].replace_contact("ada@example.org", "Ada", "Rabbi", now)
    late[2].touch(now)
    late[2].leave(now)

    assert list(Community.objects.values()) == before
    assert not Message.objects.exists()


def test_the_link_of_a_community_that_has_left_no_longer_works(client, community):
    Community.objects.update(left_at=timezone.now(), public_name="")

    assert client.post(path_of(community), {"what": "stay"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_report_that_waits_for_the_community_to_leave_is_not_stored(client, community):
    def report():
        try:
            return Client().post(path_of(community), {"what": "report", "text": "We sang."}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            community.leave(timezone.now())
            answer = pool.submit(report)
            time.sleep(0.5)
        assert answer.result() == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize("what", ["", "other", "steps"])
def test_an_unknown_or_empty_form_changes_nothing(client, community, what):
    assert client.post(path_of(community), {"what": what}).status_code in (200, 302)
    assert Community.objects.get().public_name


def test_the_link_is_not_in_the_outbox(community):
    community.queue("communities.manage", timezone.now())
    assert community.manage_token not in str(Message.objects.values().get())
