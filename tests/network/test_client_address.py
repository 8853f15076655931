"""Telling networks apart without keeping addresses."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from campaign.network.client_address import client_address, network_hash
from campaign.privacy import models
from campaign.privacy.models import DailyKey

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def request(address, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


@pytest.fixture(autouse=True)
def fresh_process():
    models._key_in_minute.cache_clear()


@pytest.mark.parametrize(
    ("address", "forwarded", "expected"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a client that isn't our proxy may claim anything
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "spoofed, 203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "203.0.113.9"),  # a Unix socket
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("127.0.0.1", None, "None"),
        ("127.0.0.1", "rubbish", "None"),
        ("127.0.0.1", "1.2.3.4:80", "None"),
        ("", None, "None"),
    ],
)
def test_the_address_is_that_of_the_last_hop_before_our_proxies(address, forwarded, expected):
    assert str(client_address(request(address, forwarded))) == expected


@pytest.mark.django_db
def test_a_household_is_one_network_and_two_households_are_two():
    one, other, third = (
        network_hash(request(address), NOON)
        for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")
    )

    assert one == other != third
    assert len(one) == 16


@pytest.mark.django_db
def test_the_hash_is_different_on_another_day_and_its_key_is_destroyed():
    first = network_hash(request("203.0.113.7"), NOON)
    models._key_in_minute.cache_clear()
    second = network_hash(request("203.0.113.7"), NOON + timedelta(days=1))

    assert first != second
    assert [str(key.day) for key in DailyKey.objects.all()] == ["2026-11-21"]


@pytest.mark.django_db
def test_every_process_uses_the_same_key():
    first = network_hash(request("203.0.113.7"), NOON)
    models._key_in_minute.cache_clear()

    assert network_hash(request("203.0.113.7"), NOON) == first


@pytest.mark.django_db
def test_a_shared_network_has_no_hash(settings):
    settings.SHARED_NETWORKS = ["203.0.113.0/24"]

    assert network_hash(request("203.0.113.7"), NOON) is None
    assert network_hash(request("198.51.100.7"), NOON)


def is_logged(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone() == ("p",)


@pytest.mark.django_db
def test_daily_keys_bypass_the_write_ahead_log():
    assert not is_logged("privacy_dailykey")
    assert is_logged("privacy_hashkeymark")


@pytest.mark.django_db
def test_after_a_crash_every_process_agrees_on_a_new_key_within_a_minute(time_machine):
    time_machine.move_to(NOON, tick=False)
    first = network_hash(request("203.0.113.7"), NOON)
    DailyKey.objects.all().delete()  # what a crash does to an unlogged table
    time_machine.shift(60)
    second = network_hash(request("203.0.113.7"), NOON)
    models._key_in_minute.cache_clear()  # another process

    assert first != second == network_hash(request("203.0.113.7"), NOON)


@pytest.mark.django_db
def test_a_key_that_was_rolled_back_is_not_used_for_long(time_machine):
    time_machine.move_to(NOON, tick=False)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        network_hash(request("203.0.113.7"), NOON)
        raise ZeroDivisionError
    assert not DailyKey.objects.exists()
    time_machine.shift(60)
    seen = network_hash(request("203.0.113.7"), NOON)
    models._key_in_minute.cache_clear()

    assert network_hash(request("203.0.113.7"), NOON) == seen


@pytest.mark.django_db(transaction=True)
def test_processes_that_need_a_days_first_key_at_once_get_the_same_one():
    def key(_number):
        try:
            return bytes(DailyKey.of(NOON.date()).key)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(key, range(8)))) == 1
