"""The message about a sign-in from a browser that is new to the account, which says as little as possible."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaign.accounts.models import NEW_BROWSER, NewBrowser, OrganiserAddress
from campaign.accounts.retention import delete_new_browsers
from campaign.accounts.sign_in.browsers import described
from campaign.accounts.sign_in.links import link_for
from campaign.mail.models import Message
from campaign.mail.writers import WRITERS
from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in
from tests.factories import SiteSettingsFactory

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0"


@pytest.fixture
def secret(ada):
    SiteSettingsFactory()
    OrganiserAddress.objects.create(organiser=ada, email="ada@example.org")
    return give_authenticator(ada)


def spares(user):
    return iter(user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes())


def reports():
    return Message.objects.filter(kind=NEW_BROWSER).count()


def test_a_new_browser_is_reported_once(client, ada, secret):
    client.defaults["HTTP_USER_AGENT"] = FIREFOX
    codes = spares(ada)
    log_in(client, next(codes))
    assert reports() == 1
    client.post("/accounts/logout/")
    log_in(client, next(codes))
    assert reports() == 1
    log_in(Client(), next(codes))
    assert reports() == 2


def test_the_message_names_the_browser_and_the_time_but_no_network(client, ada, secret):
    client.defaults["HTTP_USER_AGENT"] = FIREFOX
    log_in(client, code(secret), address="198.51.100.7")
    written = WRITERS[NEW_BROWSER](Message.objects.get(kind=NEW_BROWSER))

    assert written.to == ["ada@example.org"]
    assert "Firefox on Windows" in written.body
    assert "198.51" not in written.body
    assert "Mozilla" not in written.body
    assert NewBrowser.objects.get().browser == "Firefox on Windows"
    assert not mail.outbox


def test_setting_up_an_account_for_the_first_time_is_not_reported(client, ada):
    OrganiserAddress.objects.create(organiser=ada, email="ada@example.org")
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": code(page.context["form"].secret)})

    assert client.get("/admin/").status_code == 200
    assert reports() == 0


def test_a_sign_in_with_a_link_is_reported_once_it_is_complete(client, ada, secret):
    client.post(link_for(ada, ""))
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert reports() == 0
    client.post("/accounts/password/set/", {"new_password1": "new odd words", "new_password2": "new odd words"})

    assert reports() == 1


def test_a_failed_sign_in_or_an_account_without_an_address_is_not_reported(client, ada, secret):
    log_in(client, "000000")
    assert reports() == 0
    OrganiserAddress.objects.all().delete()
    log_in(client, code(secret))

    assert client.get("/admin/").status_code == 200
    assert not NewBrowser.objects.exists()


def test_rehashing_the_password_after_a_django_upgrade_does_not_make_a_browser_new(client, ada, secret, settings):
    codes = spares(ada)
    log_in(client, next(codes))
    client.post("/accounts/logout/")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    log_in(client, next(codes))

    assert reports() == 1


def test_old_records_of_new_browsers_are_deleted(ada):
    NewBrowser.objects.create(organiser=ada, browser="x", signed_in_at=timezone.now())

    assert delete_new_browsers(timezone.now()) >= 1


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Android"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5", "an unusual browser"),
        ("", "an unusual browser"),
        ("Firefox" * 10_000, "an unusual browser"),
    ],
    ids=["firefox", "chrome", "safari", "edge", "program", "nothing", "long"],
)
def test_a_user_agent_is_described_in_a_few_words(header, words):
    assert described(header) == words
