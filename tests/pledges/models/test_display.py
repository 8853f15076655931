"""How public names and signatures on paper are shown."""

import pytest

from pledges.counting.publishing import publish_counts
from pledges.models import PaperSheet, Signature
from pledges.signer_names import shown
from tests.factories import SignatureFactory


@pytest.mark.parametrize(
    ("name", "initial"),
    [
        ("Ruth Feldman", "Ruth F."),
        ("Ruth Hannah Feldman", "Ruth F."),
        ("Cher", "Cher"),
        ("רות פלדמן", "רות פ."),
        ("Zoë E\u0301mile", "Zoë E\u0301."),
        ("ئايگۈل مەمەت", "ئايگۈل م."),
    ],
)
def test_a_name_is_shortened_to_first_name_and_initial(name, initial):
    assert shown(name, "initial") == initial
    assert shown(name, "full") == name


def test_a_public_signer_may_choose_to_show_an_initial_and_a_town(client, pledge, sign, confirm_link):
    sign(visibility="public", display="initial", town=" Leeds ")
    client.post(confirm_link())
    publish_counts()

    page = client.get(f"{pledge.get_absolute_url()}signatories/").content.decode()
    assert "<bdi>Ruth F.</bdi>" in page
    assert "<bdi>Leeds</bdi>" in page
    assert "Feldman" not in page


def test_the_town_of_a_private_signer_is_not_stored(sign):
    sign(visibility="private", town="Leeds")

    assert Signature.objects.get().town is None


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
    assert "<strong>1</strong> person has signed" in page
    numbers = client.get(f"{pledge.get_absolute_url()}count.json").json()
    assert (numbers["count"], numbers["on_paper"]) == (1, 1312)


def test_a_deleted_sheet_disappears_from_the_page_immediately(client, pledge):
    sheet = PaperSheet.objects.create(pledge=pledge, signatures=312)
    assert "312 on paper" in client.get(pledge.get_absolute_url()).content.decode()
    sheet.delete()

    assert "on paper" not in client.get(pledge.get_absolute_url()).content.decode()
