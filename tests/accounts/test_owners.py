"""There is always an owner who can sign in, whatever one owner does, or two owners do at the same moment."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from campaign.accounts import account_form
from tests.accounts.organisers import give_authenticator, make_organiser, sign_in
from tests.factories import SiteSettingsFactory

WITHOUT_OWNER = "There has to be an owner who can sign in."


def other_owner(name="grace", *, ready=True):
    user = make_organiser(name, is_superuser=True)
    if ready:
        give_authenticator(user)
    return user


def change(client, user, **answers):
    """Submit the account form, as for a plain organiser who may sign in, unless `answers` says otherwise."""
    answers = {"username": user.username, "is_active": "on"} | answers
    filled = {name: value for name, value in answers.items() if value}
    return client.post(f"/admin/auth/user/{user.pk}/change/", filled)


@pytest.mark.parametrize("answers", [{}, {"is_superuser": "on", "is_active": ""}])
def test_the_last_owner_cannot_give_up_ownership_or_close_their_own_account(client, db, answers):
    SiteSettingsFactory()
    me = sign_in(client)
    other_owner(ready=False)  # invited, but has never signed in
    User.objects.filter(pk=other_owner("closed").pk).update(is_active=False)

    page = change(client, me, **answers)

    assert page.status_code == 200
    assert WITHOUT_OWNER in page.content.decode()
    me.refresh_from_db()
    assert (me.is_superuser, me.is_active) == (True, True)


def test_an_owner_can_step_down_if_there_is_another_owner(client, db):
    me = sign_in(client)
    other_owner()

    assert change(client, me).status_code == 302
    me.refresh_from_db()
    assert not me.is_superuser


def test_an_owner_cannot_be_deleted_from_their_page_or_from_the_list(client, db):
    SiteSettingsFactory()
    me = sign_in(client)
    other = other_owner()

    for user in (me, other):
        assert client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [me.pk, other.pk], "post": "yes"}
    client.post("/admin/auth/user/", chosen)
    assert User.objects.filter(is_superuser=True).count() == 2


def test_an_organiser_who_is_not_an_owner_can_be_deleted(client, db):
    sign_in(client)
    plain = make_organiser("plain")

    assert client.post(f"/admin/auth/user/{plain.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(username="plain").exists()


@pytest.mark.slow
def test_one_owner_remains_if_two_owners_demote_each_other_at_the_same_moment(transactional_db, monkeypatch):
    SiteSettingsFactory()
    clients, users = [Client(), Client()], []
    for client, name in zip(clients, ("ada", "grace"), strict=True):
        users.append(sign_in(client, username=name))
    both_ready, lock = Barrier(2), account_form.lock_owners
    monkeypatch.setattr(account_form, "lock_owners", lambda: (both_ready.wait(10), lock())[1])

    def demote(client, user):
        change(client, user)
        connection.close()

    threads = [Thread(target=demote, args=pair) for pair in zip(clients, reversed(users), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert User.objects.filter(is_superuser=True).count() == 1


def test_an_owner_demoted_before_the_form_arrives_changes_nothing(client, db, monkeypatch):
    SiteSettingsFactory()
    me, other = sign_in(client), other_owner()
    lock = account_form.lock_owners

    def demoted_just_before():
        User.objects.filter(pk=me.pk).update(is_superuser=False)
        return lock()

    monkeypatch.setattr(account_form, "lock_owners", demoted_just_before)
    page = change(client, other)

    assert "You are no longer an owner" in page.content.decode()
    other.refresh_from_db()
    assert other.is_superuser
