"""Organisations that sign: listed separately, once an organiser has checked them."""

import pytest

from pledges.counting.publishing import publish_counts
from pledges.models import Signature
from tests.accounts.organisers import sign_in

GROUP = {
    "kind": "organisation",
    "organisation": "Golders Green Group",
    "role": "Chair",
    "link": "golders.example",
    "visibility": "public",
}


@pytest.fixture
def page(client, pledge):
    """Return the text of one of the pledge's pages."""
    return lambda name: client.get(f"{pledge.get_absolute_url()}{name}/").content.decode()


@pytest.fixture
def signature(client, sign, confirm_link):
    """Have an organisation sign and confirm; return its signature."""
    sign(**GROUP)
    client.post(confirm_link())
    return Signature.objects.get()


def test_an_approved_organisation_is_listed_separately_with_its_website(client, signature, page, pledge):
    publish_counts()
    assert "Golders Green Group" not in page("organisations")

    sign_in(client)
    chosen = {"action": "approve_organisations", "_selected_action": [signature.pk]}
    client.post("/admin/pledges/signature/", chosen)
    client.logout()
    publish_counts()

    listed = page("organisations")
    assert "Golders Green Group" in listed
    assert 'href="https://golders.example"' in listed
    assert "nofollow" in listed
    assert "Golders Green Group" not in page("signatories")
    assert "Chair" not in listed + page("signatories")


def test_the_person_who_signs_for_an_organisation_is_not_named(signature, page):
    Signature.objects.update(approved=True)
    publish_counts()

    assert "Ruth Feldman" not in page("organisations") + page("signatories")


def test_answers_about_an_organisation_are_not_stored_for_a_person(sign):
    sign(**GROUP | {"kind": "person"})

    signature = Signature.objects.get()
    assert (signature.organisation, signature.role, signature.link) == (None, None, None)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "not a link", "https://" + "x" * 300])
def test_an_invalid_web_address_is_refused(sign, link):
    assert sign(**GROUP | {"link": link}).status_code == 200
    assert not Signature.objects.exists()


def test_search_engines_do_not_index_the_list_and_it_sets_no_cookie(client, pledge, page):
    response = client.get(f"{pledge.get_absolute_url()}organisations/")

    assert "noindex, nofollow" in page("organisations")
    assert "No organisations are listed yet" in page("organisations")
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]
