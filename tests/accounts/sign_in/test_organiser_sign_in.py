"""The command that lets an organiser in, and its one-time links."""

import re
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from campaign.accounts.sign_in.links import link_for
from campaign.privacy.logs import mask
from tests.accounts.organisers import PASSWORD, code, give_authenticator, make_organiser

NEW = {"new_password1": "four quite odd words", "new_password2": "four quite odd words"}


def run(*args):
    out = StringIO()
    call_command("organiser_sign_in", *args, stdout=out)
    return out.getvalue()


def link_in(text):
    return re.search(r"http://[^/]+(/accounts/sign-in/[^/\s]+/)$", text.strip())[1]


def test_the_first_run_creates_an_organiser_and_prints_a_link(client, db):
    link = link_in(run("--base-url", "http://127.0.0.1:8001/"))

    user = User.objects.get(username="organiser")
    assert user.is_staff
    assert user.is_superuser
    assert not user.has_usable_password()
    assert client.get(link).status_code == 200


def test_the_link_leads_through_password_and_authenticator_to_the_admin(client, db):
    response = client.post(link_in(run()))
    assert response.url == "/accounts/password/set/"
    assert client.get("/admin/").url.startswith("/accounts/password/set/")
    response = client.post("/accounts/password/set/", NEW, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/2fa/totp/activate/")

    form = response.context["form"]
    response = client.post("/accounts/2fa/totp/activate/", {"code": code(form.secret)}, follow=True)

    assert len(response.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200
    assert "Sign in at" in run()
    assert "sign-in/" not in run()


def test_opening_the_link_changes_nothing(client, db):
    link = link_in(run())
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert "_auth_user_id" not in client.session
    assert client.post(link).status_code == 302


def test_a_link_works_only_once(db):
    text = run()
    Client().post(link_in(text))

    second = Client()
    for response in (second.post(link_in(text)), second.get(link_in(text))):
        assert response.status_code == 404
        assert "no longer works" in response.content.decode()
    assert "_auth_user_id" not in second.session


def test_using_one_link_invalidates_all_others(db):
    first, second = link_in(run()), link_in(run())
    Client().post(first)

    assert Client().get(second).status_code == 404


def test_a_link_lasts_a_day(client, db):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        link = link_in(run())
        clock.move_to("2027-01-02T11:59:00Z")
        assert client.get(link).status_code == 200
        clock.move_to("2027-01-02T12:01:00Z")
        assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "1-", "-", "1-x-y", "zzzzzzzzzzzzz-x-y", "1" * 3000, "é-1", "0-0-0"])
def test_an_invalid_link_is_not_found(client, db, token):
    run()

    assert client.get(f"/accounts/sign-in/{token}/").status_code == 404
    assert client.post(f"/accounts/sign-in/{token}/").status_code == 404


def test_the_button_requires_a_csrf_token(db):
    assert Client(enforce_csrf_checks=True).post(link_in(run())).status_code == 403


def test_an_account_without_a_second_factor_gets_a_link_each_time(db):
    run()
    User.objects.update(password="!")

    assert link_in(run()) != ""


def test_a_new_link_on_demand_still_asks_for_the_code(client, db):
    ada = make_organiser()
    secret = give_authenticator(ada)
    assert "Sign in at http" in run("--username", "ada")

    response = client.post(link_in(run("--username", "ada", "--new-link")))
    assert response.url == "/accounts/2fa/authenticate/"
    response = client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert response.url == "/accounts/password/set/"
    client.post("/accounts/password/set/", NEW)

    assert client.get("/admin/").status_code == 200
    ada.refresh_from_db()
    assert ada.check_password(NEW["new_password1"])


def test_a_lost_phone_is_removed_from_the_account(client, db):
    give_authenticator(make_organiser())

    client.post(link_in(run("--username", "ada", "--lost-phone")))
    response = client.post("/accounts/password/set/", NEW, follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/2fa/totp/activate/")


def test_only_the_first_organiser_manages_accounts(db):
    run()
    run("--username", "grace")

    grace = User.objects.get(username="grace")
    assert grace.is_staff
    assert not grace.is_superuser
    assert grace.has_perm("pages.change_page")
    assert grace.has_perm("pledges.change_pledge")
    assert not grace.has_perm("auth.change_user")


def test_running_the_command_again_changes_no_account(db):
    make_organiser("organiser")
    run()

    assert User.objects.get().check_password(PASSWORD)


def test_the_page_for_new_accounts_does_not_replace_an_existing_password(client, ada):
    client.force_login(ada)

    assert client.post("/accounts/password/set/", NEW).url == "/accounts/password/change/"
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_weak_password_is_refused(client, db):
    client.post(link_in(run()))
    weak = {"new_password1": "password", "new_password2": "password"}

    assert "too common" in client.post("/accounts/password/set/", weak).content.decode()


def test_logs_do_not_show_the_token(ada):
    link = link_for(ada, "http://127.0.0.1:8000")

    assert mask(f'"GET {link} HTTP/1.1" 200') == ('"GET http://127.0.0.1:8000/accounts/sign-in/[token]/ HTTP/1.1" 200')


def test_following_a_link_ends_another_organisers_session(client, db):
    client.force_login(make_organiser("grace"))
    client.post(link_in(run()))

    assert client.session["_auth_user_id"] == str(User.objects.get(username="organiser").pk)


def test_following_a_link_ends_the_current_session_even_before_the_code_is_entered(client, db):
    client.force_login(make_organiser("grace"))
    give_authenticator(make_organiser())
    client.post(link_in(run("--username", "ada", "--new-link")))

    assert "_auth_user_id" not in client.session


def test_a_link_to_a_deactivated_account_no_longer_works(client, db):
    link = link_in(run())
    User.objects.update(is_active=False)

    assert client.post(link).status_code == 404
    assert "_auth_user_id" not in client.session
