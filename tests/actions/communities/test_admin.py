"""Organisers approve communities, hide names, erase entries, read reports and complaints, and edit the plan."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.communities.models import Community, Complaint, Material, Report
from campaign.audit.models import AuditEntry
from campaign.desk.tasks import all_tasks
from campaign.mail.models import Message
from tests.accounts.organisers import sign_in, sign_in_as
from tests.actions.communities.conftest import join
from tests.actions.communities.factories import CommunityFactory, PlanFactory
from tests.editing.filled_in import filled_in
from tests.factories import OrganiserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/communities/community/"


def page_of(row):
    return f"{LIST}{row.pk}/change/"


def decide(client, row, *buttons):
    """Press buttons on the community's page as it is now."""
    row.refresh_from_db()
    return post(client, row, *buttons)


def post(client, row, *buttons):
    """Press buttons on the community's page as it was when `row` was loaded."""
    data = dict.fromkeys(buttons, "1") | {"naming": row.naming}
    return client.post(f"{LIST}{row.pk}/decide/", data, follow=True)


def test_one_click_approves_a_community_and_welcomes_its_contact(client, send):
    sign_in(client)
    row = CommunityFactory(new=True, visibility="listed", name="Example Synagogue")
    assert "exactly as typed" in client.get(page_of(row)).content.decode()
    decide(client, row, "approve")

    row.refresh_from_db()
    assert row.approved_at
    assert row.public_name == "Example Synagogue"
    assert AuditEntry.objects.filter(act="approve_community", title="").exists()
    [message] = send()
    assert row.manage_token in message.body
    decide(client, row, "approve")
    assert len(send()) == 1


def test_a_name_that_was_changed_after_the_page_was_opened_is_not_approved(client):
    sign_in(client)
    row = CommunityFactory(new=True, visibility="listed", name="Example Synagogue")
    assert f'name="naming" value="{row.naming}"' in client.get(page_of(row)).content.decode()
    Community.objects.get().change_entry("listed", "A rude name", "en-gb", timezone.now())
    response = post(client, row, "approve")

    assert "Nothing was approved" in response.content.decode()
    assert (Community.objects.get().approved_at, Community.objects.get().public_name) == (None, "")


def test_names_are_never_approved_from_the_list(client):
    sign_in(client)
    rows = [CommunityFactory(new=True, visibility=one) for one in ("listed", "count")]
    data = {"action": "approve", "_selected_action": [str(row.pk) for row in rows]}
    text = client.post(LIST, data, follow=True).content.decode()

    assert "1 community was approved" in text
    assert "were left out" in text
    assert Community.objects.get(approved_at=None).pk == rows[0].pk


def test_a_counted_community_gets_no_public_name(client):
    sign_in(client)
    row = CommunityFactory(new=True)
    decide(client, row, "approve")

    row.refresh_from_db()
    assert (bool(row.approved_at), row.public_name) == (True, "")


def test_approving_communities_from_the_list_takes_a_fixed_number_of_queries(client):
    sign_in(client)

    def approve(count):
        rows = CommunityFactory.create_batch(count, new=True)
        with CaptureQueriesContext(connection) as queries:
            client.post(LIST, {"action": "approve", "_selected_action": [str(row.pk) for row in rows]})
        return len(queries)

    assert approve(2) == approve(9)
    assert Community.objects.taking_part().count() == 11
    assert AuditEntry.objects.filter(act="approve_community").values("object_id").distinct().count() == 11
    assert Message.objects.filter(kind="communities.welcome").count() == 11


def test_a_name_can_be_hidden_and_has_to_be_approved_again(client):
    sign_in(client)
    row = CommunityFactory(listed=True)
    decide(client, row, "hide")
    assert row.name not in client.get("/community/list/").content.decode()
    assert not Community.objects.waiting().exists()
    decide(client, row, "show")
    assert row.name not in client.get("/community/list/").content.decode()
    decide(client, row, "approve")
    assert row.name in client.get("/community/list/").content.decode()
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"hide_name", "show_name"}


def test_an_organiser_erases_an_entry(client):
    sign_in(client)
    row = CommunityFactory(new=True)
    decide(client, row, "remove")
    assert Community.objects.exists()
    decide(client, row, "remove", "sure")

    assert not Community.objects.exists()
    assert AuditEntry.objects.get(act="remove_community").title == ""


def test_mixed_alphabets_are_pointed_out(client):
    sign_in(client)
    row = CommunityFactory(new=True, name="Ex\u0430mple Synagogue")
    assert "mixes alphabets" in client.get(page_of(row)).content.decode()


def test_only_organisers_with_a_further_right_see_contacts(client):
    row = CommunityFactory(listed=True, email="ruth@example.org")
    sign_in_as(client, "Events")
    text = client.get(page_of(row)).content.decode()
    assert row.public_name in text
    assert "Ruth Example" not in text
    assert "ruth@example.org" not in text
    assert row.public_name not in client.get(LIST, {"q": "ruth@example.org"}).content.decode()

    sign_in_as(client, "Supporter care")
    assert "ruth@example.org" in client.get(page_of(row)).content.decode()
    assert row.public_name in client.get(LIST, {"q": "ruth@example.org"}).content.decode()


def test_the_name_of_a_counted_community_is_shown_only_until_it_is_approved(client):
    sign_in_as(client, "Events")
    row = CommunityFactory(new=True, name="Secret Synagogue")
    assert "Secret Synagogue" in client.get(page_of(row)).content.decode()
    Community.objects.update(approved_at=timezone.now())
    for page in (page_of(row), LIST):
        assert "Secret Synagogue" not in client.get(page).content.decode()


def test_an_editor_can_neither_see_nor_approve_communities(client):
    row = CommunityFactory(new=True)
    sign_in_as(client, "Editor")
    assert client.get(page_of(row)).status_code == 403
    assert decide(client, row, "approve").status_code == 403
    assert Community.objects.get().approved_at is None


def test_the_list_takes_few_queries(client, django_assert_max_num_queries):
    sign_in(client)
    CommunityFactory.create_batch(5, new=True)
    CommunityFactory.create_batch(5, listed=True)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_tasks_name_nobody_and_link_to_the_rows_that_are_waiting(client):
    sign_in(client)
    CommunityFactory.create_batch(3, new=True)
    Report.objects.create(community=CommunityFactory(), text="We sang.", sent_at=timezone.now())
    Complaint.objects.create(about="An entry", words="Wrong.", email="a@example.org")

    found = {task.text: task.url for task in all_tasks() if "communities/" in task.url}
    assert "3 communities are waiting for approval." in found
    assert len(found) == 3
    for url in found.values():
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(("kind", "action"), [("report", "mark_read"), ("complaint", "mark_answered")])
def test_reports_and_complaints_are_read_and_marked(client, kind, action):
    sign_in(client)
    now = timezone.now()
    if kind == "report":
        row = Report.objects.create(community=CommunityFactory(), text="We sang.", sent_at=now)
    else:
        row = Complaint.objects.create(about="An entry", words="We sang.", email="a@example.org")
    page = f"/admin/communities/{kind}/"
    assert "We sang." in client.get(f"{page}{row.pk}/change/").content.decode()
    client.post(page, {"action": action, "_selected_action": [str(row.pk)]})

    assert not [task for task in all_tasks() if f"/{kind}/" in task.url]


def test_seeing_the_address_in_a_complaint_needs_a_further_right_and_is_recorded_each_time(client):
    row = Complaint.objects.create(about="An entry", words="Wrong.", email="a@example.org")
    page = f"/admin/communities/complaint/{row.pk}/change/"
    sign_in_as(client, "Events")
    text = client.get(page).content.decode()
    assert "Wrong." in text
    assert "a@example.org" not in text
    assert not AuditEntry.objects.filter(act="see_address").exists()

    sign_in_as(client, "Supporter care")
    assert "a@example.org" in client.get(page).content.decode()
    client.get(page_of(CommunityFactory()))
    assert set(AuditEntry.objects.filter(act="see_address").values_list("model", flat=True)) == {
        "communities.complaint",
        "communities.community",
    }


def test_a_plan_with_material_is_edited_on_the_desk(client):
    sign_in(client)
    plan = PlanFactory(publish=False)
    path = f"/admin/communities/plan/{plan.pk}/change/"
    step = plan.steps.first()
    talk = {"materials-0-step": str(step.pk), "materials-0-title": "A talk", "materials-0-talk": "<p>Points.</p>"}
    page = client.get(path)
    data = filled_in(page) | talk | {"materials-TOTAL_FORMS": "1", "_publish": "1"}
    response = client.post(path, data, follow=True)

    assert response.status_code == 200
    assert Material.objects.get().step == step
    assert "Points." in client.get("/community/").content.decode()


def test_only_steps_of_the_same_plan_are_offered_for_material(client):
    sign_in(client)
    PlanFactory(steps=["A step of another plan"], publish=False)
    plan = PlanFactory(steps=["My step"], publish=False)

    text = client.get(f"/admin/communities/plan/{plan.pk}/change/").content.decode()
    assert "My step</option>" in text
    assert "A step of another plan</option>" not in text


@pytest.mark.django_db(transaction=True)
def test_concurrent_approvals_and_confirmations_count_once():
    organiser = OrganiserFactory(is_superuser=True)
    row, pending = CommunityFactory(new=True), CommunityFactory(pending=True, asked_at=timezone.now())

    def at_once(do):
        def run(_number):
            try:
                return bool(do())
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(run, range(4)))

    at_once(lambda: join(Client()))
    assert Community.objects.from_address("ruth@example.org").count() == 1
    assert at_once(lambda: row.approve(organiser, row.naming, timezone.now())) == [False, False, False, True]
    assert Message.objects.filter(kind="communities.welcome").count() == 1
    confirmed = at_once(lambda: Community.objects.by_token(pending.token).confirm(timezone.now()))
    assert confirmed == [False, False, False, True]
