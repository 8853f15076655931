"""Who sent a form about a brand: hidden from organisers without a further right."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from actions.businesses.models import CommitmentOffer, CompanyReply, Complaint, EndorsementOffer, Kind
from campaign.audit.models import AuditEntry
from tests.accounts.organisers import sign_in_as
from tests.actions.businesses.ledger import add
from tests.actions.factories import CallFactory

pytestmark = pytest.mark.django_db
TOM = {"name": "Tom Okafor", "role": "Head of purchasing"}


@pytest.fixture
def editor(client):
    return sign_in_as(client, "Editor")


@pytest.fixture
def pages(brand, ada, grace):
    """Return the addresses of the admin pages about everything that somebody called Tom has sent."""
    now = timezone.now()
    EndorsementOffer.ask("tom@cotton.example", now, call=CallFactory(), organisation="Union", **TOM)
    fields = {"brand": brand, "level": "full", "words": "We will.", "domain": "cotton.example"}
    CommitmentOffer.ask("tom@cotton.example", now, **fields, **TOM)
    for model in (EndorsementOffer, CommitmentOffer):
        model.objects.confirm(now)
    entry = add(brand, Kind.LETTER, ada, grace)
    complaint = {"name": TOM["name"], "email": "tom@cotton.example", "words": "It is wrong."}
    rows = [
        EndorsementOffer.objects.get().endorsement,
        CommitmentOffer.objects.get(),
        CompanyReply.objects.create(brand=brand, words="We stopped.", **TOM),
        Complaint.objects.create(entry=entry, **complaint),
    ]
    return [f"/admin/businesses/{row._meta.model_name}/{row.pk}/change/" for row in rows]


def test_seeing_senders_details_needs_a_further_right_and_is_recorded_each_time(client, pages, editor):
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        for private in ("Okafor", "purchasing", "tom@"):
            assert private not in response.content.decode()
    assert not AuditEntry.objects.filter(act="see_sender").exists()

    editor.user_permissions.add(Permission.objects.get(codename="see_senders"))
    for page in pages:
        assert "Okafor" in client.get(page).content.decode()
    looks = AuditEntry.objects.filter(act="see_sender").order_by("pk")
    models = ["endorsement", "commitmentoffer", "companyreply", "complaint"]
    assert list(looks.values_list("model", flat=True)) == [f"businesses.{name}" for name in models]


def test_an_organiser_who_may_not_open_a_page_has_not_looked(client, pages):
    carer = sign_in_as(client, "Supporter care")
    carer.user_permissions.add(Permission.objects.get(codename="see_senders"))
    assert {client.get(page).status_code for page in pages} == {403}
    assert not AuditEntry.objects.filter(act="see_sender").exists()


def test_an_endorsement_that_an_organiser_entered_has_no_sender_to_look_at(client, editor):
    editor.user_permissions.add(Permission.objects.get(codename="see_senders"))
    row = CallFactory().endorsements.create(organisation="Union")

    assert client.get(f"/admin/businesses/endorsement/{row.pk}/change/").status_code == 200
    assert not AuditEntry.objects.filter(act="see_sender").exists()
