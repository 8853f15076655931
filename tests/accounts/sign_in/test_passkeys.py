"""Passkeys, used alongside the authenticator app; tests/browser/test_sign_in.py uses a passkey in a real browser."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from campaign.accounts.organisers import has_second_factor, is_established
from tests.accounts.organisers import give_authenticator, log_in, make_established, make_organiser, sign_in
from tests.factories import SiteSettingsFactory

LOGIN = "/accounts/login/passkey/"
GUARDED = ["recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "passkeys/add/", "totp/activate/"]
ANSWER = {"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}
PARTS = {"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "AA"}
JUNK = ["", "x", "[]", "{}", "1", "null", "9" * 5000, "[" * 5000, '{"a":' * 5000, '{"id": "x"}']
JUNK += [json.dumps(ANSWER), json.dumps(ANSWER | {"response": PARTS}), json.dumps(ANSWER | {"response": [PARTS]})]


def with_passkey(name="ada"):
    user = make_organiser(name)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})
    return user


def test_a_passkey_is_a_second_factor_and_makes_an_account_established(db):
    user = with_passkey()
    assert has_second_factor(user)
    assert not is_established(user, timezone.now())

    grace = make_established("grace")
    Authenticator.objects.filter(user=grace).update(type="webauthn")
    assert is_established(grace, timezone.now())


def test_a_password_alone_does_not_open_an_account_with_a_passkey(client, db):
    with_passkey()

    assert "is incorrect" in log_in(client).content.decode()
    assert "is incorrect" in log_in(client, "000000").content.decode()


def test_the_options_are_for_this_host_and_the_device_must_recognise_its_user(client, db):
    SiteSettingsFactory()
    options = client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]

    assert options["rpId"] == "testserver"
    assert options["userVerification"] == "required"
    assert "allowCredentials" not in options or options["allowCredentials"] == []


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_signing_in_with_a_malformed_passkey_is_refused(client, db, junk):
    client.get(LOGIN, headers={"Accept": "application/json"})
    response = client.post(LOGIN, {"credential": junk})

    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_adding_a_malformed_passkey_is_refused(client, db):
    SiteSettingsFactory()
    sign_in(client)
    session = client.session
    session["account_authentication_methods"][0]["reauthenticated"] = True
    session.save()

    for junk in JUNK:
        assert client.post("/accounts/2fa/passkeys/add/", {"name": "x", "credential": junk}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize("path", GUARDED)
def test_a_session_begun_with_only_a_password_cannot_replace_the_second_factor(client, db, path):
    """Such a session may have begun before its organiser set up a second factor."""
    ada = make_organiser()
    client.force_login(ada)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(ada.pk)
    session.save()
    give_authenticator(ada)

    for method in (client.get, client.post):
        response = method(f"/accounts/2fa/{path}")
        assert response.status_code == 302
        assert response.url.startswith("/accounts/2fa/reauthenticate/")


def test_other_allauth_pages_for_passkeys_do_not_exist(db):
    for path in ("2fa/webauthn/", "2fa/webauthn/signup/", "2fa/webauthn/login/", "2fa/passkeys/1/edit/"):
        assert Client().get(f"/accounts/{path}").status_code == 404
