"""The admin of pages, without a browser: see tests/browser/test_admin.py for the rest."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.pages.models import Page
from tests.factories import PageFactory
from tests.pages.conftest import answers, text_of


def policy(response):
    return response.headers["Content-Security-Policy"]


def test_the_list_of_pages_takes_as_many_queries_however_long_it_is(organiser, site):
    counts = []
    for _ in range(2):
        PageFactory.create_batch(5)
        with CaptureQueriesContext(connection) as queries:
            organiser.get("/admin/pages/page/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


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
