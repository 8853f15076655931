"""The command `import_mps`."""

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from actions.letters.mp_importers import MemberList
from actions.letters.recipients import Body, Recipient
from campaign.places.models import Constituency, Edition
from tests.accounts.organisers import sign_in
from tests.actions.factories import RecipientFactory
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD

BATH = "E14001080"
DFE = ["pcon_name", "pcon_code", "member_id", "full_title", "display_as", "party_text", "member_email"]
DOE = ["Hampstead and Highgate", HAMPSTEAD, "1", "Rt Hon Jane Doe MP", "Ms Jane Doe", "Independent", "doe@example.org"]
ROE = [*DOE[:2], "2", "", "Mr John Roe", "", "roe@example.org"]
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


def load(path, *options):
    out = StringIO()
    call_command("import_mps", path, "--partial", *options, stdout=out)
    return out.getvalue()


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


def test_an_address_entered_by_hand_is_kept_until_the_member_changes(commons, table):
    load(table(DFE, DOE))
    Recipient.objects.update(email_override="office@example.org")

    assert "1 e-mail addresses entered by hand were kept" in load(table(DFE, [*DOE[:6], "new@example.org"]))
    assert Recipient.objects.get().address == "office@example.org"

    loss = "Ms Jane Doe (E14001265), replaced by Mr John Roe, with an e-mail address entered by hand"
    assert f"Kept; --drop would delete them (1): {loss}." in load(table(DFE, ROE))
    assert Recipient.objects.get().address == "office@example.org"

    assert f"Dropped (1): {loss}." in load(table(DFE, ROE), "--drop")
    assert Recipient.objects.get().address == "roe@example.org"


def test_addresses_are_normalised_and_unusable_ones_are_reported(commons, table):
    report = load(table(DFE, [*DOE[:6], "doe@example.org Bcc: v@example.net"]))
    assert "Left out as unusable (1): mps.csv, line 2: unusable email of Ms Jane Doe." in report
    assert "Without an e-mail address (1): Ms Jane Doe." in report
    assert Recipient.objects.get().email == ""

    assert "unusable" not in load(table(DFE, [*DOE[:6], "\ufeffDoe@Bücher.example\u200b"]))
    assert Recipient.objects.get().email == "Doe@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([DFE, [*DOE[:1], "E14000727", *DOE[2:]]], "“E14000727” is not a seat"),
        ([DFE, DOE, ROE], "Hampstead and Highgate is taken twice, by Ms Jane Doe and Mr John Roe"),
        ([TWFY, ["1", "Jane", "Doe", "Ind", "Nowhere", ""]], "“Nowhere” is not a seat"),
        ([TWFY, ["1", "Jane", "Doe", "Ind", "Nowhere in particular", ""]], "“Nowhere in particular” is not a seat"),
        ([["a", "b"], ["1", "2"]], "no column of names"),
    ],
)
def test_a_list_without_a_usable_row_changes_nothing(commons, table, rows, reason):
    load(table(DFE, DOE))
    with pytest.raises(CommandError, match=reason):
        load(table(*rows, name="other.csv"))

    assert Recipient.objects.get().display_name == "Ms Jane Doe"


def test_a_bad_row_is_reported_and_does_not_stop_the_others(commons, table):
    bad = [["Bath", BATH, "3", "", name, "", ""] for name in ("https://spam.example", "…", "x" * 151, "x" * 5000)]
    report = load(table(DFE, *bad, ["Old", "E14000727", *ROE[2:]], DOE))

    assert "Left out as unusable (5)" in report
    assert "line 2: there is no usable name" in report
    assert Recipient.objects.get().display_name == "Ms Jane Doe"


@pytest.mark.parametrize("text", ["No email found", "N/A", "#N/A", "-", "none", "no e-mail address found", "TBC", " "])
def test_what_lists_write_for_a_missing_address_is_not_stored(commons, table, text):
    report = load(table(DFE, [*DOE[:6], text]))

    assert Recipient.objects.get().email == ""
    assert "unusable" not in report
    assert "Without an e-mail address (1): Ms Jane Doe." in report


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("URI", "javascript:alert(1)"),
        ("URI", "/mp/1"),
        ("URI", f"https://example.org/{'x' * 300}"),
        ("Party", "https://spam.example"),
        ("Party", "x" * 101),
        ("Person ID", "1" * 41),
    ],
)
def test_an_unusable_cell_is_left_out_and_reported(commons, table, column, text):
    row = {"Person ID": "1", "First name": "Jane", "Last name": "Doe", "Constituency": "Bath"} | {column: text}

    assert "of Jane Doe." in load(table(TWFY, [row.get(name, "") for name in TWFY]))
    mp = Recipient.objects.get()
    assert (mp.party, mp.page_url) == ("", "")
    mp.full_clean()


@given(
    cells=st.lists(st.text(max_size=12) | st.sampled_from(["x" * 400, "a@b.example", "https://a.example"]), min_size=6)
)
def test_whatever_a_row_contains_the_admins_form_accepts_the_result(cells):
    found = MemberList(["party", "email", "external_id", "page_url"])
    found.add("row", dict(zip(["display_name", "area_code", *found.details], cells, strict=False)))

    for member in found.members:
        Recipient(**vars(member)).clean_fields(exclude=["body"])


def test_a_list_without_addresses_or_pages_keeps_those_that_we_have(commons, table):
    load(table(OPEN, [HAMPSTEAD, "", "Ms Jane Doe", "F", "1", "2", "https://example.org/doe", "Ind", "Independent"]))
    load(table(DFE, DOE))
    report = load(table(["MP", "Constituency"], ["Jane Doe MP", "Hampstead & Highgate"]), "--drop")

    mp = Recipient.objects.get()
    assert (mp.email, mp.page_url, mp.party) == ("doe@example.org", "https://example.org/doe", "Independent")
    assert mp.display_name == "Ms Jane Doe"
    assert "Dropped" not in report


def test_a_blank_cell_empties_ours_only_with_drop(commons, table):
    load(table(DFE, DOE))
    loss = "Ms Jane Doe (E14001265): email."

    assert f"Kept; --drop would delete them (1): {loss}" in load(table(DFE, [*DOE[:6], "No email found"]))
    assert Recipient.objects.get().email == "doe@example.org"
    assert f"Dropped (1): {loss}" in load(table(DFE, [*DOE[:6], ""]), "--drop")
    assert Recipient.objects.get().email == ""


def test_members_missing_from_the_list_are_kept_unless_they_may_be_dropped(commons, table):
    load(table(DFE, DOE, ["Bath", BATH, *ROE[2:]]))

    assert "Mr John Roe (E14001080), not in the list." in load(table(DFE, DOE))
    assert Recipient.objects.count() == 2
    assert "Dropped (1): Mr John Roe (E14001080), not in the list." in load(table(DFE, DOE), "--drop")
    assert Recipient.objects.get().display_name == "Ms Jane Doe"


@pytest.mark.parametrize("name", ["Rt Hon Jane Doe MP", "Jane Doe", "DOE, Jane", "Dame Jane Doe DBE", "Jané Doe"])
def test_a_member_is_matched_by_seat_and_name_whatever_the_titles(commons, table, name):
    load(table(DFE, DOE))
    Recipient.objects.update(email_override="office@example.org")
    report = load(table(DFE, [*DOE[:4], name, *DOE[5:]]))

    assert "0 of them new" in report
    assert Recipient.objects.get().email_override == "office@example.org"


def test_a_new_title_is_taken_over(commons, table):
    load(table(DFE, DOE))
    load(table(DFE, [*DOE[:4], "Dame Jane Doe", *DOE[5:]]))

    assert Recipient.objects.get().display_name == "Dame Jane Doe"


def test_letters_after_a_name_are_left_to_the_body(commons, table):
    load(table(DFE, [*DOE[:4], "Rt Hon Jane Doe MP", *DOE[5:]]))

    assert Recipient.objects.get().display_name == "Rt Hon Jane Doe"


def test_a_member_deleted_by_an_organiser_stays_deleted_until_the_seat_changes_hands(commons, table, client):
    sign_in(client)
    load(table(DFE, DOE))
    mp = Recipient.objects.get()
    client.post(f"/admin/letters/recipient/{mp.pk}/delete/", {"post": "yes"})

    assert "Removed by an organiser, and not brought back (1): Ms Jane Doe." in load(table(DFE, DOE), "--drop")
    assert not commons.members.of_area(HAMPSTEAD).exists()

    assert "Dropped" not in load(table(DFE, ROE))
    assert commons.members.of_area(HAMPSTEAD).get().display_name == "Mr John Roe"
    assert commons.members.count() == 1


def test_an_organiser_can_undo_a_deletion(commons, table, client):
    sign_in(client)
    load(table(DFE, DOE))
    mp = Recipient.objects.get()
    action = {"action": "delete_selected", "_selected_action": mp.pk, "post": "yes"}
    client.post("/admin/letters/recipient/", action)
    assert not commons.members.of_area(HAMPSTEAD).exists()

    form = client.get(f"/admin/letters/recipient/{mp.pk}/change/").context["adminform"].form
    client.post(f"/admin/letters/recipient/{mp.pk}/change/", form.initial | {"is_removed": ""})
    assert commons.members.of_area(HAMPSTEAD).get() == mp


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


def test_street_addresses_of_offices_are_not_imported(commons, table):
    load(table([*DFE, "office_address"], [*DOE, "5 Somebody's Home"]))

    values = Recipient.objects.values().get()
    assert not any("Home" in str(value) for value in values.values())


def test_upgrading_empties_what_earlier_imports_stored_in_place_of_an_address(commons):
    RecipientFactory(email="No email found", page_url="javascript:alert(1)")
    RecipientFactory(email="roe@example.org", page_url="https://example.org/roe")
    import_module("actions.letters.migrations.0005_usable_details_of_recipients").clear_unusable_details(apps, None)

    kept = Recipient.objects.order_by("pk").values_list("email", "page_url")
    assert list(kept) == [("", ""), ("roe@example.org", "https://example.org/roe")]
