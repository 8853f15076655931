"""One organiser can hide all public names at once, everywhere; showing them again requires two."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.desk.tasks import all_tasks
from campaign.public_names.approvals import SHOW_NAMES
from campaign.public_names.models import Hiding
from pledges.models import Export, Pledge, Signature
from tests.accounts.organisers import make_established, make_organiser, sign_in
from tests.pledges.conftest import ANSWERS, post_and_agree

NAMES = ("Ruth Feldman", "Hexham", "Tekoa Choir")
PAGES = ("pledges:sign", "pledges:signatories", "pledges:organisations", "pledges:share", "pledges:areas")
MORE = ("thank-you", "pledges:over-time", "pledges:ledger", "pledges:count", "pledges:badge", "pledges:ask")
HIDE = "/admin/public_names/hiding/hide/"


@pytest.fixture
def public_addresses(pledge, settings):
    """Return the address of every page that may show names, or the number of names."""
    settings.CACHES = settings.CACHES | {"rendered": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    pages = [reverse(name, args=[pledge.slug]) for name in (*PAGES, *MORE)]
    return ["/", "/donate/", "/feed.xml", "/sitemap.xml", *pages]


def named(client, addresses):
    """Return the names that any of the pages shows."""
    pages = [client.get(address) for address in addresses]
    assert {page.status_code for page in pages} == {200}
    return {name for name in NAMES for page in pages if name in page.content.decode()}


def test_no_page_names_anybody_while_names_are_hidden_and_all_do_afterwards(client, public_addresses, hide, grace):
    assert named(client, public_addresses) == set(NAMES)
    hide()
    assert named(client, public_addresses) == set()
    Hiding.end(grace, timezone.now())

    assert named(client, public_addresses) == set(NAMES)


def test_the_panic_switch_adds_no_queries_to_pages(client, pledge, hide, django_assert_num_queries):
    for switch, queries in ((lambda: None, 5), (hide, 4)):  # while names are hidden, no reasons are read
        switch()
        for name in ("pledges:signatories", "pledges:organisations"):
            with django_assert_num_queries(queries):
                client.get(reverse(name, args=[pledge.slug]))
        with django_assert_num_queries(1):
            list(Signature.objects.latest_names())
        with django_assert_num_queries(1):
            list(Pledge.objects.versions())


def test_people_can_still_sign_and_the_form_says_that_names_are_hidden(client, pledge, hide):
    says = "Names are not shown on this site for the time being."
    assert says not in client.get(pledge.get_absolute_url()).content.decode()
    hide()

    assert says in client.get(pledge.get_absolute_url()).content.decode()
    answers = ANSWERS | {"email": "new@example.org", "visibility": "public"}
    assert post_and_agree(client, pledge.get_absolute_url(), answers).status_code == 302
    for name in ("pledges:signatories", "pledges:organisations"):
        page = client.get(reverse(name, args=[pledge.slug])).content.decode()
        assert "Names are not shown for the time being." in page


def test_nobody_can_download_an_export_while_names_are_hidden(client, organiser, pledge, hide):
    approval = ApprovalRequest.objects.create(
        kind="pledges.export", asked_by=organiser, state="done", ended_at=timezone.now()
    )
    export = Export.objects.create(pledge=pledge, purpose="delivery", approval=approval)
    assert export.is_open_to(organiser, timezone.now())
    hide()

    assert client.post(f"/admin/pledges/export/{export.pk}/download/").status_code == 403


def test_the_button_asks_first_and_hides_names_once_a_reason_is_chosen(client, organiser):
    assert HIDE in client.get("/admin/").content.decode()
    page = client.get(HIDE)
    assert (page.status_code, Hiding.objects.count()) == (200, 0)
    for reason in ("", "Ruth Feldman is in danger"):
        assert "errornote" in client.post(HIDE, {"reason": reason}).content.decode()
    assert not Hiding.objects.exists()
    client.post(HIDE, {"reason": "danger"})

    (hiding,) = Hiding.objects.current()
    assert (hiding.began_by, hiding.reason) == (organiser, "danger")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_name, entry.detail) == (Act.HIDE_ALL_NAMES, "ada", {"reason": "danger"})
    assert "somebody who signed may be in danger" in client.get("/admin/public_names/hiding/").content.decode()


def test_names_are_hidden_once_however_often_the_button_is_pressed(client, organiser, hide):
    client.post(HIDE, {"reason": "danger"})
    client.post(HIDE, {"reason": "other"})
    assert not hide()

    assert [hiding.reason for hiding in Hiding.objects.all()] == ["danger"]
    assert AuditEntry.objects.filter(act=Act.HIDE_ALL_NAMES).count() == 1


def test_the_button_says_who_hid_the_names_once_they_are_hidden(client, organiser, hide):
    hide()
    page = client.get(HIDE, follow=True).content.decode()

    assert "No public name is shown." in page
    assert "Show all public names again…" in page


@pytest.mark.django_db(transaction=True)
def test_names_are_hidden_once_if_two_organisers_press_the_button_at_the_same_moment():
    users, together, began = [make_organiser("ada"), make_organiser("grace")], threading.Barrier(2), []

    def press(user):
        together.wait()
        began.append(Hiding.begin(user, Hiding.Reason.DANGER, timezone.now()))
        connection.close()

    threads = [threading.Thread(target=press, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(began) == [False, True]
    assert Hiding.objects.current().count() == 1


def test_showing_names_again_requires_two_organisers(client, hide, pledge):
    ada = sign_in(client, username="ada")
    hide()
    response = client.post("/admin/public_names/hiding/show/")
    page = client.get(response.url).content.decode()
    assert "number of people" not in page
    client.post(response.url, {"ask": "1", "reason": "They are safe."})
    approval = ApprovalRequest.objects.get(kind=SHOW_NAMES)
    assert (approval.state, approval.asked_by) == ("waiting", ada)
    assert client.post(response.url, {"approve": "1"}).status_code == 403
    assert Hiding.objects.current().exists()

    approval.approve(make_established("miriam"), timezone.now())
    assert not Hiding.objects.current().exists()
    assert AuditEntry.objects.filter(act=Act.SHOW_ALL_NAMES).count() == 1


def test_a_request_to_show_names_does_not_end_a_later_hiding(organiser, grace, hide):
    hide()
    first = Hiding.objects.get()
    draft = ApprovalRequest.draft(SHOW_NAMES, organiser, about="", subject=first.pk)
    assert draft.submit(1, "They are safe.", timezone.now())
    Hiding.end(grace, timezone.now())
    hide()
    draft.approve(grace, timezone.now())

    assert Hiding.objects.current().exists()


def test_a_task_states_when_and_why_names_were_hidden(hide, pledge):
    assert not any("public names" in task.text for task in all_tasks())
    hide()

    (task,) = [task for task in all_tasks() if "public names" in task.text]
    assert task.urgent
    assert "somebody who signed may be in danger" in task.text
    assert f"{timezone.localtime():%Y}" in task.text


def test_hiding_or_showing_names_requires_a_permission(client, hide):
    sign_in(client, is_superuser=False)
    assert HIDE not in client.get("/admin/").content.decode()
    for method in (client.get, client.post):
        assert method(HIDE).status_code == 403
    hide()
    assert client.post("/admin/public_names/hiding/show/").status_code == 403
    assert client.get("/admin/public_names/hiding/").status_code == 403
