"""The cookie that identifies a browser an organiser has signed in with before."""

from http.cookies import SimpleCookie

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from campaign.accounts.sign_in.links import link_for
from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, make_organiser

NEW = "four quite odd words"


@pytest.fixture
def secret(ada):
    return give_authenticator(ada)


def spare(user):
    return Authenticator.objects.get(type="recovery_codes", user=user).wrap().get_unused_codes()[0]


def cookie_of(response):
    return next((morsel for name, morsel in response.cookies.items() if name.startswith("known_browser_")), None)


def is_known(client, user, password=PASSWORD):
    """Return whether strangers' guesses leave the browser its own attempts."""
    for number in range(5):
        log_in(Client(), password="wrong", name=user.username, address=f"198.51.100.{number}")
    client.cookies.pop("sessionid", None)
    return log_in(client, spare(user), password, user.username).status_code == 302


def test_a_complete_sign_in_makes_the_browser_known(client, ada, secret):
    morsel = cookie_of(log_in(client, code(secret)))

    assert morsel["path"] == "/accounts/login/"
    assert morsel["httponly"]
    assert morsel["samesite"] == "Strict"
    assert morsel["max-age"] == 365 * 24 * 60 * 60
    assert not morsel["secure"]
    assert "ada" not in morsel.key + morsel.value
    assert is_known(client, ada)


def test_a_site_on_https_sends_the_cookie_only_over_https(client, secret, settings):
    settings.SESSION_COOKIE_SECURE = True

    assert cookie_of(log_in(client, code(secret)))["secure"]


def test_neither_a_password_alone_nor_a_failed_sign_in_makes_the_browser_known(client, ada):
    assert cookie_of(log_in(client)) is None
    assert client.get("/admin/").status_code == 302
    give_authenticator(ada)
    assert cookie_of(log_in(Client(), "000000")) is None


def test_viewing_pages_does_not_make_the_browser_known(client, ada, secret):
    log_in(client, code(secret))
    client.cookies.pop(f"known_browser_{ada.pk}")

    for path in ("/accounts/login/", "/accounts/2fa/", "/accounts/password/change/", "/admin/"):
        assert cookie_of(client.get(path)) is None


def test_setting_up_the_authenticator_makes_the_browser_known(client, ada):
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": code(page.context["form"].secret)})

    assert is_known(client, ada)


def test_a_link_with_the_second_factor_makes_the_browser_known(client, ada, secret):
    client.post(link_for(ada, ""))
    assert cookie_of(client.post("/accounts/2fa/authenticate/", {"code": code(secret)})) is None
    client.post("/accounts/password/set/", {"new_password1": NEW, "new_password2": NEW})

    assert is_known(client, ada, NEW)


def test_changing_the_password_invalidates_the_cookies_of_other_browsers(client, ada, secret):
    other = Client()
    log_in(other, spare(ada))
    log_in(client, code(secret))
    passwords = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", passwords)

    assert not is_known(other, ada, NEW)
    assert is_known(client, ada, NEW)


def test_a_link_invalidates_the_cookies_of_all_browsers(client, ada, secret):
    log_in(client, code(secret))
    elsewhere = Client()
    ada.refresh_from_db()
    elsewhere.post(link_for(ada, ""))
    elsewhere.post("/accounts/2fa/authenticate/", {"code": spare(ada)})
    elsewhere.post("/accounts/password/set/", {"new_password1": PASSWORD, "new_password2": PASSWORD})

    assert not is_known(client, ada)


def test_a_browser_is_not_known_for_a_deactivated_account(client, ada, secret):
    log_in(client, code(secret))
    User.objects.update(is_active=False)

    assert not is_known(client, ada)


def test_a_browser_is_known_for_a_year(client, ada, secret):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        log_in(client, code(secret))
        cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
        clock.move_to("2027-12-31T12:00:00Z")
        kept = Client()
        kept.cookies = SimpleCookie(cookies)
        assert is_known(kept, ada)

        clock.move_to("2028-01-02T12:00:00Z")
        kept.cookies = SimpleCookie(cookies)
        assert not is_known(kept, ada)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
        lambda value: ("x" if value[0] != "x" else "y") + value[1:],
        lambda value: value.replace(":", ""),
        lambda value: "",
        lambda value: "x" * 3000,
        lambda value: "\u00e9:1:x",
    ],
)
def test_a_cookie_that_was_tampered_with_is_ignored(client, ada, secret, change):
    log_in(client, code(secret))
    name = f"known_browser_{ada.pk}"
    client.cookies[name] = change(client.cookies[name].value)

    assert not is_known(client, ada)


def test_a_cookie_of_one_account_is_ignored_for_another(client, ada, secret):
    grace = make_organiser("grace")
    give_authenticator(grace)
    log_in(client, code(secret))
    client.cookies[f"known_browser_{grace.pk}"] = client.cookies[f"known_browser_{ada.pk}"].value

    assert not is_known(client, grace)
    assert is_known(client, ada)


def test_a_browser_keeps_its_identifier_and_so_its_limit(client, ada, secret):
    def identifier():
        return client.cookies[f"known_browser_{ada.pk}"].value.split(":")[0]

    log_in(client, code(secret))
    first = identifier()
    client.cookies.pop("sessionid")
    log_in(client, spare(ada))

    assert identifier() == first


def test_a_shared_computer_is_known_to_its_last_five_users(db):
    jar = {}  # in the order in which a browser sends them
    users = [make_organiser(f"organiser{number}") for number in range(7)]
    for user in users:
        give_authenticator(user)
        answers = {"login": user.username, "password": PASSWORD, "code": spare(user)}
        header = "; ".join(f"{name}={value}" for name, value in jar.items())
        response = Client().post("/accounts/login/", answers, headers={"Cookie": header})
        jar |= {name: one.value for name, one in response.cookies.items() if name.startswith("known_browser_")}
        jar = {name: value for name, value in jar.items() if value}

    assert list(jar) == [f"known_browser_{user.pk}" for user in users[2:]]


def test_signing_out_leaves_the_browser_known(client, ada, secret):
    log_in(client, code(secret))
    client.post("/accounts/logout/")

    assert is_known(client, ada)
