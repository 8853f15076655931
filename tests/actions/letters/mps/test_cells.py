"""How `import_mps` treats unusable rows and cells."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from actions.letters.mp_importers import MemberList
from actions.letters.recipients import Recipient
from tests.actions.factories import RecipientFactory
from tests.actions.letters.mps.lists import BATH, DFE, DOE, ROE, TWFY, load


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
def test_placeholders_for_a_missing_address_are_not_stored(commons, table, text):
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


def test_letters_after_a_name_are_left_out_because_the_body_adds_them(commons, table):
    load(table(DFE, [*DOE[:4], "Rt Hon Jane Doe MP", *DOE[5:]]))

    assert Recipient.objects.get().display_name == "Rt Hon Jane Doe"


def test_street_addresses_of_offices_are_not_imported(commons, table):
    load(table([*DFE, "office_address"], [*DOE, "5 Somebody's Home"]))

    values = Recipient.objects.values().get()
    assert not any("Home" in str(value) for value in values.values())


def test_upgrading_clears_placeholders_that_earlier_imports_stored(commons):
    RecipientFactory(email="No email found", page_url="javascript:alert(1)")
    RecipientFactory(email="roe@example.org", page_url="https://example.org/roe")
    import_module("actions.letters.migrations.0005_usable_details_of_recipients").clear_unusable_details(apps, None)

    kept = Recipient.objects.order_by("pk").values_list("email", "page_url")
    assert list(kept) == [("", ""), ("roe@example.org", "https://example.org/roe")]
