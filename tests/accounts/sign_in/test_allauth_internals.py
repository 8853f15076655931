"""The parts of allauth that we use although it does not promise to keep them. A failure explains what to do."""

import re
from importlib.metadata import version
from inspect import signature
from pathlib import Path

import pytest
from allauth.account.stages import LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage

from campaign.accounts.sign_in import allauth_internals

ROOT = Path(__file__).resolve().parents[3]
ADVICE = (
    f"\nallauth {version('django-allauth')} does not accept this call, which the previous version did. Look the name "
    "up in its source and release notes, then adapt campaign/accounts/sign_in/allauth_internals.py and its callers."
)

# Each call as we make it; the values don't matter here.
CALLS = {
    "begin_registration": [["user", True], {}],
    "compare_user_code": [[], {"actual": "", "expected": ""}],
    "consume": [["request"], {"app": "", "action": "", "key": None}],
    "get_user_by_username": [["name"], {}],
    "normalize_user_code": [["code"], {}],
    "perform_password_login": [["request", "credentials", "login"], {}],
    "post_authentication": [["request", "authenticator"], {}],
    "record_authentication": [["request", "user", "method"], {"id": 1, "type": "", "reauthenticated": True}],
    "truncate_ip": [["address"], {}],
    "validate_totp_code": [["secret", "code"], {}],
}


def assert_accepts(function, args, kwargs=None):
    try:
        signature(function).bind(*args, **kwargs or {})
    except TypeError as error:
        pytest.fail(f"{function.__module__}.{function.__qualname__}: {error}.{ADVICE}")


@pytest.mark.parametrize("name", CALLS)
def test_a_function_accepts_our_call(name):
    assert_accepts(getattr(allauth_internals, name), *CALLS[name])


def test_every_function_of_the_module_is_checked():
    assert {*CALLS, "RateLimitUsage"} == {*allauth_internals.__all__}


def test_a_counted_attempt_can_be_rolled_back():
    assert_accepts(allauth_internals.RateLimitUsage.rollback, ["self"])


@pytest.mark.parametrize("kind", ["TOTP", "RECOVERY_CODES"])
def test_an_authenticator_validates_codes(kind):
    wrapped = Authenticator(type=Authenticator.Type[kind]).wrap()

    assert_accepts(wrapped.validate_code, ["code"])
    if kind == "RECOVERY_CODES":
        assert_accepts(wrapped.get_unused_codes, [])


def test_a_step_of_the_sign_in_can_be_skipped():
    assert_accepts(LoginStageController, ["request", "login"])
    assert_accepts(LoginStageController.set_handled, ["self", AuthenticateStage.key])


def test_only_one_module_imports_internals():
    files = [file for top in ("campaign", "pledges", "actions") for file in (ROOT / top).rglob("*.py")]
    importing = re.compile(r"^\s*(from|import) allauth\S*\.internal", re.MULTILINE)

    importers = {file.relative_to(ROOT).as_posix() for file in files if importing.search(file.read_text("utf-8"))}

    assert importers == {"campaign/accounts/sign_in/allauth_internals.py"}
