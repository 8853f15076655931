"""Tests that only a password plus a second factor opens the admin."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, sign_in

ADMIN = ["/admin/", "/admin/jsi18n/", "/admin/pages/page/", "/admin/autocomplete/", "/admin/nothing/"]


def test_password_and_code_open_the_admin(client, ada):
    secret = give_authenticator(ada)

    assert log_in(client, code(secret)).url == "/admin/"

    assert client.get("/admin/").status_code == 200
    methods = [record["method"] for record in client.session["account_authentication_methods"]]
    assert sorted(methods) == ["mfa", "password"]
    assert client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("path", ADMIN)
def test_a_password_alone_opens_no_admin_page(client, ada, path):
    log_in(client)

    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/2fa/totp/activate/")
    assert client.post(path).status_code == 302


def test_a_user_who_is_not_an_organiser_is_refused(client, db):
    client.force_login(User.objects.create_user("visitor"))

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/password/reset/",
        "/accounts/login/code/",
        "/accounts/2fa/webauthn/",
    ],
)
def test_other_account_pages_do_not_exist(client, db, path):
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 404


def test_attempts_are_counted_across_processes_without_storing_addresses(client, ada):
    log_in(client, password="wrong", address="198.51.100.7")

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert any("login_failed" in key for key in keys)
    assert any("sign_in_network" in key for key in keys)
    assert not any("198.51.100.7" in key for key in keys)


def test_a_changed_password_ends_other_sessions(client, ada):
    other = Client()
    other.force_login(ada)
    log_in(client)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another odd thing", "password2": "another odd thing"},
    )

    assert client.get("/accounts/2fa/").status_code == 200
    assert other.get("/accounts/2fa/").status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "account_logout",
        "account_inactive",
    ],
)
def test_every_account_page_works_and_carries_the_campaigns_name(client, db, name):
    sign_in(client)
    session = client.session
    session["account_authentication_methods"][0]["reauthenticated"] = True
    session.save()

    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "testserver" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_deactivated_account_cannot_sign_in(client, ada):
    secret = give_authenticator(ada)
    User.objects.update(is_active=False)

    assert "is incorrect" in log_in(client, "000000").content.decode()
    assert log_in(client, code(secret)).url == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_signing_in_requires_a_csrf_token(ada):
    careful = Client(enforce_csrf_checks=True)

    assert careful.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 403


def test_signing_out_closes_the_admin(client, db):
    sign_in(client)
    client.post("/accounts/logout/")

    assert client.get("/admin/").url.startswith("/admin/login/")
