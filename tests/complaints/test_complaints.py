"""Features that complaints about brands and about communities have in common."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from actions.businesses.models import Complaint as BrandComplaint
from actions.businesses.models import Kind
from actions.communities.models import Complaint as CommunityComplaint
from campaign.complaints.models import complaint_models
from campaign.complaints.retention import delete_complaints, erase_networks
from campaign.privacy import crypto
from campaign.privacy.holdings import held_about
from campaign.privacy.rotation import rotations
from tests.accounts.organisers import make_established
from tests.actions.businesses.ledger import add
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory

RUTH = "ruth@example.org"
WORDS = {"words": "It is wrong.", "email": RUTH}


@pytest.fixture(params=[BrandComplaint, CommunityComplaint])
def model(request, db):
    SiteSettingsFactory()
    return request.param


@pytest.fixture
def form(model):
    """Return the address of the form, and valid answers for it."""
    if model is CommunityComplaint:
        return "/community/complain/", WORDS | {"about": "An entry"}
    entry = add(BrandFactory(slug="cotton"), Kind.LETTER, make_established("ada"), make_established("grace"))
    return "/businesses/cotton/complain/", WORDS | {"entry": str(entry.pk), "name": "Ruth"}


@pytest.fixture
def complaint(client, form, model):
    path, answers = form
    client.post(path, answers, headers={"X-Forwarded-For": "192.0.2.1"})
    return model.objects.get()


def test_every_complaint_model_is_covered(model):
    assert model in complaint_models()
    assert len(complaint_models()) == 2


def test_a_complaint_is_stored_encrypted_and_always_gets_the_same_thanks(client, form, model):
    path, answers = form
    responses = [client.post(path, answers) for _number in range(2)]

    assert {one.headers["Location"] for one in responses} == {f"{path}?sent=1"}
    assert "An organiser will read your complaint, and answer you" in client.get(f"{path}?sent=1").content.decode()
    assert model.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row::text FROM {model._meta.db_table} row")  # noqa: S608 - our own name
        stored = str(cursor.fetchall())
    assert "wrong" not in stored
    assert b"wrong".hex() not in stored


@pytest.mark.parametrize("change", [{"words": "\u200b"}, {"words": "x" * 2001}, {"email": "x"}, {"email": ""}])
def test_an_incomplete_complaint_is_shown_again(client, form, model, change):
    path, answers = form

    assert client.post(path, answers | change).status_code == 200
    assert not model.objects.exists()


def test_a_network_can_complain_three_times_a_day(client, form, model):
    path, answers = form
    for _number in range(4):
        response = client.post(path, answers, headers={"X-Forwarded-For": "192.0.2.1"})

    assert "too many complaints today" in response.content.decode()
    assert model.objects.count() == 3


def test_the_network_hash_is_erased_after_thirty_days_and_the_complaint_after_a_year(complaint):
    def apply(rule, days):
        """Apply a rule as if the complaint had been received that many days ago."""
        rule(complaint.asked_at + timedelta(days=days) - timedelta(days=settings.KEEP_COMPLAINTS_DAYS))
        return type(complaint).objects.filter(pk=complaint.pk).first()

    assert erase_networks(complaint.asked_at) == 0
    complaint.refresh_from_db()
    assert complaint.network
    assert erase_networks(complaint.asked_at + timedelta(seconds=1)) == 1
    assert apply(delete_complaints, 365).network is None
    assert apply(delete_complaints, 367) is None


def test_a_subject_access_request_finds_a_complaint(complaint):
    assert "It is wrong." in str(held_about(RUTH))
    assert held_about("eve@example.org") == []


def test_the_previous_release_can_go_on_adding_complaints(db):
    values = {"about": "An entry", "text": "It has been wrong for a year.", "email": RUTH}
    sealed = [crypto.encrypt(value, f"communities.complaint.{name}") for name, value in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO communities_complaint (about, text, email, sent_at) VALUES (%s, %s, %s, now())", sealed
        )

    row = CommunityComplaint.objects.waiting().get()
    assert [row.about, row.words, row.email] == list(values.values())
    assert "communities.complaint.text" in {str(one) for one in rotations()}


def test_an_answered_complaint_no_longer_waits(complaint, model):
    assert list(model.objects.waiting()) == [complaint]
    model.objects.update(answered_at=timezone.now())

    assert not model.objects.waiting().exists()
