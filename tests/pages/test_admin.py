"""The admin of pages and settings, without a browser: see tests/browser/test_admin.py for the rest."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from campaign.pages.models import MenuItem, Page, SiteSettings, Text
from tests.accounts.organisers import make_organiser, sign_in
from tests.factories import PageFactory, SiteSettingsFactory

EMPTY = {
    f"pages_{block}_set-{name}": "0"
    for block in ("text", "fact", "action")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def organiser(client, db):
    """Return a signed-in client."""
    client.organiser = sign_in(client)
    return client


@pytest.fixture
def site(db):
    return SiteSettingsFactory(name="A campaign")


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def answers(page, **changes):
    fields = {"title": page.title, "slug": page.slug, "order": 0, "language": "en-gb", "published": "on"}
    return EMPTY | fields | changes


def policy(response):
    return response.headers["Content-Security-Policy"]


def test_the_settings_open_directly_and_are_a_single_row(organiser, site):
    response = organiser.get("/admin/pages/sitesettings/")

    assert response.url == "/admin/pages/sitesettings/1/change/"
    assert organiser.get("/admin/pages/sitesettings/add/").status_code == 403
    assert organiser.get("/admin/pages/sitesettings/1/delete/").status_code == 403
    assert 'name="menu-TOTAL_FORMS"' in text_of(organiser.get(response.url))


def test_the_settings_can_be_created_in_the_admin(organiser, db):
    assert organiser.get("/admin/pages/sitesettings/").url == "/admin/pages/sitesettings/add/"

    organiser.post(
        "/admin/pages/sitesettings/add/",
        {
            "name": "Ours",
            "hero_title": "Do it",
            "language": "en-gb",
            "menu-TOTAL_FORMS": "1",
            "menu-INITIAL_FORMS": "0",
            "menu-0-place": "header",
            "menu-0-label": "About",
            "menu-0-url": "/about/",
            "menu-0-order": "0",
        },
    )

    assert SiteSettings.objects.get().name == "Ours"
    assert MenuItem.objects.get().label == "About"


def test_the_admin_index_shows_the_campaigns_name_and_what_is_missing(organiser, site):
    text = text_of(organiser.get("/admin/"))
    assert "Before you open the site" in text
    assert "Give a contact e-mail address" in text
    assert re.search(r'id="site-name">\s*<a[^>]*>A campaign', text)

    site.contact_email = "us@example.org"
    site.save()
    assert "Give a contact e-mail address" not in text_of(organiser.get("/admin/"))


def test_the_contact_address_is_normalised_or_refused_beside_its_field(organiser, site):
    url = "/admin/pages/sitesettings/1/change/"
    answers = {
        "name": "Ours",
        "hero_title": "Sign",
        "language": "en-gb",
        "menu-TOTAL_FORMS": 0,
        "menu-INITIAL_FORMS": 0,
    }
    page = organiser.post(url, answers | {"contact_email": "us\u200bx@example.org"}).content.decode()
    assert "The address contains an invisible character" in page

    organiser.post(url, answers | {"contact_email": "us@bücher.example\u202c"})
    assert SiteSettings.objects.get().contact_email == "us@xn--bcher-kva.example"


def test_the_admin_index_takes_few_queries(organiser, site, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as queries:
        organiser.get("/admin/")

    assert sum("pages_sitesettings" in query["sql"] for query in queries.captured_queries) == 2


def test_the_list_of_pages_takes_as_many_queries_however_long_it_is(organiser, site):
    counts = []
    for _ in range(2):
        PageFactory.create_batch(5)
        with CaptureQueriesContext(connection) as queries:
            organiser.get("/admin/pages/page/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_admin_index_groups_follow_an_organisers_work(organiser, site):
    names = [group["app_label"] for group in organiser.get("/admin/").context["app_list"]]

    assert names[0] == "pages"
    assert names[-1] == "auth"
    assert "account" not in names
    assert "mfa" not in names


def test_the_slug_follows_the_title_of_new_pages_only(organiser, site):
    page = PageFactory()

    assert 'data-prepopulated-fields="[{' in text_of(organiser.get("/admin/pages/page/add/"))
    change = reverse("admin:pages_page_change", args=[page.pk])
    assert 'data-prepopulated-fields="[{' not in text_of(organiser.get(change))


def test_only_published_pages_have_a_view_on_site_link(organiser, site):
    page = PageFactory(slug="about")
    change = reverse("admin:pages_page_change", args=[page.pk])
    assert 'href="/about/"' in text_of(organiser.get(change))

    Page.objects.update(published=False)
    assert 'href="/about/"' not in text_of(organiser.get(change))


def test_a_reserved_slug_is_refused(organiser, site):
    page = PageFactory()
    change = reverse("admin:pages_page_change", args=[page.pk])

    text = text_of(organiser.post(change, answers(page, slug="letters")))
    assert "The site needs this address itself" in text


def test_saving_records_a_version_and_its_author(organiser, site):
    page = PageFactory(title="Old")
    change = reverse("admin:pages_page_change", args=[page.pk])
    organiser.post(change, answers(page))
    organiser.post(change, answers(page, title="New"))

    versions = Version.objects.get_for_object(page)
    assert [version.field_dict["title"] for version in versions] == ["New", "Old", "Old"]
    assert versions[0].revision.user == organiser.organiser


def test_loaded_content_can_be_restored_after_its_first_change(organiser, site):
    page = PageFactory(title="As it was loaded")
    block = Text.objects.create(parent=page, region="main", ordering=10, html="<p>Loaded.</p>")
    change = reverse("admin:pages_page_change", args=[page.pk])
    fields = answers(page, title="New")
    fields |= {"pages_text_set-TOTAL_FORMS": "1", "pages_text_set-INITIAL_FORMS": "1"}
    block_fields = {"id": block.pk, "parent": page.pk, "region": "main", "ordering": 10, "html": "<p>New.</p>"}
    organiser.post(change, fields | {f"pages_text_set-0-{name}": value for name, value in block_fields.items()})
    assert Page.objects.get().title == "New"

    Version.objects.get_for_object(page).last().revision.revert()

    assert Page.objects.get().title == "As it was loaded"
    assert Text.objects.get().html == "<p>Loaded.</p>"


def test_only_the_admin_allows_the_editors_own_styles(organiser, site, client):
    PageFactory(slug="about")

    for path in ("/admin/pages/page/add/", "/about/", "/accounts/2fa/", "/"):
        styles = re.search(r"style-src ([^;]*)", policy(organiser.get(path)))[1]
        assert ("sha256-" in styles) == path.startswith("/admin/"), path
        assert "unsafe" not in policy(organiser.get(path)), path


def test_the_import_map_carries_the_nonce_of_the_page(organiser, site):
    response = organiser.get("/admin/pages/page/add/")

    nonce = re.search(r'<script type="importmap" nonce="([^"]+)"', text_of(response))[1]
    assert f"'nonce-{nonce}'" in policy(response)


def test_public_pages_and_sign_in_set_no_session(client, site):
    PageFactory(slug="about")

    assert not client.get("/about/").cookies
    assert "sessionid" not in client.get("/accounts/login/").cookies


def test_an_organiser_adds_another_who_gets_a_link_and_no_password(organiser, site):
    organiser.post("/admin/auth/user/add/", {"username": "grace", "is_active": "on"})
    grace = organiser.get("/admin/auth/user/").context["cl"].queryset.get(username="grace")
    assert grace.is_staff
    assert not grace.is_superuser
    assert not grace.has_usable_password()
    assert grace.has_perm("pages.change_page")

    text = text_of(organiser.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [grace.pk]}))
    link = re.search(r"http://127.0.0.1:8000(/accounts/sign-in/[^/<]+/)", text)[1]
    assert "grace" in text_of(organiser.get(link))


def test_organisers_who_do_not_manage_accounts_see_none(client, site):
    user = sign_in(client, is_superuser=False)
    other = make_organiser("grace", is_superuser=True)

    for path in ("", f"{other.pk}/change/", "add/"):
        assert client.get(f"/admin/auth/user/{path}").status_code == 403
    response = client.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [other.pk]})
    assert response.status_code == 403
    assert not user.is_superuser


def test_only_account_managers_make_links_whatever_other_permissions_users_have(client, site):
    user = sign_in(client, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    boss = make_organiser("grace", is_superuser=True)

    response = client.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [boss.pk]})
    assert response.status_code == 403


@pytest.fixture
def draft(site):
    """Return an unpublished page in Chinese that nobody has checked."""
    return PageFactory(language="zh-hans", published=False)


def change_of(page):
    return reverse("admin:pages_page_change", args=[page.pk])


def error_beside(field, text):
    """Return the error shown beside a field of the form."""
    row = re.search(rf'<div class="form-row errors field-{field}">.*?</ul>', text, re.DOTALL)
    return row[0] if row else ""


def test_a_translation_is_published_only_with_its_speaker_and_the_day(organiser, draft):
    fields = answers(draft, language="zh-hans")
    text = text_of(organiser.post(change_of(draft), fields))
    for field in ("checked_by", "checked_on"):
        assert "only once a speaker of its language has checked it" in error_beside(field, text)
    half = text_of(organiser.post(change_of(draft), fields | {"checked_by": "Li Na"}))
    assert error_beside("checked_on", half)
    assert not error_beside("checked_by", half)
    assert "Li Na" in half
    assert not Page.objects.get().published

    organiser.post(change_of(draft), fields | {"checked_by": "Li Na", "checked_on": "2026-11-01"})
    page = Page.objects.get()
    assert (page.published, page.checked_by) == (True, "Li Na")


def test_a_draft_may_be_saved_without_a_speaker(organiser, draft):
    fields = {name: value for name, value in answers(draft, title="New").items() if name != "published"}
    organiser.post(change_of(draft), fields | {"language": "zh-hans", "checked_by": "  "})

    page = Page.objects.get()
    assert (page.title, page.checked_by) == ("New", None)


def test_a_page_in_english_needs_no_speaker(organiser, site):
    page = PageFactory(published=False)
    organiser.post(change_of(page), answers(page, language="en-gb"))

    assert Page.objects.published().get() == page


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday"])
def test_a_page_is_checked_on_a_real_day_in_the_past(organiser, draft, day):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on=day)

    assert error_beside("checked_on", text_of(organiser.post(change_of(draft), fields)))


def test_the_list_marks_translations_and_explains_why_one_cannot_be_published(organiser, draft):
    url = "/admin/pages/page/"
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(url))
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(change_of(draft)))
    fields = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": draft.pk, "form-0-published": "on"}
    text = text_of(organiser.post(url, fields | {"form-0-order": 0, "_save": "Save"}))
    assert "only once a speaker of its language has checked it" in text
    assert not Page.objects.get().published

    Page.objects.update(checked_by="Li Na", checked_on=date(2026, 11, 1))
    text = text_of(organiser.get(url))
    assert "checked on 1 November 2026" in text
    assert "Li Na" not in text


def test_versions_do_not_keep_the_speakers_name_and_a_restored_one_is_checked_again(organiser, draft):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on="2026-11-01")
    organiser.post(change_of(draft), fields)
    version = Version.objects.get_for_object(draft).first()
    assert "Li Na" not in version.serialized_data

    version.revision.revert()
    assert not Page.objects.published().exists()
    assert Page.objects.get().checked_by is None


def test_a_page_is_not_a_translation_of_itself(organiser, site):
    page = PageFactory()

    text = text_of(organiser.post(change_of(page), answers(page, translation_of=page.pk)))
    assert "Choose a different page" in text
