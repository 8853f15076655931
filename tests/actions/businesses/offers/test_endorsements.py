"""Organisations that endorse the call to action, and what the call asks."""

import pytest

from actions.businesses.models import Ask, CallToAction, Endorsement
from campaign.desk.tasks import all_tasks
from tests.accounts.organisers import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db):
    made = CallToAction.objects.create(title="The call", slug="call")
    Ask.objects.create(call=made, text="Trace everything.")
    made.publish()
    return made


def test_an_endorsement_is_public_once_an_organiser_has_checked_it(client, call):
    sign_in(client)
    answers = {"call": call.pk, "organisation": "A union", "website": "https://union.example/", "shown": "on"}
    client.post("/admin/businesses/endorsement/add/", answers)
    endorsement = Endorsement.objects.get()
    assert endorsement.version == 1
    assert not Endorsement.objects.public().exists()
    assert any("endorses the call" in task.text for task in all_tasks())

    client.post(f"/admin/businesses/endorsement/{endorsement.pk}/check/")
    assert Endorsement.objects.public().get().checked_by.username == "ada"
    assert not any("endorses the call" in task.text for task in all_tasks())
    Endorsement.objects.update(shown=False)
    assert not Endorsement.objects.public().exists()


def test_a_calls_asks_are_part_of_its_versions(call):
    Ask.objects.update(text="Another thing.")

    assert [ask.text for ask in CallToAction.objects.published().get().asks.all()] == ["Trace everything."]
