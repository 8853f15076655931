"""The command `import_postcodes`: the tables it reads, and what it stores."""

import pytest

from campaign.places.lookup import find
from campaign.places.models import Constituency, Edition, Sector
from tests.places.postcodes.tables import (
    BELFAST,
    ENGLISH_BELFAST,
    GIROBANK,
    HAMPSTEAD,
    ISLE_OF_MAN,
    NEW,
    OLD,
    TERMINATED,
    load,
)


@pytest.mark.parametrize("header", [NEW, OLD, [name.upper() for name in NEW]], ids=["2025", "2018", "capitals"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_generation_of_headers_is_read(constituencies, table, header, encoding):
    load(table(header, HAMPSTEAD, TERMINATED, ISLE_OF_MAN, BELFAST, encoding=encoding))

    assert find("nw37ux").constituency.pk == "E14001265"
    assert not find("nw37ux").terminated
    assert find("NW3 7UY").terminated
    assert find("IM1 1AA") is None
    assert find("BT1 1AA").constituency.nation == Constituency.Nation.NORTHERN_IRELAND
    assert find("NW3 7UZ") is None


@pytest.mark.parametrize("rows", [[["NW37UX", "E14001265"]], [["pcd8", "pcon25cd"], ["NW3  7UX", "E14001265"]]])
def test_a_table_of_two_columns_is_imported(constituencies, table, rows):
    load(table(*rows))

    assert find("NW3 7UX").constituency.pk == "E14001265"


def test_a_postcode_repeated_with_the_same_answer_is_accepted(constituencies, table):
    load(table(NEW, HAMPSTEAD, HAMPSTEAD))

    assert find("NW3 7UX")


def test_rows_without_a_postcode_can_be_skipped(constituencies, table):
    bad = ["", "", "nonsense", "", "", "", "", "", ""]

    assert "2 unusable rows were left out" in load(table(NEW, HAMPSTEAD, bad, ENGLISH_BELFAST), "--skip-bad")
    assert find("BT16 1AW") is None


@pytest.mark.parametrize("postcode", ["CH8 9RS", "SY21 7AA", "LD7 1AA"])
def test_a_postcode_area_on_a_border_may_be_in_either_nation(constituencies, table, postcode):
    for code in ("E14001265", "W07000112"):
        load(table([postcode, code]))
        assert find(postcode).constituency.pk == code


def test_girobanks_postcode_is_left_out_without_complaint(constituencies, table):
    assert "1 postcodes in 1 sectors" in load(table(NEW, HAMPSTEAD, GIROBANK))


def test_a_live_postcode_without_a_constituency_code_is_unknown(constituencies, table):
    row = ["AB39 3TR", "AB39 3TR", "AB39 3TR", "202508", "", "S92000003", "S99999999", "", "99.9"]

    assert "1 have no constituency in the file" in load(table(NEW, HAMPSTEAD, row))
    assert find("AB39 3TR") is None


def test_a_dry_run_reports_and_changes_nothing(constituencies, table):
    assert "dry run" in load(table(NEW, HAMPSTEAD), "--dry-run")

    assert not Sector.objects.exists()
    assert not Edition.objects.filter(dataset="postcodes").exists()


def test_an_edition_replaces_the_previous_one(constituencies, table):
    load(table(NEW, BELFAST))
    load(table(NEW, HAMPSTEAD), "--title", "ONSPD", "--edition", "November 2025", "--licence", "Contains OS data")

    assert find("BT1 1AA") is None
    edition = Edition.objects.get(dataset="postcodes")
    assert (edition.title, edition.edition, edition.rows) == ("ONSPD", "November 2025", 1)
    assert (edition.licence, edition.file_name) == ("Contains OS data", "table.csv")
    assert len(edition.sha256) == 64


def test_a_constituency_gets_the_region_of_most_of_its_postcodes(constituencies, table):
    load(table(NEW, HAMPSTEAD, TERMINATED, BELFAST))

    assert Constituency.objects.get(pk="E14001265").region == "London"
    assert Constituency.objects.get(pk="N05000003").region == ""
