"""Importing postcodes from a folder or a ZIP archive."""

import zipfile

import pytest
from django.core.management import CommandError

from campaign.places.lookup import find
from tests.places.postcodes.tables import BELFAST, HAMPSTEAD, NEW, OLD, load


def test_only_the_data_files_of_a_folder_are_read(constituencies, table, tmp_path):
    folder = tmp_path / "ONSPD"
    table(NEW, HAMPSTEAD, folder=folder / "Data", name="ONSPD_NOV_2025_UK.csv")
    table(NEW, HAMPSTEAD, folder=folder / "Data" / "multi_csv", name="ONSPD_NOV_2025_UK_NW.csv")
    table(["code", "name"], ["E14001265", "Hampstead"], folder=folder / "Documents", name="names.csv")

    assert "1 postcodes in 1 sectors" in load(folder)


def test_an_archive_is_read_without_being_unpacked(constituencies, table, tmp_path):
    with zipfile.ZipFile(tmp_path / "ONSPD.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, row in (("NW", HAMPSTEAD), ("BT", BELFAST)):
            archive.write(table(NEW, row), f"Data/multi_csv/ONSPD_NOV_2025_UK_{name}.csv")
        archive.writestr("Documents/names.csv", "code,name\n")
    load(tmp_path / "ONSPD.zip")

    assert find("NW3 7UX")
    assert find("BT1 1AA")


def test_a_zip_bomb_is_refused(constituencies, tmp_path, monkeypatch):
    monkeypatch.setattr("campaign.places.tables.MAX_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/a.csv", "0" * 2000)

    with pytest.raises(CommandError, match="unpack"):
        load(tmp_path / "bomb.zip")


def test_a_damaged_archive_is_refused(constituencies, table, tmp_path):
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(table(NEW, *[HAMPSTEAD] * 50), "Data/a.csv")
    damaged = bytearray(whole.read_bytes())
    damaged[60:70] = b"\xff" * 10
    (tmp_path / "damaged.zip").write_bytes(damaged)

    with pytest.raises(CommandError, match="damaged.zip cannot be read"):
        load(tmp_path / "damaged.zip")


def test_an_archive_with_a_password_is_refused(constituencies, table, tmp_path):
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as archive:
        archive.write(table(NEW, HAMPSTEAD), "Data/a.csv")
    locked = bytearray((tmp_path / "plain.zip").read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # where bit 0 means "encrypted" (APPNOTE 4.4.4)
        locked[locked.index(header) + flags] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)

    with pytest.raises(CommandError, match="locked.zip cannot be read"):
        load(tmp_path / "locked.zip")


@pytest.mark.parametrize("name", ["ONSPD.CSV", "ONSPD.csv"])
def test_file_extensions_are_case_insensitive(constituencies, table, tmp_path, name):
    table(NEW, HAMPSTEAD, folder=tmp_path / "ONSPD" / "Data", name=name)

    assert "1 postcodes" in load(tmp_path / "ONSPD")


def test_bad_lines_in_an_archive_are_reported_with_their_table(constituencies, table, tmp_path):
    bad = ["", "", "nonsense", "", "", "", "", "E14001265", ""]
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for folder, rows in (("MAY", [NEW, HAMPSTEAD, bad]), ("NOV", [OLD, BELFAST, HAMPSTEAD, bad])):
            archive.write(table(*rows), f"{folder}/Data/ONSPD.csv")

    with pytest.raises(CommandError, match=r"line 3 of MAY/Data/ONSPD.csv: .*line 4 of NOV/Data/ONSPD.csv: "):
        load(tmp_path / "two.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_a_duplicate_name_is_refused(constituencies, table, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for row in (HAMPSTEAD, BELFAST):
            archive.write(table(NEW, row), "Data/ONSPD.csv")

    with pytest.raises(CommandError, match=r"two.zip contains two tables called Data/ONSPD.csv"):
        load(tmp_path / "two.zip")
