"""Some content is published by two organisers: one requests publication, and the other approves it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry
from campaign.joint_publishing.approvals import END, PUBLISH
from campaign.joint_publishing.models import JointKind
from campaign.pages.models import Page
from campaign.versions.models import Version
from pledges.models import Pledge
from tests.accounts.organisers import begin_session, make_established, sign_in
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, PledgeFactory, SignatureFactory


@pytest.fixture
def joint(db):
    JointKind.objects.create(model="pages.page")
    JointKind.objects.create(model="pledges.pledge")


@pytest.fixture
def ruth(client, db):
    """Sign in the organiser who files the requests; return her client."""
    return sign_in(client)


@pytest.fixture
def grace(db):
    return make_established("grace")


@pytest.fixture
def second(grace):
    """Return the signed-in client of a second organiser, who may approve."""
    browser = Client()
    begin_session(browser, grace)
    return browser


@pytest.fixture
def page(db):
    page = PageFactory(title="Why we act", slug="why")
    Page.objects.filter(pk=page.pk).update(title="Why we really act")
    return Page.objects.get()


def publish(client, row, **answers):
    path = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/publish/"
    form = client.get(path)
    data = {"number": form.context["number"], "note": "A better title"} | answers
    return client.post(path, data, follow=True)


def approve(client, request):
    return client.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", {"approve": "1"}, follow=True)


def shown():
    return [page.title for page in Page.objects.published()]


def test_visitors_see_a_change_once_a_second_organiser_has_approved_it(joint, ruth, client, second, page):
    answer = publish(client, page).content.decode()
    assert "once a second organiser has approved it" in answer
    assert "See the request" in answer
    assert shown() == ["Why we act"]

    request = ApprovalRequest.objects.get()
    text = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert "A better title" in text
    assert f"/admin/pages/page/{page.pk}/compare/?old=1&amp;new=2" in text
    approve(second, request)

    assert shown() == ["Why we really act"]
    newest = Version.objects.of(Page, page.pk).first()
    assert (newest.number, newest.author, newest.note) == (3, "ada", "A better title")


def test_publish_now_first_asks_what_has_changed(joint, ruth, client, page):
    path = f"/admin/pages/page/{page.pk}/change/"
    data = filled_in(client.get(path), title="Another") | {"_publish": "1"}
    answer = client.post(path, data, follow=True)

    assert "Ask for approval" in answer.content.decode()
    assert shown() == ["Why we act"]
    assert not ApprovalRequest.objects.exists()
    assert "This field is required." in publish(client, page, note="").content.decode()


def test_nobody_can_approve_their_own_request(joint, ruth, client, page):
    publish(client, page)

    assert approve(client, ApprovalRequest.objects.get()).status_code == 403
    assert shown() == ["Why we act"]


def test_a_draft_that_changed_after_the_request_is_not_published(joint, ruth, client, second, page):
    publish(client, page)
    page.title = "Something else"
    page.save()
    request = ApprovalRequest.objects.get()

    assert (
        "has been changed since"
        in second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    )
    assert approve(second, request).status_code == 403
    assert shown() == ["Why we act"]


def test_a_change_at_the_moment_of_approval_is_refused_with_the_reason(joint, ruth, client, second, page, monkeypatch):
    publish(client, page)
    obstacle = ApprovalRequest.obstacle

    def then_change(*args):
        found = obstacle(*args)
        Page.objects.filter(pk=page.pk).update(title="Changed just now")
        return found

    monkeypatch.setattr(ApprovalRequest, "obstacle", then_change)
    answer = approve(second, ApprovalRequest.objects.get())

    assert answer.status_code == 200
    assert "has been changed since" in answer.content.decode()
    assert ApprovalRequest.objects.get().state == "waiting"
    assert shown() == ["Why we act"]


def test_publishing_again_makes_no_second_request(joint, ruth, client, page):
    publish(client, page)
    path = f"/admin/pages/page/{page.pk}/publish/"
    assert "Waiting for a second organiser." in client.get(path).content.decode()
    client.post(path, {"number": "3", "note": "Again"})

    assert ApprovalRequest.objects.count() == 1


def test_a_planned_time_is_kept_and_a_past_time_means_now(joint, ruth, client, second, page):
    when = timezone.localtime() + timedelta(days=2)
    planned = {"live_at_0": f"{when:%Y-%m-%d}", "live_at_1": f"{when:%H:%M}"}
    publish(client, page, **planned)
    first = ApprovalRequest.objects.get()
    approve(second, first)
    assert shown() == ["Why we act"]
    with time_machine.travel(when + timedelta(minutes=1), tick=True):
        assert shown() == ["Why we really act"]

    Page.objects.update(title="Late")
    publish(client, page, **planned)
    with time_machine.travel(when + timedelta(minutes=1), tick=True):
        begin_session(second, make_established("mary"))
        approve(second, ApprovalRequest.objects.exclude(pk=first.pk).get())
        assert shown() == ["Late"]


def test_a_request_whose_end_has_passed_is_refused_with_the_reason(joint, ruth, client, second, page):
    ends = timezone.localtime() + timedelta(hours=2)
    publish(client, page, expires_at_0=f"{ends:%Y-%m-%d}", expires_at_1=f"{ends:%H:%M}")
    request = ApprovalRequest.objects.get()
    with time_machine.travel(ends + timedelta(minutes=5), tick=True):
        begin_session(second, make_established("mary"))
        text = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()

    assert "It should have disappeared by now." in text


def test_a_request_about_a_deleted_draft_still_opens(joint, ruth, client, second, page):
    publish(client, page)
    page.delete()
    path = f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.get().pk}/change/"

    assert "It has been deleted." in second.get(path).content.decode()
    assert second.post(path, {"undo": "1"}, follow=True).status_code == 200


def test_other_content_is_published_at_once(joint, ruth, client):
    JointKind.objects.filter(model="pages.page").delete()
    page = PageFactory(publish=False)
    publish(client, page)

    assert shown() == [page.title]


def test_a_new_wording_keeps_its_number_and_a_correction_its_reason(joint, ruth, client, second):
    pledge = SignatureFactory(pledge=PledgeFactory(statement="We have sean enough of it.")).pledge
    Pledge.objects.filter(pk=pledge.pk).update(statement="We have seen enough of it.")
    publish(client, pledge, change="slip", reason="A word was misspelt.")
    approve(second, ApprovalRequest.objects.get())
    live = Pledge.objects.published().get()
    assert (live.statement, live.wording) == ("We have seen enough of it.", 1)
    assert live.corrections_made[0].reason == "A word was misspelt."

    Pledge.objects.filter(pk=pledge.pk).update(statement="We ask for something new.")
    publish(client, pledge, change="new")
    approve(second, ApprovalRequest.objects.first())
    live = Pledge.objects.published().get()
    assert (live.statement, live.wording) == ("We ask for something new.", 2)


def test_only_somebody_who_may_change_the_content_may_approve(joint, ruth, client, page):
    publish(client, page)
    events = make_established("events", is_superuser=False)
    events.groups.add(Group.objects.get(name="Events"))
    browser = Client()
    begin_session(browser, events)
    request = ApprovalRequest.objects.get()

    assert (
        "Your role does not let you"
        in browser.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    )
    assert approve(browser, request).status_code == 403


def test_one_owner_can_begin_the_rule_but_ending_it_takes_two(ruth, client, second):
    client.post("/admin/joint_publishing/jointkind/add/", {"model": "pages.page"})
    kind = JointKind.objects.get()
    assert AuditEntry.objects.filter(act="add", model="joint_publishing.jointkind").exists()
    client.post(f"/admin/joint_publishing/jointkind/{kind.pk}/delete/", {"post": "yes"})
    assert JointKind.objects.exists()

    answer = client.post(f"/admin/joint_publishing/jointkind/{kind.pk}/end/")
    client.post(answer.url, {"ask": "1", "reason": "We are few."})
    request = ApprovalRequest.objects.get(kind=END)
    assert JointKind.objects.exists()
    approve(second, request)

    assert not JointKind.objects.exists()


@pytest.mark.parametrize("role", ["Editor", "Supporter care", "Treasurer"])
def test_roles_can_neither_begin_nor_end_it(role, joint, client):
    user = sign_in(client, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    kind = JointKind.objects.first()

    assert client.get("/admin/joint_publishing/jointkind/add/").status_code == 403
    assert client.post(f"/admin/joint_publishing/jointkind/{kind.pk}/end/").status_code == 403


def test_a_request_about_a_removed_kind_still_opens(ruth, client, db):
    request = ApprovalRequest.draft(
        PUBLISH, ruth, about="Old", subject="old.thing.7", number=1, answers={}, live_at=None, expires_at=None
    )

    assert client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").status_code == 200
