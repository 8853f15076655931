"""Strangers guessing: they get no further than before, and lock nobody out of a known browser."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, make_organiser

NEIGHBOUR = "192.0.2.77"


def address(number):
    """Return a different network for each number."""
    return f"198.{number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def guess(number, **wrong):
    return log_in(Client(), **{"password": "wrong"} | wrong, address=address(number))


def is_in(response):
    return response.status_code == 302


def is_refused(response):
    return "is incorrect" in response.content.decode()


class CountingHasher(MD5PasswordHasher):
    """Counts the passwords that are compared with an organiser's."""

    judged = 0

    def verify(self, password, encoded):
        CountingHasher.judged += 1
        return super().verify(password, encoded)


@pytest.fixture
def noon():
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def secret(ada):
    return give_authenticator(ada)


@pytest.fixture
def own(client, secret, noon):
    """A browser that Ada has signed in with before."""
    assert is_in(log_in(client, code(secret)))
    client.post("/accounts/logout/")
    noon.shift(120)
    return client


def storm(clock):
    """Try seven wrong passwords a minute from changing addresses; yield in each of 14 minutes."""
    for minute in range(14):
        for number in range(7):
            clock.shift(60 / 7)
            guess(minute * 7 + number)
        yield minute


def test_a_storm_of_wrong_guesses_keeps_her_out_of_other_browsers_but_not_of_her_own(own, secret, noon):
    refused = entered = 0
    for _minute in storm(noon):
        refused += is_refused(log_in(Client(), code(secret), address=NEIGHBOUR))
        entered += is_in(log_in(own, code(secret), address=NEIGHBOUR))
        own.post("/accounts/logout/")

    assert (refused, entered) == (14, 14)


def test_neighbours_in_one_network_keep_nobody_out_of_her_own_browser(own, secret):
    for number in range(40):
        log_in(Client(), password="wrong", name=f"somebody{number}", address=NEIGHBOUR)

    assert is_refused(log_in(Client(), code(secret), address=NEIGHBOUR))
    assert is_in(log_in(own, code(secret), address=NEIGHBOUR))


def test_a_browser_that_is_known_uses_up_its_own_tries_and_nobody_elses(own, secret, noon):
    for _ in range(12):
        log_in(own, password="wrong")

    assert is_refused(log_in(own, code(secret)))
    assert is_in(log_in(Client(), code(secret)))
    noon.shift(301)
    assert is_in(log_in(own, code(secret)))


def test_signing_in_uses_up_no_try(own, noon):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for spare in codes[:6]:
        assert is_in(log_in(own, spare))
        own.post("/accounts/logout/")
    noon.shift(60)
    for spare in codes[6:]:
        assert is_in(log_in(Client(), spare))


@pytest.mark.parametrize("known", [{"password": "wrong"}, {"password": PASSWORD, "code": "000000"}])
def test_five_guesses_in_five_minutes_are_judged_whatever_is_known_already(secret, noon, known):
    """The old limit: five passwords, and five codes for somebody who knew the password."""
    judged = 0
    for number in range(30):
        with transaction.atomic():  # if this guess had been right, would it have let them in?
            judged += is_in(guess(number, password=PASSWORD, code=code(secret)))
            transaction.set_rollback(True)
        guess(number, **known)
        noon.shift(20)

    assert judged == 10


def test_a_network_has_ten_guesses_a_minute_over_all_names(secret, noon):
    for number in range(10):
        log_in(Client(), password="wrong", name=f"somebody{number}", address=NEIGHBOUR)

    assert is_refused(log_in(Client(), code(secret), address=NEIGHBOUR))
    assert is_in(log_in(Client(), code(secret)))


def test_another_way_to_write_a_name_gives_no_more_guesses(secret):
    for number, name in enumerate(["ada", "Ada", "ADA", " ada ", "aDa"]):
        guess(number, name=name)

    assert is_refused(log_in(Client(), code(secret), name="adA"))


@pytest.mark.parametrize("known", [False, True])
def test_fifty_guesses_at_once_are_five_that_are_judged(transactional_db, settings, known):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    cache.clear()
    secret = give_authenticator(make_organiser())
    browser = Client()
    if known:
        log_in(browser, code(secret))
    CountingHasher.judged = 0
    together = Barrier(50)

    def one(number):
        client = Client()
        client.cookies = browser.cookies.copy()
        client.cookies.pop("sessionid", None)
        together.wait()
        try:
            log_in(client, password="wrong", address=address(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(one, range(50)))
    cache.clear()

    assert 1 <= CountingHasher.judged <= 5


def test_one_code_lets_in_one_of_many_at_once(transactional_db):
    cache.clear()
    give_authenticator(make_organiser())
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    together = Barrier(5)

    def one(number):
        together.wait()
        try:
            return is_in(log_in(Client(), spare, address=address(number)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        entered = sum(pool.map(one, range(5)))
    cache.clear()

    assert entered == 1


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/accounts/reauthenticate/", lambda secret: {"password": PASSWORD}),
        ("/accounts/2fa/reauthenticate/", lambda secret: {"code": code(secret)}),
    ],
)
def test_a_storm_keeps_nobody_who_is_signed_in_from_confirming(client, secret, noon, path, answer):
    log_in(client, code(secret), address=NEIGHBOUR)
    noon.shift(120)
    for number in range(10):
        guess(number)
        log_in(Client(), password="wrong", name="somebody", address=NEIGHBOUR)

    response = client.post(path, answer(secret), headers={"X-Forwarded-For": NEIGHBOUR})

    assert is_in(response)


def test_a_session_has_five_guesses_at_its_own_password(client, secret, noon):
    log_in(client, code(secret))
    for _ in range(5):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})

    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 200
