"""What we use of allauth without its promise to keep it. If a test here fails, allauth was upgraded: read on there."""

import re
from importlib.metadata import version
from inspect import signature
from pathlib import Path

import pytest
from allauth.account.stages import LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage

from campaign.accounts import allauth_internals

ROOT = Path(__file__).resolve().parent.parent.parent
ADVICE = (
    f"\nallauth {version('django-allauth')} does not take this call, which the version before it did. Look the name "
    "up in its source and its release notes, then adapt campaign/accounts/allauth_internals.py and its callers."
)

# Each call as we make it; the values don't matter here.
CALLS = {
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


def assert_takes(function, args, kwargs=None):
    try:
        signature(function).bind(*args, **kwargs or {})
    except TypeError as error:
        pytest.fail(f"{function.__module__}.{function.__qualname__}: {error}.{ADVICE}")


@pytest.mark.parametrize("name", CALLS)
def test_a_function_takes_our_call(name):
    assert_takes(getattr(allauth_internals, name), *CALLS[name])


def test_every_function_of_the_module_is_checked():
    assert {*CALLS, "RateLimitUsage"} == {*allauth_internals.__all__}


def test_a_counted_attempt_can_be_taken_back():
    assert_takes(allauth_internals.RateLimitUsage.rollback, ["self"])


@pytest.mark.parametrize("kind", ["TOTP", "RECOVERY_CODES"])
def test_an_authenticator_judges_codes(kind):
    wrapped = Authenticator(type=Authenticator.Type[kind]).wrap()

    assert_takes(wrapped.validate_code, ["code"])
    if kind == "RECOVERY_CODES":
        assert_takes(wrapped.get_unused_codes, [])


def test_a_step_of_signing_in_can_be_skipped():
    assert_takes(LoginStageController, ["request", "login"])
    assert_takes(LoginStageController.set_handled, ["self", AuthenticateStage.key])


def test_one_module_alone_imports_internals():
    files = [file for top in ("campaign", "pledges", "actions") for file in (ROOT / top).rglob("*.py")]
    importing = re.compile(r"^\s*(from|import) allauth\S*\.internal", re.MULTILINE)

    found = {file.relative_to(ROOT).as_posix() for file in files if importing.search(file.read_text("utf-8"))}

    assert found == {"campaign/accounts/allauth_internals.py"}
