"""A test that commits leaves the database as Django's `flush` would."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from tests.accounts.organisers import make_organiser
from tests.emptying import FEW_BYTES, Emptying
from tests.factories import MessageFactory, PageFactory, SignatureFactory
from tests.tables import contents

pytestmark = pytest.mark.django_db(transaction=True)


NUMBERED = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def state():
    """Return all rows, by name if each flush renumbers them."""
    rows = {table: lines for table, lines in contents().items() if lines and table not in NUMBERED}
    roles = Group.objects.order_by("name", "permissions").values_list("name", "permissions__codename")
    return rows, list(roles), list(ContentType.objects.order_by("app_label", "model").values_list("app_label", "model"))


def fill_many_tables():
    PageFactory()
    SignatureFactory()
    make_organiser().groups.add(Group.objects.first())


def fill_a_large_table():
    MessageFactory.create_batch(FEW_BYTES // 50)


def change_a_role():
    Group.objects.first().permissions.set(Permission.objects.all()[:1])


def delete_content_types():
    ContentType.objects.all().delete()


@pytest.mark.parametrize("change", [fill_many_tables, fill_a_large_table, change_a_role, delete_content_types])
def test_the_database_is_left_as_flush_leaves_it(change):
    call_command("flush", verbosity=0, interactive=False)
    flushed = state()
    empty = Emptying()
    empty()
    change()
    assert state() != flushed
    empty()

    assert state() == flushed
