"""How public names and signatures on paper are shown."""

import re

import pytest
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import ManageLink, PaperSheet, Signature
from pledges.models.manage_link import manage_token
from tests.factories import SignatureFactory
from tests.pledges.conftest import ANSWERS

QUESTION = "Anyone in any country will be able to see this"
NAMES = [
    "J.Jansen",
    "Ruth_Feldman",
    "\u674e\u5c0f\u9f99",
    "Feldman, Ruth",
    "Dr Ruth Feldman",
    "Ruth Feldman MBE",
    "Wang Xiaoming",
]


def public_list(client, pledge):
    publish_counts()
    return client.get(f"{pledge.get_absolute_url()}signatories/").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_the_public_sees_exactly_what_the_signer_typed_to_show(client, pledge, sign, confirm_link, name):
    sign(visibility="public", name=name, shown_name="R.", town=" Leeds ")
    client.post(confirm_link())

    page = public_list(client, pledge)
    assert "<bdi>R.</bdi>" in page
    assert "<bdi>Leeds</bdi>" in page
    assert name not in page


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_guessed_from_a_name(client, pledge, sign, confirm_link, name):
    sign(visibility="public", name=name)
    client.post(confirm_link())

    assert f"<bdi>{name}</bdi>" in public_list(client, pledge)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, ["Ruth Feldman"]),
        ({"shown_name": "Ruth F.", "town": "Leeds"}, ["Ruth F.", "Leeds"]),
        ({"name": "Ruth\u202e\u200b Feldman", "shown_name": "\u3164"}, ["Ruth Feldman"]),
        (
            {"kind": "organisation", "organisation": "Tea & Co", "link": "tea.example", "shown_name": "Ruth F."},
            ["Tea &amp; Co", "https://tea.example"],
        ),
    ],
)
def test_nothing_is_stored_before_a_public_signer_has_seen_what_is_shown(client, pledge, changes, shown):
    answers = ANSWERS | {"visibility": "public"} | changes
    page = client.post(pledge.get_absolute_url(), answers).content.decode()

    panel = page[page.index(QUESTION) :].partition("</div>")[0]
    assert re.findall(r"<bdi>(.*?)</bdi>", panel) == shown
    assert "Yes, show this and sign" in page
    assert not Signature.objects.exists()


def test_changing_the_name_after_the_question_asks_again(client, pledge):
    seen = ANSWERS | {"visibility": "public", "shown_name": "R.", "public_seen": "Ruth Feldman"}

    assert QUESTION in client.post(pledge.get_absolute_url(), seen).content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("visibility", ["private", "count"])
def test_people_who_are_not_shown_are_not_asked_and_no_name_to_show_is_stored(client, pledge, visibility):
    answers = ANSWERS | {"visibility": visibility, "shown_name": "Ruth F.", "town": "Leeds"}
    assert client.post(pledge.get_absolute_url(), answers).status_code == 302

    assert (Signature.objects.get().shown_name, Signature.objects.get().town) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"visibility": "count", "name": "<script>"},
        {"visibility": "count", "kind": "organisation", "organisation": "www.example.org"},
        {"visibility": "private", "shown_name": "@", "town": "<b>"},
        {"visibility": "private", "organisation": "@", "role": "@", "link": "x y"},
        {"visibility": "private", "country": "BR", "postcode": "12345-678 and more"},
    ],
)
def test_fields_that_do_not_apply_to_a_signer_are_neither_validated_nor_stored(client, pledge, wrong):
    assert client.post(pledge.get_absolute_url(), ANSWERS | wrong).status_code == 302

    signature = Signature.objects.get()
    assert {signature.shown_name, signature.town, signature.organisation, signature.role, signature.link} == {None}


def test_the_question_waits_until_everything_else_is_valid(client, pledge):
    wrong = client.post(pledge.get_absolute_url(), ANSWERS | {"visibility": "public", "agree": ""}).content.decode()
    mistyped = client.post(pledge.get_absolute_url(), ANSWERS | {"visibility": "public", "email": "r@gmial.com"})

    assert QUESTION not in wrong
    assert QUESTION not in mistyped.content.decode()


def test_the_confirmation_page_shows_what_will_be_public(client, sign, confirm_link):
    sign(visibility="public", shown_name="Ruth F.", town="Leeds")
    page = client.get(confirm_link()).content.decode()

    assert "<bdi>Ruth F.</bdi>" in page
    assert "<bdi>Leeds</bdi>" in page
    assert "Feldman" not in page


def test_an_invalid_town_is_refused_and_stays_in_the_form(sign):
    page = sign(visibility="public", town="https://x.example").content.decode()

    assert "Enter the name of a town" in page
    assert 'value="https://x.example"' in page


def test_signatures_on_paper_are_shown_separately(client, pledge):
    SignatureFactory(pledge=pledge, confirmed=True)
    publish_counts()
    PaperSheet.objects.create(pledge=pledge, signatures=312, place="Finchley Road")
    PaperSheet.objects.create(pledge=pledge, signatures=1000)

    page = client.get(pledge.get_absolute_url()).content.decode()
    assert "1,312 on paper" in page
    assert "<strong>1 signature</strong>" in page
    numbers = client.get(f"{pledge.get_absolute_url()}count.json").json()
    assert (numbers["count"], numbers["on_paper"]) == (1, 1312)


def test_a_deleted_sheet_disappears_from_the_page_immediately(client, pledge):
    sheet = PaperSheet.objects.create(pledge=pledge, signatures=312)
    assert "312 on paper" in client.get(pledge.get_absolute_url()).content.decode()
    sheet.delete()

    assert "on paper" not in client.get(pledge.get_absolute_url()).content.decode()


def test_an_organisation_sees_its_website_wherever_it_agrees_to_be_shown(client, pledge, sign, confirm_link):
    organisation = {"kind": "organisation", "organisation": "Tea & Co", "link": "https://tea.example"}
    sign(visibility="public", **organisation)
    assert "<bdi>https://tea.example</bdi>" in client.get(confirm_link()).content.decode()

    Signature.objects.update(visibility="private", state="confirmed")
    ManageLink.ask(pledge.slug, ANSWERS["email"], timezone.now())
    link = ManageLink.objects.get()
    link.attach_signature(timezone.now())
    page = client.post(f"/pledges/manage/{manage_token(link.pk)}/", {"name": "Ruth", "visibility": "public"})
    assert "<bdi>https://tea.example</bdi>" in page.content.decode()
