"""Roles: the promises on the page for organisers, the permissions in the code, and the groups in the database."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission

from campaign import roles
from campaign.roles import EDITOR, FORMER_GROUP, ROLES
from tests.accounts import matrix
from tests.accounts.organisers import give_former_rights, make_organiser, sign_in

pytestmark = pytest.mark.django_db


def names_of(permissions):
    return {f"{app}.{name}" for app, name in permissions.values_list("content_type__app_label", "codename")}


def test_the_page_for_organisers_lists_the_permissions_of_each_role():
    lines = [line for line in matrix.PAGE.read_text().splitlines() if line.startswith("|")]

    assert lines == matrix.table(), "\n".join(matrix.table())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_after_migrating_each_group_has_exactly_the_permissions_of_its_role(role):
    assert names_of(Group.objects.get(name=role.name).permissions) == role.permissions


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_has_the_same_permissions_for_an_object_and_its_parts(role):
    for model, model_admin in admin.site._registry.items():
        for inline in model_admin.inlines:
            whole, part = (
                matrix.cell(role, one._meta.app_label, one._meta.model_name) for one in (model, inline.model)
            )
            assert part == whole or (part != "–" and whole not in ("–", "see", "all")), inline


def test_migrating_removes_old_permissions_of_a_role_and_adds_new_ones():
    group = Group.objects.get(name=EDITOR.name)
    group.permissions.set(Permission.objects.filter(codename__in=["export_signature", "change_user"]))

    roles.store(apps, "default")

    assert names_of(group.permissions) == EDITOR.permissions


def test_no_role_grants_permissions_for_accounts_or_sessions():
    granted = set.union(*(role.permissions for role in ROLES))

    assert not {name for name in granted if name.startswith(("auth.", "accounts.", "sessions.", "mfa."))}


def test_organisers_from_before_roles_keep_their_permissions_and_owners_get_a_task(client):
    owner = sign_in(client)
    former = make_organiser("grace")
    give_former_rights(former)

    for name in ("pages.delete_page", "pledges.change_signature", "fundraising.change_fund", "mail.delete_message"):
        assert former.has_perm(name)
    assert not former.has_perm("auth.change_user")
    assert not former.has_perm("pledges.export_signature")
    text = client.get("/admin/").content.decode()
    assert "1 organiser may still do nearly everything." in text
    assert owner.is_superuser


def test_an_owner_replaces_former_permissions_with_a_role(client):
    sign_in(client)
    former = make_organiser("grace")
    give_former_rights(former)
    path = f"/admin/auth/user/{former.pk}/change/"
    assert "Organiser from before there were roles" in client.get(path).content.decode()

    events = Group.objects.get(name="Events")
    answers = {"username": "grace", "groups": [events.pk], "is_active": "on"}
    assert client.post(path, answers).status_code == 302

    former = type(former).objects.get(pk=former.pk)
    assert former.get_all_permissions() == roles.EVENTS.permissions
    assert FORMER_GROUP not in client.get(path).content.decode()
    assert "may still do" not in client.get("/admin/").content.decode()
