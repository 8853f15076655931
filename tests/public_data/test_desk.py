"""Updates of public data on the desk: the button, the states, the decision."""

import pytest
from django.contrib.auth.models import Group

from campaign.desk.tasks import all_tasks
from campaign.public_data.models import DataUpdate
from tests.accounts.organisers import sign_in
from tests.actions.factories import RecipientFactory
from tests.factories import make_sector

LIST = "/admin/public_data/dataupdate/"
START = "/admin/public_data/dataupdate/start/"
BUTTON = "Update postcodes and MPs"


def editor(client):
    user = sign_in(client, is_superuser=False)
    user.groups.add(Group.objects.get(name="Editor"))
    return user


def make_update(state, source="postcodes", **fields):
    return DataUpdate.objects.create(source=source, state=state, **fields)


def page(client, address=LIST):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_button_queues_an_update_of_each_data_set_once(client, db):
    user = editor(client)
    assert BUTTON in page(client)

    client.post(START)
    client.post(START)

    assert list(DataUpdate.objects.order_by("source").values_list("source", "state", "asked_by")) == [
        ("mps", "waiting", user.pk),
        ("postcodes", "waiting", user.pk),
    ]
    assert "waiting for a worker" in page(client)


def test_an_update_starts_only_on_a_post(client, db):
    editor(client)

    assert client.get(START).status_code == 405
    assert not DataUpdate.objects.exists()


@pytest.mark.parametrize("role", ["Events", "Supporter care", "Treasurer", "Data officer"])
def test_other_roles_can_neither_start_an_update_nor_accept_losses(client, db, role):
    held = make_update("held")
    sign_in(client, is_superuser=False).groups.add(Group.objects.get(name=role))

    assert client.post(START).status_code == 403
    assert client.post(f"{LIST}{held.pk}/accept/").status_code == 403
    assert DataUpdate.objects.count() == 1


def test_a_report_and_a_reason_are_shown(client, db):
    failed = make_update("failed", report="Nothing was changed. www.arcgis.com did not send the whole file in time.")
    editor(client)
    shown = page(client, f"{LIST}{failed.pk}/change/")

    assert "did not send the whole file in time" in shown
    assert "Accept these changes" not in shown


def test_an_organiser_accepts_the_losses_of_the_newest_update_only(client, db):
    old, new = make_update("held"), make_update("held", fingerprint="f" * 64)
    editor(client)
    assert "Accept these changes" not in page(client, f"{LIST}{old.pk}/change/")
    assert "Accept these changes" in page(client, f"{LIST}{new.pk}/change/")

    client.post(f"{LIST}{old.pk}/accept/")
    assert not DataUpdate.objects.waiting().exists()
    client.post(f"{LIST}{new.pk}/accept/")
    client.post(f"{LIST}{new.pk}/accept/")

    assert DataUpdate.objects.waiting().get().accepted == "f" * 64


def test_a_new_site_has_a_task_with_the_button(client, db):
    editor(client)
    desk = page(client, "/admin/")

    assert "MPs and postcodes are missing" in desk or "Postcodes and MPs are missing" in desk
    assert f'action="{START}"' in desk
    assert BUTTON in desk


def test_the_task_names_only_what_is_missing(db):
    RecipientFactory()
    assert any(task.text.startswith("Postcodes are missing") for task in all_tasks())

    make_sector("NW3 7", UX="E14001265")
    assert not any("missing" in task.text for task in all_tasks())


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("held", "An update of the postcodes would lose more than usual. Decide whether it is right."),
        ("failed", "The last update of the postcodes failed, and nothing was changed. See why."),
    ],
)
def test_a_task_says_what_became_of_an_update_until_a_newer_one(db, state, text):
    update = make_update(state)
    [task] = [task for task in all_tasks() if task.text == text]
    assert task.url == f"{LIST}{update.pk}/change/"

    make_update("done")
    assert text not in [task.text for task in all_tasks()]
