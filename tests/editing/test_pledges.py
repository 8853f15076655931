"""Publishing a pledge that somebody has signed: the admin asks how its words have changed."""

import pytest

from campaign.versions.models import Version
from pledges.models import Pledge
from tests.editing.filled_in import filled_in
from tests.factories import PledgeFactory, SignatureFactory


@pytest.fixture
def pledge(db):
    pledge = PledgeFactory(statement="<p>We have seen enough.</p>")
    SignatureFactory(pledge=pledge, confirmed=True)
    return pledge


def start(pledge):
    return f"/admin/pledges/pledge/{pledge.pk}/"


def reword(client, pledge, statement):
    """Change the statement and press *Publish now*; return the page that asks."""
    form = filled_in(client.get(f"{start(pledge)}change/"), statement=statement)
    return client.post(f"{start(pledge)}change/", form | {"_publish": "1"}, follow=True)


def answer(client, pledge, **answers):
    number = Version.objects.next_number(Pledge, pledge.pk)
    return client.post(f"{start(pledge)}publish/", {"number": number} | answers, follow=True)


def test_publishing_other_words_asks_first_then_makes_a_new_wording(organiser, client, pledge):
    asked = reword(organiser, pledge, "<p>We will act at once.</p>")
    assert asked.redirect_chain[-1][0] == f"{start(pledge)}publish/"
    refused = answer(organiser, pledge, change="slip", reason="A slip.")
    assert "It is more than" in refused.content.decode() or "new wording" in refused.content.decode()
    assert "act at once" not in client.get(pledge.get_absolute_url()).content.decode()

    answer(organiser, pledge, change="new")
    assert "act at once" in client.get(pledge.get_absolute_url()).content.decode()
    assert Pledge.objects.get().wording == 2


def test_a_slip_is_corrected_with_a_reason_that_visitors_see(organiser, client, pledge):
    reword(organiser, pledge, "<p>We have sene enough.</p>")
    assert "Give a reason" in answer(organiser, pledge, change="slip").content.decode()

    answer(organiser, pledge, change="slip", reason="A misspelt word.")
    assert "A misspelt word." in client.get(pledge.get_absolute_url()).content.decode()
    assert Pledge.objects.get().wording == 1


def test_publishing_twice_makes_one_version(organiser, pledge):
    number = Version.objects.next_number(Pledge, pledge.pk)
    for _click in range(2):
        organiser.post(f"{start(pledge)}publish/", {"number": number})
    assert Version.objects.next_number(Pledge, pledge.pk) == number + 1
