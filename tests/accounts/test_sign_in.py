"""Signing in with two factors: nothing less opens the admin."""

from base64 import urlsafe_b64encode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, make_organiser, sign_in

ADMIN = ["/admin/", "/admin/jsi18n/", "/admin/pages/page/", "/admin/autocomplete/", "/admin/nothing/"]


def secret_shown(response):
    return response.context["form"].secret


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["http://[", "//[", "http://[::1", "//a" + "\u0300\u0327" * 10_000, "/" + "a" * 5000]
)
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/logout/", "/admin/login/"])
def test_an_invalid_next_url_is_ignored(client, page, target):
    for response in (client.get(page, {"next": target}), client.post(page, {"next": target, "login": "a"})):
        assert response.status_code in (200, 302)
        assert "[" not in response.headers.get("Location", "")


@pytest.mark.parametrize(
    "target",
    [
        "https://[::1]",
        "https://[::1]/admin/",
        "//127.0.0.1:9000/",
        "http://localhost/",
        "http://testserver/admin/",
        "https://partner.example/",
        "/\\partner.example",
        "///partner.example",
        "\t//partner.example",
        "/\n/partner.example",
        "https:///partner.example",
        "javascript:alert(1)",
        "admin/",
    ],
)
def test_next_leads_only_to_a_path_of_this_site_even_if_another_host_is_allowed(client, db, settings, target):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", "[::1]", "partner.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://partner.example"]
    sign_in(client)

    assert client.get("/admin/login/", {"next": target}).url == "/admin/"
    assert Client().get("/admin/login/", {"next": target}).url == "/accounts/login/?next=%2Fadmin%2F"
    assert client.post("/accounts/logout/", {"next": target}).url == "/"
    assert client.get("/accounts/logout/", {"next": target}).url == "/"


def test_password_and_code_open_the_admin(client, ada):
    secret = give_authenticator(ada)

    assert log_in(client, code(secret)).url == "/admin/"

    assert client.get("/admin/").status_code == 200
    methods = [record["method"] for record in client.session["account_authentication_methods"]]
    assert sorted(methods) == ["mfa", "password"]
    assert client.session.get_expire_at_browser_close()


def test_signing_in_redirects_to_the_requested_page_but_never_to_another_site(client, ada):
    secret = give_authenticator(ada)
    answers = {"login": "Ada", "password": PASSWORD, "code": code(secret)}

    assert client.post("/accounts/login/", answers | {"next": "/admin/pages/page/"}).url == "/admin/pages/page/"

    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    answers |= {"next": "https://example.org/", "code": spare}
    assert Client().post("/accounts/login/", answers).url == "/admin/"


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


@pytest.mark.parametrize("path", ADMIN)
def test_a_password_alone_opens_no_admin_page(client, ada, path):
    log_in(client)

    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/2fa/totp/activate/")
    assert client.post(path).status_code == 302


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


def test_the_admins_own_sign_in_accepts_no_password(client, ada):
    give_authenticator(ada)
    credentials = {"username": "ada", "password": PASSWORD, "next": "/admin/"}

    response = client.post("/admin/login/", credentials)

    assert response.url == "/accounts/login/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session


def test_the_admins_own_sign_in_does_not_change_who_is_signed_in(client, ada):
    give_authenticator(ada)
    other = sign_in(client, username="grace")

    client.post("/admin/login/", {"username": "ada", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(other.pk)


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


def test_secrets_are_encrypted_in_the_database(ada):
    secret = give_authenticator(ada)
    stored = [str(row.data) for row in Authenticator.objects.all()]

    assert len(stored) == 2
    assert not any(secret in data for data in stored)
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code(secret))


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


def test_old_urls_of_the_admin_redirect_to_ours(client, db):
    sign_in(client)

    assert client.get("/admin/password_change/").url == "/accounts/password/change/"
    assert client.post("/admin/logout/").url == "/accounts/logout/"
    assert make_organiser("unused").is_staff
