"""Redirects from addresses that pages had before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.links.models import Redirect
from campaign.pages.models import Page
from pledges.models import Signature
from tests.actions.factories import AppealFactory, LetterFactory, ProtestFactory
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory
from tests.pages.conftest import answers, change_of
from tests.pledges.conftest import ANSWERS


@pytest.fixture
def site(db):
    return SiteSettingsFactory()


def rename(row, slug):
    row.slug = slug
    row.save()


@pytest.mark.parametrize(
    ("factory", "old", "new"),
    [
        (PageFactory, "/old/", "/new/"),
        (LetterFactory, "/letters/old/download.pdf?x=1", "/letters/new/download.pdf?x=1"),
        (PledgeFactory, "/pledges/old/signatories/", "/pledges/new/signatories/"),
        (PledgeFactory, "/pledges/old/share.png", "/pledges/new/share.png"),
        (ProtestFactory, "/protests/old.ics", "/protests/new.ics"),
        (AppealFactory, "/go/old/", "/go/new/"),
    ],
)
def test_every_old_address_of_a_renamed_page_redirects_to_its_new_one(client, site, factory, old, new):
    row = factory(slug="old")
    rename(row, "between")
    rename(row, "new")

    for method in (client.get, client.head):
        response = method(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30"
        assert not response.cookies


def test_a_form_from_a_cached_page_still_signs(client, site):
    pledge = PledgeFactory(slug="old")
    rename(pledge, "new")

    response = client.post("/pledges/old/", ANSWERS)
    assert response.status_code == 308
    assert "no-store" in response.headers["Cache-Control"]
    client.post(response.headers["Location"], ANSWERS)

    assert Signature.objects.filter(pledge=pledge).count() == 1


def test_a_page_that_exists_needs_no_query_for_redirects(client, site):
    page = PageFactory(slug="here")
    rename(page, "there")
    with CaptureQueriesContext(connection) as queries:
        client.get("/there/")
    assert [query["sql"] for query in queries if "links_redirect" in query["sql"]] == []


def test_hidden_pages_and_unknown_addresses_are_not_found(client, site):
    page = PageFactory(slug="old")
    rename(page, "secret")
    Page.objects.update(published=False)

    for path in ("/old/", "/secret/", "/never/", "/" + "x" * 300 + "/", "/a/b/c/d/e/f/"):
        assert client.get(path).status_code == 404, path
    assert client.post("/old/").status_code == 405


def test_an_unknown_address_below_the_old_one_is_not_found(client, site):
    page = PageFactory(slug="old")
    rename(page, "new")

    assert client.get("/old/evil/").status_code == 404
    assert client.get("/older/").status_code == 404


def test_renaming_back_leaves_no_redirect_to_itself(client, site):
    page = PageFactory(slug="old")
    rename(page, "new")
    rename(page, "old")

    assert client.get("/old/").status_code == 200
    assert client.get("/new/").headers["Location"] == "/old/"
    assert Redirect.objects.count() == 1


def test_saving_other_fields_leaves_no_redirect(site):
    page = PageFactory(slug="old")
    page.title = "New"
    page.save()
    page.slug = "ignored"
    page.save(update_fields=["title"])

    assert not Redirect.objects.exists()


def test_a_new_page_can_have_a_redirected_address_only_once_the_redirect_is_deleted(organiser):
    page = PageFactory(title="The old page", slug="old")
    rename(page, "new")
    other = PageFactory(slug="other")

    refused = organiser.post(change_of(other), answers(other, slug="old"))
    assert "This address now redirects visitors to “The old page”" in refused.content.decode()
    own = organiser.post(change_of(page), answers(page, slug="old"))
    assert own.status_code == 302
    organiser.post(change_of(page), answers(page, slug="new"))

    redirect = Redirect.objects.get()
    listed = organiser.get(reverse("admin:links_redirect_changelist")).content.decode()
    assert "/old/" in listed
    assert "The old page" in listed
    organiser.post(reverse("admin:links_redirect_delete", args=[redirect.pk]), {"post": "yes"})
    assert organiser.post(change_of(other), answers(other, slug="old")).status_code == 302


def test_a_redirect_to_a_deleted_page_leaves_its_address_free(organiser):
    page = PageFactory(slug="old")
    rename(page, "new")
    page.delete()

    assert organiser.get("/old/").status_code == 404
    assert "the page has been deleted" in organiser.get(reverse("admin:links_redirect_changelist")).content.decode()
    Page(title="T", slug="old").full_clean()


def test_organisers_without_the_permission_cannot_delete_redirects(organiser):
    page = PageFactory(slug="old")
    rename(page, "new")
    organiser.organiser.is_superuser = False
    organiser.organiser.save()

    assert organiser.post(reverse("admin:links_redirect_delete", args=[Redirect.objects.get().pk])).status_code == 403
