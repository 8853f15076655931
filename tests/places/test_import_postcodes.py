"""The command `import_postcodes`."""

import threading
import zipfile
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from campaign.db import Lock, lock
from campaign.places.lookup import find
from campaign.places.models import Constituency, Edition, Sector
from tests.checkouts import wait_until

NEW = ["pcd7", "pcd8", "pcds", "dointr", "doterm", "ctry25cd", "rgn25cd", "pcon24cd", "lat"]
OLD = ["pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "rgn", "pcon", "lat"]
HAMPSTEAD = ["NW3 7UX", "NW3  7UX", "NW3 7UX", "198001", "", "E92000001", "E12000007", "E14001265", "51.5"]
TERMINATED = ["NW3 7UY", "NW3  7UY", "NW3 7UY", "198001", "199606", "E92000001", "E12000007", "E14001265", "51.5"]
ISLE_OF_MAN = ["IM1 1AA", "IM1  1AA", "IM1 1AA", "198001", "", "M99999999", "M99999999", "M99999999", "54.1"]
ENGLISH_BELFAST = ["", "", "BT16 1AW", "202506", "", "N92000002", "N99999999", "E14001457", "54.6"]
GIROBANK = ["GIR0AA", "GIR 0AA", "GIR 0AA", "199402", "", "E92000001", "E12000002", "E14001351", "53.4"]
BELFAST = ["BT1 1AA", "BT1  1AA", "BT1 1AA", "198001", "", "N92000002", "N99999999", "N05000003", "54.6"]


def in_a_thread(ask):
    """Return the result of `ask`, on a connection of its own, in a list that stays empty if a lock blocks it."""
    answers = []

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        with suppress(OperationalError):
            answers.append(ask())
        connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join()
    return answers


def load(path, *options):
    out = StringIO()
    call_command("import_postcodes", path, "--partial", *options, stdout=out)
    return out.getvalue()


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


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([NEW, [*HAMPSTEAD[:7], "E14000727", "51"]], "boundaries of 2010"),
        ([NEW, [*HAMPSTEAD[:7], "E14009999", "51"]], r"not known to us, such as E14009999 \(line 2 of table.csv\)"),
        ([NEW, ["", "", "nonsense", "", "", "", "", "E14001265", ""]], "line 2 of table.csv: no postcode"),
        ([NEW, ENGLISH_BELFAST], "line 2 of table.csv: BT16 1AW cannot be in E14001457"),
        ([["BT16 1AW", "E14001457"]], "line 1 of table.csv: BT16 1AW cannot be in E14001457"),
        ([["EH1 1AA", "W07000112"]], "cannot be in W07000112"),
        ([["JE2 3AB", "E14001265"]], "cannot be in E14001265"),
        (
            [NEW, HAMPSTEAD, [*HAMPSTEAD[:7], "E14001266", "51"]],
            "different answers for NW3 7UX: line 2 of .*, line 3 of",
        ),
        ([["a", "b", "c"], ["1", "2", "3"]], "table.csv: There is no column of postcodes"),
        ([["a\0b"]], "NUL"),
        ([["x" * 200_000]], "longer than any table has"),
        ([NEW, *([*HAMPSTEAD[:7], f"E14{n:06}", "51"] for n in range(64))], "line 65: .*too many constituencies"),
    ],
)
def test_an_invalid_file_is_refused_with_the_reason(constituencies, table, rows, reason):
    load(table(NEW, BELFAST))
    with pytest.raises(CommandError, match=reason):
        load(table(*rows))

    assert find("BT1 1AA")


def test_conflicting_rows_are_reported_by_file_and_line(constituencies, table, tmp_path):
    folder = tmp_path / "ONSPD" / "Data" / "multi_csv"
    table(NEW, BELFAST, HAMPSTEAD, folder=folder, name="a.csv")
    table(NEW, [*HAMPSTEAD[:4], "202001", *HAMPSTEAD[5:]], folder=folder, name="b.csv")

    with pytest.raises(CommandError, match=r"line 3 of Data/multi_csv/a.csv, line 2 of Data/multi_csv/b.csv"):
        load(tmp_path / "ONSPD")


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


def test_a_live_postcode_without_a_code_is_not_known(constituencies, table):
    row = ["AB39 3TR", "AB39 3TR", "AB39 3TR", "202508", "", "S92000003", "S99999999", "", "99.9"]

    assert "1 without a constituency in the file" in load(table(NEW, HAMPSTEAD, row))
    assert find("AB39 3TR") is None


def test_bad_lines_in_an_archive_are_reported_with_their_table(constituencies, table, tmp_path):
    bad = ["", "", "nonsense", "", "", "", "", "E14001265", ""]
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for folder, rows in (("MAY", [NEW, HAMPSTEAD, bad]), ("NOV", [OLD, BELFAST, HAMPSTEAD, bad])):
            archive.write(table(*rows), f"{folder}/Data/ONSPD.csv")

    with pytest.raises(CommandError, match=r"line 3 of MAY/Data/ONSPD.csv: .*line 4 of NOV/Data/ONSPD.csv: "):
        load(tmp_path / "two.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_one_name_twice_is_refused(constituencies, table, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for row in (HAMPSTEAD, BELFAST):
            archive.write(table(NEW, row), "Data/ONSPD.csv")

    with pytest.raises(CommandError, match=r"two.zip contains two tables called Data/ONSPD.csv"):
        load(tmp_path / "two.zip")


@pytest.mark.parametrize("header", [NEW])
def test_a_truncated_file_is_refused(constituencies, table, header):
    with pytest.raises(CommandError, match="649 of 650 constituencies have no postcode"):
        call_command("import_postcodes", table(header, HAMPSTEAD))


def test_postcodes_cannot_be_imported_before_constituencies(db, table):
    with pytest.raises(CommandError, match="import_constituencies"):
        load(table(NEW, HAMPSTEAD))


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


@pytest.mark.django_db(transaction=True)
def test_a_second_import_at_the_same_time_is_refused(constituencies, table):
    def hold(begun, end):
        with transaction.atomic():
            lock(Lock.IMPORT)
            begun.set()
            end.wait()
        connection.close()

    begun, end = threading.Event(), threading.Event()
    other = threading.Thread(target=hold, args=(begun, end))
    other.start()
    begun.wait()
    try:
        with pytest.raises(CommandError, match="Another import"):
            load(table(NEW, HAMPSTEAD))
    finally:
        end.set()
        other.join()


@pytest.mark.django_db(transaction=True)
def test_lookups_during_an_import_find_the_old_or_the_new_data(constituencies, table):
    load(table(NEW, HAMPSTEAD, BELFAST))
    stop, misses = threading.Event(), []

    def look():
        while not stop.is_set():
            if find("NW3 7UX") is None:
                misses.append(1)
        connection.close()

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(5):
        load(table(NEW, HAMPSTEAD))
    stop.set()
    reader.join()
    assert misses == []


@pytest.mark.django_db(transaction=True)
def test_a_long_backup_neither_blocks_an_import_nor_sees_it(constituencies, table):
    load(table(NEW, HAMPSTEAD, BELFAST))
    begun, end, seen = threading.Event(), threading.Event(), []

    def back_up():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            seen.append(Sector.objects.count())
            begun.set()
            end.wait()
            seen.append(Sector.objects.count())
        connection.close()

    other = threading.Thread(target=back_up)
    other.start()
    begun.wait()
    try:
        load(table(NEW, HAMPSTEAD))
        assert find("BT1 1AA") is None
    finally:
        end.set()
        other.join()
    assert seen == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_importing_again_takes_no_more_space_once_nobody_sees_the_old_rows(constituencies, table):
    path = table(*[[f"NW{district} {sector}AA", "E14001265"] for district in range(1, 99) for sector in range(10)])

    def size_after_loading():
        load(path)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('places_sector')")
            return cursor.fetchone()[0]

    first = size_after_loading()
    wait_until(lambda: size_after_loading() == first, seconds=30)


@pytest.mark.django_db(transaction=True)
def test_lookups_do_not_wait_for_an_import_that_is_about_to_commit(constituencies, table):
    """Look up while the import has written its source, which is the last thing it does before it commits."""
    load(table(NEW, HAMPSTEAD, BELFAST))
    with transaction.atomic():
        load(table(NEW, HAMPSTEAD))
        answers = in_a_thread(lambda: find("BT1 1AA"))
    assert [answer.postcode for answer in answers] == ["BT1 1AA"]
    assert find("BT1 1AA") is None
