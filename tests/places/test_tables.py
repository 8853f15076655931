"""Reading tables in the forms that public bodies publish."""

import csv
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.places import postcode_files
from campaign.places.tables import RefusedError, column, rows

CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)
SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@SAME_FOLDER
@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=10))
def test_a_written_table_is_read_back(tmp_path, table):
    text = io.StringIO()
    written = [["pcds", "pcon24cd"], *table]
    csv.writer(text).writerows(written)
    (tmp_path / "a.csv").write_bytes(text.getvalue().encode())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.csv", "Data/a.csv")

    for name in ("a.csv", "a.zip"):
        assert [row for _name, _line, row in rows(tmp_path / name)] == [row for row in written if "".join(row).strip()]


@SAME_FOLDER
@given(st.sampled_from([b"", b"pcds,pcon24cd\n", b"pcds,doterm,rgn,pcon\n", b"PK\x03\x04"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path, start, end):
    (tmp_path / "a.csv").write_bytes(start + end)
    with suppress(RefusedError):
        postcode_files.read(rows(tmp_path / "a.csv"))


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,pcon,pct", 8),
        ("pcd7,pcd8,pcds,dointr,doterm,cty25cd,pcon24cd,pco19cd", 6),
        ("PCD7,PCD8,PCDS,PCON24CD,PCON24NM,PCON24NMW", 3),
        ("\ufeffpcds,pcon29cd", 1),
        ("pcds,pconnect,pco19cd", None),
    ],
)
def test_the_constituency_column_is_found_in_every_edition(tmp_path, header, place):
    (tmp_path / "a.csv").write_text(header)
    (_name, line, first), *_rest = rows(tmp_path / "a.csv")

    assert line == 1
    assert column(first, r"pcon\d*(cd)?") == place


@pytest.mark.parametrize("header", ["pcd7,pcd8,pcds,pcon24cd", "pcd,pcd2,pcds,pcon", "pcds,pcd8,pcd7,pcon24cd"])
def test_the_postcode_with_one_space_is_preferred_to_those_of_fixed_width(header):
    names = header.split(",")

    assert names[postcode_files.columns(names)[0].postcode] == "pcds"


def test_windows_1252_after_many_lines_of_ascii_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"code,name\n" * 1000 + "W07000112,Ynys Môn\n".encode("cp1252"))

    assert list(rows(tmp_path / "a.csv"))[-1] == ("a.csv", 1001, ["W07000112", "Ynys Môn"])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_separators_that_excel_writes_instead_of_commas_are_recognised(tmp_path, delimiter):
    (tmp_path / "a.csv").write_text(f"name{delimiter}code\nDoe, Jane{delimiter}1\n")

    assert [row for *_place, row in rows(tmp_path / "a.csv")] == [["name", "code"], ["Doe, Jane", "1"]]


def test_blank_rows_are_skipped_but_count_in_line_numbers(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n\n , \n1,2\n")

    assert list(rows(tmp_path / "a.csv")) == [("a.csv", 1, ["a", "b"]), ("a.csv", 4, ["1", "2"])]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n \n"])
def test_an_empty_table_is_refused(tmp_path, text):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(RefusedError, match=r"a\.csv is empty"):
        list(rows(tmp_path / "a.csv"))


def test_files_that_macos_adds_to_an_archive_are_ignored(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n")
        archive.writestr("._a.csv", b"\0\5\x16\7")

    assert [row for *_place, row in rows(tmp_path / "a.zip")] == [["a", "b"]]


def test_an_archive_with_a_name_that_is_not_text_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("ä.csv", "a,b\n")
    damaged = (tmp_path / "a.zip").read_bytes().replace("ä".encode(), b"\xff\xff")
    (tmp_path / "a.zip").write_bytes(damaged)

    with pytest.raises(RefusedError, match="cannot be read"):
        list(rows(tmp_path / "a.zip"))


@pytest.mark.parametrize("header", ["Member Email", "member_email", " MEMBER-EMAIL "])
def test_a_column_is_found_however_the_words_of_its_heading_are_joined(header):
    assert column(["name", header], "member_email") == 1
