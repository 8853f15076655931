"""Organisations that sign: listed apart, once an organiser has checked them."""

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
    """Give the text of a page of the pledge."""
    return lambda name: client.get(f"{pledge.get_absolute_url()}{name}/").content.decode()


@pytest.fixture
def signed(client, sign, confirm_link):
    """An organisation has signed and confirmed."""
    sign(**GROUP)
    client.post(confirm_link())
    return Signature.objects.get()


def test_it_is_listed_apart_with_its_website_once_an_organiser_approves(client, signed, page, pledge):
    publish_counts()
    assert "Golders Green Group" not in page("organisations")

    sign_in(client)
    chosen = {"action": "approve_organisations", "_selected_action": [signed.pk]}
    client.post("/admin/pledges/signature/", chosen)
    client.logout()
    publish_counts()

    listed = page("organisations")
    assert "Golders Green Group" in listed
    assert 'href="https://golders.example"' in listed
    assert "nofollow" in listed
    assert "Golders Green Group" not in page("signatories")
    assert "Chair" not in listed + page("signatories")


def test_who_signs_for_it_is_not_named(signed, page):
    Signature.objects.update(approved=True)
    publish_counts()

    assert "Ruth Feldman" not in page("organisations") + page("signatories")


def test_what_belongs_to_an_organisation_is_not_kept_of_a_person(sign):
    sign(**GROUP | {"kind": "person"})

    signature = Signature.objects.get()
    assert (signature.organisation, signature.role, signature.link) == (None, None, None)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "not a link", "https://" + "x" * 300])
def test_what_is_no_web_address_is_refused(sign, link):
    assert sign(**GROUP | {"link": link}).status_code == 200
    assert not Signature.objects.exists()


def test_the_list_is_kept_from_search_engines_and_sets_no_cookie(client, pledge, page):
    answer = client.get(f"{pledge.get_absolute_url()}organisations/")

    assert "noindex" in page("organisations")
    assert "No organisations are listed yet" in page("organisations")
    assert not answer.cookies
    assert "public" in answer.headers["Cache-Control"]
