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
GONE = ["NW3 7UY", "NW3  7UY", "NW3 7UY", "198001", "199606", "E92000001", "E12000007", "E14001265", "51.5"]
ISLE = ["IM1 1AA", "IM1  1AA", "IM1 1AA", "198001", "", "M99999999", "M99999999", "M99999999", "54.1"]
BELFAST = ["BT1 1AA", "BT1  1AA", "BT1 1AA", "198001", "", "N92000002", "N99999999", "N05000003", "54.6"]


def in_a_thread(ask):
    """What `ask` returns on a connection of its own, in a list; nothing if it has to wait for a lock."""
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
    load(table(header, HAMPSTEAD, GONE, ISLE, BELFAST, encoding=encoding))

    assert find("nw37ux").constituency.pk == "E14001265"
    assert not find("nw37ux").terminated
    assert find("NW3 7UY").terminated
    assert find("IM1 1AA").constituency is None
    assert find("BT1 1AA").constituency.nation == Constituency.Nation.NORTHERN_IRELAND
    assert find("NW3 7UZ") is None


@pytest.mark.parametrize("rows", [[["NW37UX", "E14001265"]], [["pcd8", "pcon25cd"], ["NW3  7UX", "E14001265"]]])
def test_a_table_of_two_columns_will_do(constituencies, table, rows):
    load(table(*rows))

    assert find("NW3 7UX").constituency.pk == "E14001265"


def test_a_folder_is_read_by_its_data_and_not_by_its_documents(constituencies, table, tmp_path):
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


def test_an_archive_that_would_fill_the_memory_is_refused(constituencies, tmp_path, monkeypatch):
    monkeypatch.setattr("campaign.places.tables.MAX_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/a.csv", "0" * 2000)

    with pytest.raises(CommandError, match="unpack"):
        load(tmp_path / "bomb.zip")


def test_an_archive_that_is_damaged_is_refused(constituencies, table, tmp_path):
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
def test_capitals_make_no_difference_to_the_names_of_files(constituencies, table, tmp_path, name):
    table(NEW, HAMPSTEAD, folder=tmp_path / "ONSPD" / "Data", name=name)

    assert "1 postcodes" in load(tmp_path / "ONSPD")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([NEW, [*HAMPSTEAD[:7], "E14000727", "51"]], "boundaries of 2010"),
        ([NEW, [*HAMPSTEAD[:7], "E14009999", "51"]], "none of ours, such as E14009999"),
        ([NEW, ["", "", "nonsense", "", "", "", "", "E14001265", ""]], "lines 2"),
        (
            [NEW, HAMPSTEAD, [*HAMPSTEAD[:7], "E14001266", "51"]],
            "different answers for NW3 7UX: line 2 of .*, line 3 of",
        ),
        ([["a", "b", "c"], ["1", "2", "3"]], "no column of postcodes"),
        ([["a\0b"]], "NUL"),
        ([["x" * 200_000]], "longer than any table has"),
        ([NEW, *([*HAMPSTEAD[:7], f"E14{n:06}", "51"] for n in range(64))], "line 65: .*too many constituencies"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(constituencies, table, rows, reason):
    load(table(NEW, BELFAST))
    with pytest.raises(CommandError, match=reason):
        load(table(*rows))

    assert find("BT1 1AA")


def test_in_a_folder_the_lines_of_different_answers_are_those_of_their_files(constituencies, table, tmp_path):
    folder = tmp_path / "ONSPD" / "Data" / "multi_csv"
    table(NEW, BELFAST, HAMPSTEAD, folder=folder, name="a.csv")
    table(NEW, [*HAMPSTEAD[:4], "202001", *HAMPSTEAD[5:]], folder=folder, name="b.csv")

    with pytest.raises(CommandError, match=r"line 3 of a.csv, line 2 of b.csv"):
        load(tmp_path / "ONSPD")


def test_the_same_postcode_twice_with_one_answer_is_one(constituencies, table):
    load(table(NEW, HAMPSTEAD, HAMPSTEAD))

    assert find("NW3 7UX")


def test_rows_without_a_postcode_can_be_left_out(constituencies, table):
    bad = ["", "", "nonsense", "", "", "", "", "", ""]

    assert "1 rows without a postcode were left out" in load(table(NEW, HAMPSTEAD, bad), "--skip-bad")


@pytest.mark.parametrize("header", [NEW])
def test_a_file_that_was_cut_short_is_refused(constituencies, table, header):
    with pytest.raises(CommandError, match="649 of 650 constituencies have no postcode"):
        call_command("import_postcodes", table(header, HAMPSTEAD))


def test_postcodes_wait_for_the_constituencies(db, table):
    with pytest.raises(CommandError, match="import_constituencies"):
        load(table(NEW, HAMPSTEAD))


def test_a_dry_run_reports_and_changes_nothing(constituencies, table):
    assert "dry run" in load(table(NEW, HAMPSTEAD), "--dry-run")

    assert not Sector.objects.exists()
    assert not Edition.objects.filter(dataset="postcodes").exists()


def test_an_edition_takes_the_place_of_the_one_before(constituencies, table):
    load(table(NEW, BELFAST))
    load(table(NEW, HAMPSTEAD), "--title", "ONSPD", "--edition", "November 2025", "--licence", "Contains OS data")

    assert find("BT1 1AA") is None
    edition = Edition.objects.get(dataset="postcodes")
    assert (edition.title, edition.edition, edition.rows) == ("ONSPD", "November 2025", 1)
    assert (edition.licence, edition.file_name) == ("Contains OS data", "table.csv")
    assert len(edition.sha256) == 64


def test_a_constituency_is_given_the_region_of_most_of_its_postcodes(constituencies, table):
    load(table(NEW, HAMPSTEAD, GONE, BELFAST))

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
def test_whoever_looks_during_an_import_finds_the_old_or_the_new(constituencies, table):
    load(table(NEW, HAMPSTEAD, BELFAST))
    stop, missed = threading.Event(), []

    def look():
        while not stop.is_set():
            if find("NW3 7UX") is None:
                missed.append(1)
        connection.close()

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(5):
        load(table(NEW, HAMPSTEAD))
    stop.set()
    reader.join()
    assert missed == []


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_runs_for_long_neither_stops_an_import_nor_sees_it(constituencies, table):
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
def test_loading_again_takes_no_more_room_once_nobody_can_see_the_old_rows(constituencies, table):
    path = table(*[[f"NW{district} {sector}AA", "E14001265"] for district in range(1, 99) for sector in range(10)])

    def size_after_loading():
        load(path)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('places_sector')")
            return cursor.fetchone()[0]

    first = size_after_loading()
    wait_until(lambda: size_after_loading() == first, seconds=30)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_an_import_is_about_to_end(constituencies, table):
    """The last thing an import does before it commits is to write where the data comes from."""
    load(table(NEW, HAMPSTEAD, BELFAST))
    with transaction.atomic():
        load(table(NEW, HAMPSTEAD))
        answers = in_a_thread(lambda: find("BT1 1AA"))
    assert [answer.postcode for answer in answers] == ["BT1 1AA"]
    assert find("BT1 1AA") is None
