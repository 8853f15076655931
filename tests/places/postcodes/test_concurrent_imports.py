"""Importing postcodes during lookups, backups and other imports."""

import threading
from contextlib import suppress

import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection, transaction

from campaign.db import Lock, lock
from campaign.places.lookup import find
from campaign.places.models import Sector
from tests.checkouts import wait_until
from tests.places.postcodes.tables import (
    BELFAST,
    HAMPSTEAD,
    NEW,
    load,
)


def in_a_thread(ask):
    """Return the result of `ask`, on a separate connection, in a list that stays empty if a lock blocks it."""
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
