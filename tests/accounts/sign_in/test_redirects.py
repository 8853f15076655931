"""Where the sign-in pages redirect to."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.accounts.organisers import PASSWORD, code, give_authenticator, make_organiser, sign_in


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
def test_next_redirects_only_within_this_site_even_if_another_host_is_allowed(client, db, settings, target):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", "[::1]", "partner.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://partner.example"]
    sign_in(client)

    assert client.get("/admin/login/", {"next": target}).url == "/admin/"
    assert Client().get("/admin/login/", {"next": target}).url == "/accounts/login/?next=%2Fadmin%2F"
    assert client.post("/accounts/logout/", {"next": target}).url == "/"
    assert client.get("/accounts/logout/", {"next": target}).url == "/"


def test_signing_in_redirects_to_the_requested_page_but_never_to_another_site(client, ada):
    secret = give_authenticator(ada)
    answers = {"login": "Ada", "password": PASSWORD, "code": code(secret)}

    assert client.post("/accounts/login/", answers | {"next": "/admin/pages/page/"}).url == "/admin/pages/page/"

    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    answers |= {"next": "https://example.org/", "code": spare}
    assert Client().post("/accounts/login/", answers).url == "/admin/"


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


def test_old_urls_of_the_admin_redirect_to_ours(client, db):
    sign_in(client)

    assert client.get("/admin/password_change/").url == "/accounts/password/change/"
    assert client.post("/admin/logout/").url == "/accounts/logout/"
    assert make_organiser("unused").is_staff
