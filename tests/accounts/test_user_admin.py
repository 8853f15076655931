"""The admin of organisers' accounts."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from tests.accounts.organisers import make_organiser, sign_in
from tests.factories import SiteSettingsFactory


@pytest.fixture
def organiser(client, site):
    """Return a signed-in client."""
    sign_in(client)
    return client


@pytest.fixture
def site(db):
    return SiteSettingsFactory()


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_an_organiser_adds_another_who_gets_a_link_and_no_password(organiser, site):
    editor = Group.objects.get(name="Editor")
    answers = {"username": "grace", "address": "grace@example.org", "groups": [editor.pk], "is_active": "on"}
    organiser.post("/admin/auth/user/add/", answers)
    grace = organiser.get("/admin/auth/user/").context["cl"].queryset.get(username="grace")
    assert grace.is_staff
    assert not grace.is_superuser
    assert not grace.has_usable_password()
    assert grace.has_perm("pages.change_page")

    text = text_of(organiser.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [grace.pk]}))
    link = re.search(r"http://127.0.0.1:8000(/accounts/sign-in/[^/<]+/)", text)[1]
    assert "grace" in text_of(organiser.get(link))


def test_organisers_who_do_not_manage_accounts_see_none(client, site):
    user = sign_in(client, is_superuser=False)
    other = make_organiser("grace", is_superuser=True)

    for path in ("", f"{other.pk}/change/", "add/"):
        assert client.get(f"/admin/auth/user/{path}").status_code == 403
    response = client.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [other.pk]})
    assert response.status_code == 403
    assert not user.is_superuser


def test_only_account_managers_make_links_whatever_other_permissions_users_have(client, site):
    user = sign_in(client, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    boss = make_organiser("grace", is_superuser=True)

    response = client.post("/admin/auth/user/", {"action": "make_link", "_selected_action": [boss.pk]})
    assert response.status_code == 403
