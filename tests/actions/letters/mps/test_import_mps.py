"""The command `import_mps`: the lists it reads, and its options."""

import json

import pytest
from django.core.management import CommandError, call_command

from actions.letters.recipients import Body, Recipient
from campaign.places.models import Constituency, Edition
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD
from tests.actions.letters.mps.lists import API, DFE, DOE, OPEN, TWFY, load


def test_the_list_from_the_department_for_education_is_imported(commons, table):
    vacant = ["Aldershot", ALDERSHOT, "", "", "Vacant", "", ""]
    assert "Vacant seats (649): Aberafan Maesteg; " in load(table(DFE, DOE, vacant))

    mp = Recipient.objects.get()
    assert (mp.display_name, mp.area_code, mp.party, mp.email) == (
        "Ms Jane Doe",
        HAMPSTEAD,
        "Independent",
        "doe@example.org",
    )


def test_the_list_from_open_innovations_is_imported(commons, table):
    page = "https://www.theyworkforyou.com/mp/1/doe"
    load(table(OPEN, [HAMPSTEAD, "Hampstead", "Ms Jane Doe", "F", "1", "2", page, "Ind", "Independent"]))

    mp = Recipient.objects.get()
    assert (mp.display_name, mp.area_code, mp.party, mp.page_url) == ("Ms Jane Doe", HAMPSTEAD, "Independent", page)


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("Hampstead & Highgate", HAMPSTEAD),
        ("bridlington and the wolds", "E14001127"),
        ("Ynys Mon", "W07000112"),
        ("Belfast West", "N05000004"),
    ],
)
def test_the_list_from_theyworkforyou_is_matched_by_name(commons, table, area, code):
    load(table(TWFY, ["1", "Jane", "Doe", "Ind", area, "https://www.theyworkforyou.com/mp/1"]))

    assert Recipient.objects.get().area_code == Constituency.objects.get(pk=code).pk
    assert Recipient.objects.get().display_name == "Jane Doe"


@pytest.mark.parametrize(
    "shape", [lambda one: one, lambda one: {"value": one}, lambda one: {"items": [{"value": one}]}]
)
def test_saved_answers_of_the_members_api_are_imported(commons, tmp_path, shape):
    lord = API | {"latestHouseMembership": {"house": 2, "membershipStatus": {"statusIsActive": True}}}
    former = API | {
        "latestHouseMembership": API["latestHouseMembership"] | {"membershipStatus": {"statusIsActive": False}}
    }
    (tmp_path / "saved.json").write_text(json.dumps([shape(API), shape(lord), shape(former)]))
    load(tmp_path / "saved.json")

    mp = Recipient.objects.get()
    assert (mp.display_name, mp.salutation, mp.area_code) == ("Ms Jane Doe", "Ms Doe", HAMPSTEAD)


def test_a_list_with_few_seats_must_be_allowed_explicitly(commons, table):
    with pytest.raises(CommandError, match="1 members for 650 seats"):
        call_command("import_mps", table(DFE, DOE))


def test_a_dry_run_changes_nothing(commons, table):
    assert "dry run" in load(table(DFE, DOE), "--dry-run")
    assert not Recipient.objects.exists()


def test_another_body_has_members_without_seats(commons, table):
    rows = [["name", "email"], ["Lady Doe", "doe@example.org"], ["Lord Doe", ""], ["Lord Doe", ""]]
    Body.objects.create(slug="house-of-lords", name="House of Lords", address="London SW1A 0PW")
    for _again in range(2):
        load(table(*rows), "--body", "house-of-lords")

    assert Recipient.objects.filter(body__slug="house-of-lords").count() == 3
    assert Edition.objects.filter(dataset="house-of-lords").exists()
    with pytest.raises(CommandError, match="no body called"):
        load(table(["name"], ["x"]), "--body", "nonsense")
