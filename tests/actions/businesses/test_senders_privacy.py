"""The details of people who send forms about businesses: encrypted, erased in time, and found for a request."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from actions.businesses.models import (
    Brand,
    CommitmentOffer,
    CompanyReply,
    Complaint,
    Endorsement,
    EndorsementOffer,
    Entry,
    Kind,
    Notice,
)
from campaign.privacy.holdings import held_about
from campaign.privacy.retention import RULES
from campaign.privacy.rotation import rotations
from tests.actions.businesses.ledger import add
from tests.actions.factories import CallFactory
from tests.factories import SiteSettingsFactory

TOM = "tom@cotton.com"
PRIVATE = ["Tom Okafor", "Head of purchasing", TOM, "We never said that."]
WHO = {"name": "Tom Okafor", "role": "Head of purchasing"}
PAGES = [
    "/businesses/endorse/",
    "/businesses/commit/",
    "/businesses/endorse/check-your-email/",
    "/businesses/commit/check-your-email/",
    "/businesses/confirmed/",
    "/businesses/complaints/",
    "/businesses/cotton/complain/",
]


@pytest.fixture
def everything(brand, ada, grace):
    """Store one confirmed row of each kind that a sender called Tom sends."""
    SiteSettingsFactory()
    now, call = timezone.now(), CallFactory()
    EndorsementOffer.ask(TOM, now, call=call, organisation="Union", network=b"x" * 16, **WHO)
    fields = {"brand": brand, "level": "full", "words": "We will.", "domain": "cotton.com"}
    CommitmentOffer.ask(TOM, now, network=b"x" * 16, **fields, **WHO)
    for model in (EndorsementOffer, CommitmentOffer):
        model.objects.confirm(now)
    entry = add(brand, Kind.LETTER, ada, checked_by=grace)
    CompanyReply.objects.create(brand=brand, words="We stopped.", network=b"x" * 16, **WHO)
    fields = {"name": WHO["name"], "email": TOM, "words": PRIVATE[3]}
    Complaint.objects.create(entry=entry, network=b"x" * 16, **fields)


def apply_rules(now):
    for rule in RULES:
        if rule.delete and rule.delete.__module__.startswith(("actions.businesses", "campaign.complaints")):
            rule.apply(now)


def counts():
    return [model.objects.count() for model in (EndorsementOffer, CommitmentOffer, CompanyReply)]


def test_the_database_contains_no_sender_in_plain_text(everything):
    stored = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("businesses_", "mail_")):
                cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608 - our names
                stored += "".join(row for (row,) in cursor.fetchall())

    assert "We will." in stored
    for private in PRIVATE:
        assert private not in stored
        assert private.encode().hex() not in stored


def test_senders_are_erased_after_two_years_without_activity_and_what_is_public_stays(everything, ada, brand):
    brand.domains = CommitmentOffer.objects.get().domain
    CommitmentOffer.objects.get().publish(brand, ada, timezone.now())
    days = settings.KEEP_COMPANY_CONTACTS_DAYS

    apply_rules(timezone.now() + timedelta(days=days - 1))
    assert counts() == [1, 1, 1]

    apply_rules(timezone.now() + timedelta(days=days + 1))
    assert counts() == [0, 0, 0]
    assert Entry.objects.filter(kind=Kind.COMMITMENT).exists()
    assert Endorsement.objects.exists()


def test_the_sender_of_a_commitment_is_kept_as_long_as_they_can_reply_to_a_notice(everything, ada, brand):
    Brand.objects.update(contact=None, domains="cotton.com")
    offer = CommitmentOffer.objects.get()
    offer.publish(Brand.objects.get(), ada, timezone.now())
    later = timezone.now() + timedelta(days=settings.KEEP_COMPANY_CONTACTS_DAYS + 1)
    until = timezone.localdate(later) + timedelta(days=13)
    words = {"subject": "About you", "text": "Dear company", "made_at": later - timedelta(days=2)}
    Notice.objects.create(brand=brand, about=Entry.objects.latest("pk"), recipient=TOM, until=until, **words)

    apply_rules(later)
    assert counts() == [0, 1, 0]
    apply_rules(later + timedelta(days=43))
    assert counts() == [0, 1, 0]
    apply_rules(later + timedelta(days=44))
    assert counts() == [0, 0, 0]


def test_unconfirmed_offers_are_deleted_after_a_fortnight(everything):
    EndorsementOffer.objects.update(confirmed_at=None)

    apply_rules(timezone.now() + timedelta(days=15))

    assert counts() == [0, 1, 1]


def test_the_network_hash_is_erased_after_thirty_days(everything):
    apply_rules(timezone.now() + timedelta(days=31))

    for model in (EndorsementOffer, CommitmentOffer, CompanyReply, Complaint):
        assert not model.objects.exclude(network=None).exists()


def test_a_subject_access_request_finds_what_somebody_sent(everything):
    found = [entry.what for entry in held_about(TOM)]

    for what in ("Offered endorsement", "Offered commitment", "Complaint"):
        assert what in found
    assert "Complaint" not in [entry.what for entry in held_about("eve@cotton.com")]


def test_key_rotation_covers_every_column_of_a_sender():
    purposes = {str(one) for one in rotations() if str(one).startswith("businesses.")}

    for model in ("endorsementoffer", "commitmentoffer"):
        assert {f"businesses.{model}.{name}" for name in ("name", "role", "email")} <= purposes
    assert {"businesses.complaint.words", "businesses.complaint.answer", "businesses.companyreply.name"} <= purposes


@pytest.mark.parametrize("path", PAGES)
def test_a_form_is_cacheable_and_sets_no_cookie(client, brand, path, django_assert_max_num_queries):
    SiteSettingsFactory()
    CallFactory()

    with django_assert_max_num_queries(9):
        response = client.get(path)

    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content


@pytest.mark.parametrize("kind", ["endorse", "commit"])
def test_asking_for_another_message_reveals_nothing_about_the_address(client, everything, kind):
    path = f"/businesses/{kind}/send-again/"
    known, unknown = (client.post(path, {"email": email}) for email in (TOM, "nobody@example.org"))

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert client.get(path).headers["Location"] == f"/businesses/{kind}/check-your-email/"


def test_a_brand_cannot_have_the_address_of_one_of_our_own_pages(brand):
    from django.core.exceptions import ValidationError

    brand.slug = "endorse"
    with pytest.raises(ValidationError, match="choose another"):
        brand.clean()
