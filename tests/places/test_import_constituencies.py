"""The command `import_constituencies`, and the list that comes with the campaign."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from campaign.management.commands.load_campaign import CONTENT
from campaign.places.models import Constituency, Edition

with (CONTENT / "places" / "constituencies.csv").open(encoding="utf-8") as file:
    ALL = [(row["code"], row["name"]) for row in csv.DictReader(file)]
HEADER = ("PCON24CD", "PCON24NM", "PCON24NMW")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_list_of_the_statistics_office_is_read(db, table, encoding):
    rows = [(code, name, "Yr Wyddgrug" if code == "W07000112" else "") for code, name in ALL]
    call_command("import_constituencies", table(HEADER, *rows, encoding=encoding))

    assert Constituency.objects.count() == 650
    assert Constituency.objects.get(pk="W07000112").name == "Ynys Môn"
    assert Constituency.objects.get(pk="W07000112").name_cy == "Yr Wyddgrug"


def test_json_will_do(db, tmp_path):
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
    ],
)
def test_anything_but_the_650_is_refused(constituencies, table, change, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("import_constituencies", table(HEADER, *change([(*row, "") for row in ALL])))

    assert Constituency.objects.count() == 650


@pytest.mark.parametrize("text", ["[1]", "{", ""])
def test_json_that_is_no_list_is_refused(db, tmp_path, text):
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(CommandError, match="no JSON"):
        call_command("import_constituencies", tmp_path / "list.json")


def test_a_list_without_regions_keeps_those_we_know(constituencies, table):
    Constituency.objects.filter(pk="E14001268").update(region="London")
    call_command("import_constituencies", table(HEADER, *((*row, "") for row in ALL)))

    assert Constituency.objects.get(pk="E14001268").region == "London"


def test_the_campaign_brings_the_list_and_says_where_it_is_from(db):
    call_command("load_campaign")

    assert Constituency.objects.count() == 650
    assert "Open Government Licence" in Edition.objects.get(dataset="constituencies").licence


def test_names_stand_in_the_order_of_an_index(constituencies):
    names = [constituency.name for constituency in Constituency.objects.in_order()]

    assert names.index("Bridlington and The Wolds") < names.index("Brigg and Immingham")
    assert names.index("Na h-Eileanan an Iar") < names.index("New Forest East")


@pytest.mark.parametrize("text", ["Ynys Môn", " ynys môn ", "YNYS MÔN"])
def test_a_constituency_is_found_by_its_name(constituencies, text):
    assert [found.pk for found in Constituency.objects.named(text)] == ["W07000112"]
    assert not Constituency.objects.named("Ynys").exists()


def test_a_constituency_is_found_by_its_welsh_name(constituencies):
    Constituency.objects.filter(pk="W07000112").update(name_cy="Môn")

    assert Constituency.objects.named("môn").get().pk == "W07000112"


@pytest.mark.parametrize("text", ["", " "])
def test_no_name_finds_no_constituency_not_all_without_a_welsh_name(constituencies, text):
    assert not Constituency.objects.named(text).exists()
