"""What the response to a sign-in tells a stranger: nothing, whichever part was right."""

import re

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, make_organiser

UNIQUE = re.compile(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|value="(ada|nobody|new|inactive)"')

# The name given, whether password and code are right, and how many failed attempts came before.
ATTEMPTS = {
    "unknown name": ("nobody", False, False, 0),
    "wrong password": ("ada", False, False, 0),
    "wrong password, right code": ("ada", False, True, 0),
    "right password, wrong code": ("ada", True, False, 0),
    "right password, no code": ("ada", True, None, 0),
    "no authenticator yet, wrong password": ("new", False, None, 0),
    "no authenticator yet, right password, a code": ("new", True, False, 0),
    "inactive, right password, wrong code": ("inactive", True, False, 0),
    "over the limit, unknown name": ("nobody", False, False, 5),
    "over the limit, wrong password": ("ada", False, False, 5),
    "over the limit, everything right": ("ada", True, True, 5),
    "over the limit, inactive, everything right": ("inactive", True, True, 5),
}
OVER = [name for name in ATTEMPTS if name.startswith("over")]


class CostlyHasher(PBKDF2PasswordHasher):
    """Counts the rounds of hashing, which take most of the time. `rounds` is their number for new passwords."""

    rounds = 100
    spent = 0

    @property
    def iterations(self):
        return self.rounds

    def encode(self, password, salt, iterations=None):
        CostlyHasher.spent += iterations or self.iterations
        return super().encode(password, salt, iterations)


@pytest.fixture
def secrets(db, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CostlyHasher"]
    make_organiser("new")
    users = {"ada": make_organiser(), "inactive": make_organiser("inactive", is_active=False)}
    return {name: give_authenticator(user) for name, user in users.items()}


def attempt(secrets, case):
    """Make one attempt and roll everything back; return its response, queries and rounds of hashing."""
    name, password_is_right, code_is_right, before = ATTEMPTS[case]
    shown = {True: code(secrets.get(name, secrets["ada"])), False: "000000", None: ""}[code_is_right]
    with transaction.atomic():
        for number in range(before):
            log_in(Client(), password="wrong", name=name, address=f"198.51.100.{number}")
        CostlyHasher.spent = 0
        with CaptureQueriesContext(connection) as queries:
            response = log_in(Client(), shown, PASSWORD if password_is_right else "wrong", name)
        transaction.set_rollback(True)
    return response, [re.sub(r"'[^']*'|\d+", "", query["sql"]) for query in queries], CostlyHasher.spent


@pytest.mark.parametrize("case", ATTEMPTS)
def test_every_refusal_looks_the_same(secrets, case):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False):
        expected, *_ = attempt(secrets, "unknown name")
        response, *_ = attempt(secrets, case)

    assert UNIQUE.sub(b"", response.content) == UNIQUE.sub(b"", expected.content)
    assert b"is incorrect" in response.content
    assert response.status_code == expected.status_code == 200
    assert set(response.cookies) == set(expected.cookies) == {"csrftoken"}
    headers = [
        {name: re.sub("nonce-[^']+", "", text) for name, text in one.headers.items() if name != "Content-Length"}
        for one in (response, expected)
    ]
    assert headers[0] == headers[1]


@pytest.mark.parametrize("case", ATTEMPTS)
def test_every_refusal_makes_the_same_queries(secrets, case):
    first = OVER[0] if case in OVER else "unknown name"
    assert attempt(secrets, case)[1] == attempt(secrets, first)[1]


@pytest.mark.parametrize("case", ATTEMPTS)
@pytest.mark.parametrize("rounds", [100, 150])
def test_every_refusal_takes_the_same_number_of_hashing_rounds(secrets, monkeypatch, case, rounds):
    """This also holds if the stored hash predates an increase in Django's number of rounds."""
    monkeypatch.setattr(CostlyHasher, "rounds", rounds)

    assert attempt(secrets, case)[2] == rounds


def test_an_old_hash_is_upgraded_on_a_successful_sign_in(client, secrets, monkeypatch):
    ada = User.objects.get(username="ada")
    monkeypatch.setattr(CostlyHasher, "rounds", 150)
    log_in(client, "000000")
    ada.refresh_from_db()
    assert "$100$" in ada.password

    log_in(client, code(secrets["ada"]))

    ada.refresh_from_db()
    assert "$150$" in ada.password
    assert client.get("/admin/").status_code == 200


def test_no_password_is_hashed_once_a_network_is_over_its_limit(secrets):
    for number in range(10):
        log_in(Client(), password="wrong", name=f"somebody{number}")
    CostlyHasher.spent = 0

    response = log_in(Client(), password="wrong", name="nobody")

    assert b"is incorrect" in response.content
    assert CostlyHasher.spent == 0


def test_a_refused_form_shows_the_name_again_but_neither_password_nor_code(client, db):
    page = log_in(client, "123456", "not the right words").content.decode()

    assert 'value="ada"' in page
    assert "123456" not in page
    assert "not the right words" not in page
