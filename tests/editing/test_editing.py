"""Drafts, publishing and scheduling in the admin."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaign.audit.models import AuditEntry
from campaign.pages.models import Page, Text
from campaign.versions.models import Version
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, PledgeFactory


@pytest.fixture
def page(db):
    page = PageFactory(title="Why we act", slug="why", publish=False)
    Text.objects.create(parent=page, region="main", ordering=10, html="<p>We remember.</p>")
    page.publish()
    return page


def change(page):
    return f"/admin/pages/page/{page.pk}/change/"


def save(client, page, button="_continue", **changes):
    form = client.get(change(page))
    return client.post(change(page), filled_in(form, **changes) | {button: "1"}, follow=True)


def test_saving_a_draft_changes_nothing_for_visitors(organiser, client, page):
    before = client.get("/why/").content
    save(organiser, page, title="Why we really act", pages_text_set__0__html="<p>We remember all.</p>")

    page.refresh_from_db()
    assert page.title == "Why we really act"
    assert client.get("/why/").content == before


def test_publishing_shows_the_draft_to_visitors(organiser, client, page):
    response = save(organiser, page, "_publish", title="Why we really act", pages_text_set__0__html="<p>All.</p>")

    assert "has been published" in response.content.decode()
    text = client.get("/why/").content.decode()
    assert "Why we really act" in text
    assert "All." in text
    newest = Version.objects.of(Page, page.pk).order_by("-number").first()
    assert (newest.number, newest.author) == (2, "ada")


def test_a_draft_may_be_incomplete_but_cannot_be_published(organiser, client, page):
    response = save(organiser, page, "_publish", title="", pages_text_set__0__html="")

    assert Page.objects.get().title == ""
    text = response.content.decode()
    assert f'href="{change(page)}#id_title"' in text
    assert f'href="{change(page)}#id_pages_text_set-0-html"' in text
    assert "This is still empty." in text
    assert "Why we act" in client.get("/why/").content.decode()


def test_a_new_page_is_a_draft(organiser, client, db):
    form = organiser.get("/admin/pages/page/add/")
    organiser.post("/admin/pages/page/add/", filled_in(form, title="New", slug="new") | {"_continue": "1"})

    assert Page.objects.get().title == "New"
    assert client.get("/new/").status_code == 404


def test_two_clicks_make_one_page(organiser, db):
    data = filled_in(organiser.get("/admin/pages/page/add/"), title="New", slug="new") | {"_continue": "1"}
    assert organiser.post("/admin/pages/page/add/", data).status_code == 302
    assert organiser.post("/admin/pages/page/add/", data).url == f"/admin/pages/page/{Page.objects.get().pk}/change/"
    assert Page.objects.count() == 1


def test_a_scheduled_version_appears_and_disappears_at_its_times(organiser, client, page, time_machine):
    save(organiser, page, title="The new title")
    now = timezone.localtime()
    start, end = now + timedelta(hours=1), now + timedelta(hours=2)
    answers = {
        "number": 2,
        **{"live_at_0": start.strftime("%Y-%m-%d"), "live_at_1": start.strftime("%H:%M:%S")},
        **{"expires_at_0": end.strftime("%Y-%m-%d"), "expires_at_1": end.strftime("%H:%M:%S")},
    }
    response = organiser.post(f"/admin/pages/page/{page.pk}/publish/", answers, follow=True)
    assert "will be published on" in response.content.decode()

    assert "Why we act" in client.get("/why/").content.decode()
    time_machine.move_to(start + timedelta(seconds=1))
    assert "The new title" in client.get("/why/").content.decode()
    time_machine.move_to(end + timedelta(seconds=1))
    assert client.get("/why/").status_code == 404


def test_a_scheduled_version_can_be_called_off(organiser, client, page, time_machine):
    page.title = "Never"
    page.save()
    version = page.publish(live_at=timezone.now() + timedelta(hours=1))
    organiser.post(f"/admin/pages/page/{page.pk}/cancel/{version.number}/")

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert "Why we act" in client.get("/why/").content.decode()


def test_text_based_on_an_older_edition_is_refused_and_shown_beside_the_newer_one(organiser, colleague, page):
    mine = filled_in(organiser.get(change(page)), title="My title")
    save(colleague, page, title="Their title", pages_text_set__0__html="<p>Theirs.</p>")

    response = organiser.post(change(page), mine | {"_continue": "1"})
    assert response.status_code == 409
    assert Page.objects.get().title == "Their title"
    text = response.content.decode()
    assert "Nothing has been saved yet" in text
    again = filled_in(response)
    assert again["title"] == "My title"

    organiser.post(change(page), again | {"_continue": "1"})
    assert Page.objects.get().title == "My title"


def test_text_in_a_block_that_somebody_has_deleted_is_not_lost(organiser, colleague, page):
    mine = filled_in(organiser.get(change(page)), pages_text_set__0__html="<p>Long work.</p>")
    save(colleague, page, pages_text_set__0__DELETE="on")
    assert not Text.objects.exists()

    response = organiser.post(change(page), mine | {"_continue": "1"})
    assert response.status_code == 409
    organiser.post(change(page), filled_in(response) | {"_continue": "1"})
    assert Text.objects.get().html == "<p>Long work.</p>"


def test_unsaved_text_is_kept_and_offered_again(organiser, colleague, page):
    form = filled_in(organiser.get(change(page)), title="Half a tit")
    answer = organiser.post(f"/admin/pages/page/{page.pk}/keep/", form).json()
    assert "Kept at" in answer["kept"]

    offered = organiser.get(change(page)).content.decode()
    assert "that you did not save" in offered
    restored = organiser.get(f"{change(page)}?copy={form['form_id']}")
    assert filled_in(restored)["title"] == "Half a tit"
    assert Page.objects.get().title == "Why we act"
    assert "Half a tit" not in colleague.get(f"{change(page)}?copy={form['form_id']}").content.decode()

    organiser.post(change(page), filled_in(restored) | {"_continue": "1"})
    assert Page.objects.get().title == "Half a tit"
    assert "that you did not save" not in organiser.get(change(page)).content.decode()


def test_an_organiser_sees_who_else_is_editing(organiser, colleague, page):
    form = filled_in(colleague.get(change(page)))
    colleague.post(f"/admin/pages/page/{page.pk}/presence/", form)

    assert "Ruth Feldman is editing this too." in organiser.get(change(page)).content.decode()
    assert "is editing this too." not in colleague.get(change(page)).content.decode()


def test_a_preview_shows_what_is_on_the_screen_and_stores_none_of_it(organiser, client, page):
    before = client.get("/why/").content
    form = filled_in(organiser.get(change(page)), title="Only typed", pages_text_set__0__html="<p>Typed.</p>")
    wrapper = organiser.post(f"/admin/pages/page/{page.pk}/preview/", form, follow=True)
    assert wrapper.status_code == 200

    shown = organiser.get(f"/admin/pages/page/{page.pk}/preview/page/?copy={form['form_id']}")
    text = shown.content.decode()
    assert "Only typed" in text
    assert "Typed." in text
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in shown.headers["Cache-Control"]
    assert Page.objects.get().title == "Why we act"
    assert client.get("/why/").content == before
    assert Version.objects.of(Page, page.pk).count() == 1


def test_a_new_page_can_be_previewed_before_it_is_saved(organiser, db):
    form = filled_in(organiser.get("/admin/pages/page/add/"), title="Brand new", slug="brand-new")
    organiser.post("/admin/pages/page/add/preview/", form)

    shown = organiser.get(f"/admin/pages/page/add/preview/page/?copy={form['form_id']}")
    assert "Brand new" in shown.content.decode()
    assert not Page.objects.exists()


def test_a_pledge_can_be_previewed(organiser, db):
    pledge = PledgeFactory(title="Stop it")
    form = filled_in(organiser.get(f"/admin/pledges/pledge/{pledge.pk}/change/"), title="Stop it now")
    organiser.post(f"/admin/pledges/pledge/{pledge.pk}/preview/", form)

    shown = organiser.get(f"/admin/pledges/pledge/{pledge.pk}/preview/page/?copy={form['form_id']}")
    assert "Stop it now" in shown.content.decode()


def test_a_signed_link_shows_the_saved_draft_for_a_week(organiser, client, page, time_machine):
    save(organiser, page, title="Not yet published")
    text = organiser.get(f"/admin/pages/page/{page.pk}/preview/").content.decode()
    link = text.partition('value="http://testserver')[2].partition('"')[0]

    stranger = type(client)()
    assert "Not yet published" in stranger.get(link).content.decode()
    assert stranger.get(f"{link[:-3]}x/").status_code == 404
    time_machine.move_to(timezone.now() + timedelta(days=8))
    assert stranger.get(link).status_code == 404


def test_versions_are_compared_in_words_and_restored_as_the_draft(organiser, client, page):
    save(organiser, page, "_publish", title="Why we really act", pages_text_set__0__html="<p>We remember all.</p>")
    save(organiser, page, title="Third")

    text = organiser.get(f"/admin/pages/page/{page.pk}/compare/?old=1&new=2").content.decode()
    assert "really" in text
    assert "<ins>" in text
    assert organiser.get(f"/admin/pages/page/{page.pk}/history/").status_code == 200
    organiser.post(f"/admin/pages/page/{page.pk}/restore/1/")
    page.refresh_from_db()
    assert page.title == "Why we act"
    assert Text.objects.get().html == "<p>We remember.</p>"
    assert "Why we really act" in client.get("/why/").content.decode()
    kept = Version.objects.of(Page, page.pk).get(live_at=None)
    assert kept.content["fields"]["title"] == "Third"


def test_a_deleted_page_can_be_brought_back(organiser, client, page):
    organiser.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})
    assert not Page.objects.exists()
    assert client.get("/why/").status_code == 404

    assert "Why we act" in organiser.get("/admin/pages/page/deleted/").content.decode()
    organiser.post("/admin/pages/page/deleted/", {"object_id": page.pk})
    back = Page.objects.get()
    assert (back.pk, back.title, back.published) == (page.pk, "Why we act", False)
    assert Text.objects.get().html == "<p>We remember.</p>"
    assert client.get("/why/").status_code == 404


def test_deleting_a_page_calls_off_its_scheduled_versions(organiser, page):
    page.publish(live_at=timezone.now() + timedelta(days=1))
    assert "Why we act goes live" in organiser.get("/admin/").content.decode()
    organiser.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})

    assert "Why we act goes live" not in organiser.get("/admin/").content.decode()
    organiser.post("/admin/pages/page/deleted/", {"object_id": page.pk})
    Page.objects.update(published=True)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        assert Page.objects.published().get().version_number == 1


def test_the_audit_log_records_publishing_calling_off_restoring_and_bringing_back(organiser, page):
    path = f"/admin/pages/page/{page.pk}"
    save(organiser, page, "_publish", title="Why we really act")
    when = timezone.localtime() + timedelta(days=1)
    planned = {"number": "3", "live_at_0": f"{when:%Y-%m-%d}", "live_at_1": f"{when:%H:%M}"}
    organiser.post(f"{path}/publish/", planned)
    organiser.post(f"{path}/cancel/3/")
    organiser.post(f"{path}/restore/1/")
    organiser.post(f"{path}/delete/", {"post": "yes"})
    organiser.post("/admin/pages/page/deleted/", {"object_id": page.pk})

    acts = ["publish", "call_off", "restore", "bring_back"]
    found = AuditEntry.objects.filter(model="pages.page", object_id=str(page.pk), act__in=acts).order_by("pk")
    assert [(entry.act, entry.detail.get("version")) for entry in found] == [
        ("publish", 2),
        ("publish", 3),
        ("call_off", 3),
        ("restore", 1),
        ("bring_back", None),
    ]
