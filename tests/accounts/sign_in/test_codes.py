"""Authenticator codes and recovery codes."""

from base64 import urlsafe_b64encode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in


def secret_shown(response):
    return response.context["form"].secret


@pytest.mark.parametrize("seconds", [0, 29, 45])
def test_a_code_works_once(client, ada, seconds):
    secret = give_authenticator(ada)
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        shown = code(secret)
        log_in(client, shown)
        assert client.get("/admin/").status_code == 200

        clock.shift(seconds)
        other = Client()
        response = log_in(other, f"{shown[:3]} {shown[3:]}")

    assert "is incorrect" in response.content.decode()
    assert other.get("/admin/").status_code == 302


def test_a_code_sent_with_a_wrong_password_can_still_be_used(client, ada):
    secret = give_authenticator(ada)
    shown = code(secret)
    log_in(client, shown, password="wrong")

    assert log_in(client, shown).url == "/admin/"


@pytest.mark.parametrize(("seconds", "status"), [(45, 200), (-25, 200), (90, 302)])
def test_a_code_may_arrive_a_little_late_or_come_from_a_fast_clock(client, ada, seconds, status):
    secret = give_authenticator(ada)
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        shown = code(secret)
        clock.shift(seconds)
        log_in(client, shown)

        assert client.get("/admin/").status_code == status


def test_a_recovery_code_replaces_the_phone_once(client, ada):
    give_authenticator(ada)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    log_in(client, codes[0])
    assert client.get("/admin/").status_code == 200
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == len(codes) - 1

    other = Client()
    log_in(other, codes[0])
    assert other.get("/admin/").status_code == 302


def test_an_account_with_an_authenticator_does_not_accept_an_empty_code(client, ada):
    give_authenticator(ada)
    log_in(client, "")

    assert "sessionid" not in client.cookies


def test_an_unreadable_second_factor_is_refused_without_an_error(client, ada, settings):
    secret = give_authenticator(ada)
    settings.FIELD_KEYS = [urlsafe_b64encode(bytes(32)).decode()]

    assert "is incorrect" in log_in(client, code(secret)).content.decode()


def test_recovery_codes_are_shown_once_the_authenticator_is_set_up(client, ada):
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in page.content.decode()

    response = client.post("/accounts/2fa/totp/activate/", {"code": code(secret_shown(page))}, follow=True)

    assert len(response.context["unused_codes"]) == 10
    assert response.context["unused_codes"][0] in response.content.decode()
    assert client.get("/admin/").status_code == 200


def test_a_session_older_than_the_second_factor_must_enter_a_code(client, ada):
    log_in(client)
    secret = give_authenticator(ada)

    assert client.get("/admin/").url.startswith("/accounts/2fa/reauthenticate/")
    client.post("/accounts/2fa/reauthenticate/", {"code": code(secret)})
    assert client.get("/admin/").status_code == 200


def test_secrets_are_encrypted_in_the_database(ada):
    secret = give_authenticator(ada)
    stored = [str(row.data) for row in Authenticator.objects.all()]

    assert len(stored) == 2
    assert not any(secret in data for data in stored)
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code(secret))
