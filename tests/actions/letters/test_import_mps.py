"""The command `import_mps`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.letters.recipients import Body, Recipient
from campaign.places.models import Constituency, Edition
from tests.actions.factories import BodyFactory
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD

DFE = ["pcon_name", "pcon_code", "member_id", "full_title", "display_as", "party_text", "member_email"]
DOE = ["Hampstead and Highgate", HAMPSTEAD, "1", "Rt Hon Jane Doe MP", "Ms Jane Doe", "Independent", "doe@example.org"]
OPEN = ["PCON24CD", "PCON24NM", "MP", "Gender", "ID", "TheyWorkForYou ID", "TheyWorkForYou URI", "Party", "Party name"]
TWFY = ["Person ID", "First name", "Last name", "Party", "Constituency", "URI"]
API = {
    "id": 1,
    "nameDisplayAs": "Ms Jane Doe",
    "nameAddressAs": "Ms Doe",
    "latestParty": {"name": "Independent"},
    "latestHouseMembership": {
        "membershipFrom": "Hampstead and Highgate",
        "house": 1,
        "membershipStatus": {"statusIsActive": True},
    },
}


@pytest.fixture
def table(tmp_path):
    import csv

    def write(*rows, name="mps.csv", encoding="utf-8"):
        with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return tmp_path / name

    return write


@pytest.fixture
def commons(places):
    return BodyFactory()


def load(path, *options):
    out = StringIO()
    call_command("import_mps", path, "--partial", *options, stdout=out)
    return out.getvalue()


def test_the_list_from_the_department_for_education_is_imported(commons, table):
    vacant = ["Aldershot", ALDERSHOT, "", "", "Vacant", "", ""]
    assert "Vacant seats: Aberafan Maesteg" in load(table(DFE, DOE, vacant))

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


def test_an_address_entered_by_hand_is_kept_until_the_member_changes(commons, table):
    load(table(DFE, DOE))
    Recipient.objects.update(email_override="office@example.org")

    assert "1 e-mail addresses entered by hand were kept" in load(table(DFE, [*DOE[:6], "new@example.org"]))
    assert Recipient.objects.get().address == "office@example.org"

    load(table(DFE, [*DOE[:2], "2", "", "Mr John Roe", "", "roe@example.org"]))
    assert Recipient.objects.get().address == "roe@example.org"


def test_addresses_are_normalised_and_unusable_ones_are_reported(commons, table):
    report = load(table(DFE, [*DOE[:6], "doe@example.org Bcc: v@example.net"]))
    assert "1 e-mail addresses were left out as unusable: Ms Jane Doe." in report
    assert Recipient.objects.get().email == ""

    assert "unusable" not in load(table(DFE, [*DOE[:6], "\ufeffDoe@Bücher.example\u200b"]))
    assert Recipient.objects.get().email == "Doe@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([DFE, [*DOE[:1], "E14000727", *DOE[2:]]], "unknown, such as E14000727"),
        ([DFE, DOE, DOE], "taken twice"),
        ([TWFY, ["1", "Jane", "Doe", "Ind", "Nowhere", ""]], "“Nowhere” is not the name of a constituency"),
        ([["a", "b"], ["1", "2"]], "no column of names"),
    ],
)
def test_an_invalid_list_changes_nothing(commons, table, rows, reason):
    load(table(DFE, DOE))
    with pytest.raises(CommandError, match=reason):
        load(table(*rows, name="other.csv"))

    assert Recipient.objects.get().display_name == "Ms Jane Doe"


def test_a_list_with_few_seats_must_be_allowed_explicitly(commons, table):
    with pytest.raises(CommandError, match="1 members for 650 seats"):
        call_command("import_mps", table(DFE, DOE))


def test_a_dry_run_changes_nothing(commons, table):
    assert "dry run" in load(table(DFE, DOE), "--dry-run")
    assert not Recipient.objects.exists()


def test_another_body_has_members_without_seats(commons, table):
    Body.objects.create(slug="house-of-lords", name="House of Lords", address="London SW1A 0PW")
    load(table(["name", "email"], ["Lady Doe", "doe@example.org"], ["Lord Roe", ""]), "--body", "house-of-lords")

    assert Recipient.objects.filter(body__slug="house-of-lords").count() == 2
    assert Edition.objects.filter(dataset="house-of-lords").exists()
    with pytest.raises(CommandError, match="no body called"):
        load(table(["name"], ["x"]), "--body", "nonsense")


def test_street_addresses_of_offices_are_not_imported(commons, table):
    load(table([*DFE, "office_address"], [*DOE, "5 Somebody's Home"]))

    values = Recipient.objects.values().get()
    assert not any("Home" in str(value) for value in values.values())
