"""The command `import_constituencies`, and the list that comes with the campaign."""

import csv
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from campaign.management.commands.load_campaign import CONTENT
from campaign.places.models import Constituency, Edition

with (CONTENT / "places" / "constituencies.csv").open(encoding="utf-8") as file:
    ALL = [(row["code"], row["name"]) for row in csv.DictReader(file)]
HEADER = ("PCON24CD", "PCON24NM", "PCON24NMW")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_list_from_the_statistics_office_is_imported(db, table, encoding):
    rows = [(code, name, "Yr Wyddgrug" if code == "W07000112" else "") for code, name in ALL]
    call_command("import_constituencies", table(HEADER, *rows, encoding=encoding))

    assert Constituency.objects.count() == 650
    assert Constituency.objects.get(pk="W07000112").name == "Ynys Môn"
    assert Constituency.objects.get(pk="W07000112").name_cy == "Yr Wyddgrug"


def test_a_json_list_is_imported(db, tmp_path):
    (tmp_path / "list.json").write_text(json.dumps(dict(ALL)))
    call_command("import_constituencies", tmp_path / "list.json")

    assert Constituency.objects.count() == 650


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: rows[:-1], "31 of 32 in W"),
        (lambda rows: [*rows[:-1], rows[0]], "542|544|31 of 32"),
        (lambda rows: [*rows[1:], rows[1]], "twice"),
        (lambda rows: [row[:1] for row in rows], "columns"),
        (lambda rows: [("E1400106", *rows[0][1:]), *rows[1:]], "E1400106”"),
        (lambda rows: [("E14001O63", *rows[0][1:]), *rows[1:]], "E14001O63"),
        (lambda rows: [("E14001063x", *rows[0][1:]), *rows[1:]], "E14001063x"),
        (lambda rows: [(rows[0][0], " ", ""), *rows[1:]], "Line 2 of table.csv: .* is not a code and a name"),
    ],
)
def test_a_list_other_than_the_650_is_refused(constituencies, table, change, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("import_constituencies", table(HEADER, *change([(*row, "") for row in ALL])))

    assert Constituency.objects.count() == 650


def test_an_archive_with_two_lists_is_refused(constituencies, table, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for folder in ("2019", "2024"):
            archive.write(table(HEADER, *((*row, "") for row in ALL)), f"{folder}/constituencies.csv")

    with pytest.raises(CommandError, match=r"several tables, such as 2019/constituencies.csv and 2024/constituencies"):
        call_command("import_constituencies", tmp_path / "two.zip")


@pytest.mark.parametrize("text", ["[1]", "{", ""])
def test_invalid_json_is_refused(db, tmp_path, text):
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(CommandError, match="not a JSON"):
        call_command("import_constituencies", tmp_path / "list.json")


def test_a_list_without_regions_keeps_the_known_ones(constituencies, table):
    Constituency.objects.filter(pk="E14001265").update(region="London")
    call_command("import_constituencies", table(HEADER, *((*row, "") for row in ALL)))

    assert Constituency.objects.get(pk="E14001265").region == "London"


def test_load_campaign_imports_the_list_and_its_source(db):
    call_command("load_campaign")

    assert Constituency.objects.count() == 650
    assert "Open Government Licence" in Edition.objects.get(dataset="constituencies").licence


def test_names_are_sorted_as_in_an_index(constituencies):
    names = [constituency.name for constituency in Constituency.objects.in_order()]

    assert names.index("Bridlington and The Wolds") < names.index("Brigg and Immingham")
    assert names.index("Na h-Eileanan an Iar") < names.index("New Forest East")


@pytest.mark.parametrize("text", ["Ynys Môn", " ynys môn ", "YNYS MÔN"])
def test_a_constituency_is_found_by_its_name(constituencies, text):
    assert [constituency.pk for constituency in Constituency.objects.named(text)] == ["W07000112"]
    assert not Constituency.objects.named("Ynys").exists()


def test_a_constituency_is_found_by_its_welsh_name(constituencies):
    Constituency.objects.filter(pk="W07000112").update(name_cy="Môn")

    assert Constituency.objects.named("môn").get().pk == "W07000112"


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_name_does_not_match_constituencies_without_a_welsh_name(constituencies, text):
    assert not Constituency.objects.named(text).exists()


def test_regions_come_from_a_lookup_table(db, table, tmp_path):
    regions = table(
        ("PCON24CD", "PCON24NM", "RGN24CD", "RGN24NM"),
        ("E14001063", "Aldershot", "E12000008", "South East"),
        ("W07000112", "Ynys Môn", "W99999999", "Wales"),
        name="regions.csv",
    )
    call_command("import_constituencies", table(HEADER, *((*row, "") for row in ALL)), "--regions", regions)

    assert Constituency.objects.get(pk="E14001063").region == "South East"
    assert Constituency.objects.get(pk="W07000112").region == ""


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("PCON24CD", "PCON24NM")], "no column"),
        ([("PCON24CD", "RGN24NM"), ("E14001063", "London"), ("E14001063", "South East")], "Line 3 .* different region"),
        ([("PCON24CD", "RGN24NM"), ("E14001063",)], "Line 2 .* 1 columns"),
    ],
)
def test_an_invalid_lookup_table_of_regions_is_refused(db, table, rows, reason):
    regions = table(*rows, name="regions.csv")
    with pytest.raises(CommandError, match=reason):
        call_command("import_constituencies", table(HEADER, *((*row, "") for row in ALL)), "--regions", regions)

    assert not Constituency.objects.exists()


def test_a_dry_run_changes_nothing(db, table):
    call_command("import_constituencies", table(HEADER, *((*row, "") for row in ALL)), "--dry-run")

    assert not Constituency.objects.exists()
    assert not Edition.objects.exists()
