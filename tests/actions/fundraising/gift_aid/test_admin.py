"""Gift Aid in the admin: what each organiser sees, and what is done by POST only."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.fundraising.models import Claim, ClaimLine, Declaration, Payment
from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.email_addresses.canonical import address_hash
from tests.accounts.organisers import give_former_rights, sign_in
from tests.actions.factories import DeclarationFactory, PaymentFactory
from tests.factories import SiteSettingsFactory

ADMIN = "/admin/fundraising/"


@pytest.fixture
def organiser(client, db):
    """Sign in an organiser without permission to claim; return the user."""
    SiteSettingsFactory()
    user = sign_in(client, is_superuser=False)
    give_former_rights(user)
    return user


@pytest.fixture
def claimer(organiser):
    """Return the same organiser, with permission to claim."""
    organiser.user_permissions.add(Permission.objects.get(codename="claim_gift_aid"))
    return organiser


@pytest.fixture
def payment(db):
    """Return a payment that can be claimed."""
    return PaymentFactory(donation=DeclarationFactory().donation)


@pytest.fixture
def claim(claimer, payment):
    return Claim.objects.make("The Charity", claimer, timezone.now())


def text(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_donor_is_named_only_to_organisers_who_may_claim(client, organiser, payment):
    declaration = Declaration.objects.get()
    page = f"{ADMIN}declaration/{declaration.pk}/change/"
    shown = text(client.get(page))
    assert "I want to Gift Aid my donation." in shown
    assert not any(secret in shown for secret in ("Byron", "James", "SW1Y"))

    organiser.user_permissions.add(Permission.objects.get(codename="claim_gift_aid"))
    shown = text(client.get(page))
    assert all(secret in shown for secret in ("Byron", "James", "SW1Y"))


def test_a_declaration_is_found_by_the_donors_full_address_or_by_id(client, organiser):
    organiser.user_permissions.add(Permission.objects.get(codename="find_donor"))
    declaration = DeclarationFactory(donation__donor_hash=address_hash("ada@example.org"), donation__session_id="cs_1")
    PaymentFactory(donation=declaration.donation, intent_id="pi_ada")
    DeclarationFactory(donation__donor_hash=address_hash("ruth@example.org"))
    organiser.user_permissions.add(Permission.objects.get(codename="find_donor"))
    donation = declaration.donation
    day = timezone.localdate(donation.created_at).isoformat()

    for term in (" ADA@example.org", "cs_1", "pi_ada", str(donation.pk), str(declaration.pk)):
        assert found(client, term) == [declaration], term
    assert len(found(client, day)) == len(found(client, "")) == 2
    for term in ("ada", "ada@example", "nobody@example.org", "Byron", "pi_"):
        assert found(client, term) == [], term


def found(client, term):
    return list(client.get(f"{ADMIN}declaration/", {"q": term}).context["cl"].result_list)


def test_a_declaration_lists_every_payment_that_it_covers(client, claimer, django_assert_max_num_queries):
    declaration = DeclarationFactory(scope="all", donation__donor_hash=b"a" * 32)
    fund = declaration.donation.fund
    PaymentFactory(donation=declaration.donation, amount_pence=1500, status="failed")
    for _number in range(5):
        PaymentFactory(donation__fund=fund, donation__donor_hash=b"a" * 32, amount_pence=2500)
    Claim.objects.make("The Charity", claimer, timezone.now())
    PaymentFactory(donation__fund=fund, donation__donor_hash=b"a" * 32, amount_pence=4500)  # not claimed yet
    PaymentFactory(donation__fund=fund, donation__donor_hash=b"b" * 32, amount_pence=3500)
    PaymentFactory(donation__fund=fund, amount_pence=3500)
    with django_assert_max_num_queries(12):
        page = text(client.get(f"{ADMIN}declaration/{declaration.pk}/change/"))

    assert page.count("£25.00") == 15
    assert page.count("£15.00") == page.count("£45.00") == 2
    assert "£35.00" not in page


def test_nobody_can_change_or_delete_a_declaration(client, claimer, payment):
    declaration = Declaration.objects.get()
    for page in ("change", "delete"):
        response = client.post(f"{ADMIN}declaration/{declaration.pk}/{page}/", {"charity_name": "Mine", "post": "yes"})
        assert response.status_code == 403

    assert Declaration.objects.get().charity_name == "The Charity"
    assert client.get(f"{ADMIN}declaration/add/").status_code == 403


def run_action(client, page, action, *keys):
    return client.post(f"{ADMIN}{page}/", {"action": action, "_selected_action": keys})


def test_organisers_can_cancel_a_declaration_for_a_donor(client, organiser, payment):
    declaration = Declaration.objects.get()
    run_action(client, "declaration", "cancel", declaration.pk)

    assert Declaration.objects.get().cancelled_at is not None
    assert AuditEntry.objects.get().act == Act.CANCEL_DECLARATION


def test_without_permission_nothing_can_be_claimed_or_seen(client, organiser, payment):
    claim = Claim.objects.make("The Charity", organiser, timezone.now())
    for page in ("claim/", f"claim/{claim.pk}/change/", "overclaim/"):
        assert client.get(f"{ADMIN}{page}").status_code == 403
    for page in ("claim/make/", f"claim/{claim.pk}/download/", f"claim/{claim.pk}/sent/"):
        assert client.post(f"{ADMIN}{page}", {"charity": "The Charity"}).status_code == 403
    claim.refresh_from_db()

    assert (claim.downloads, claim.sent_at) == (0, None)
    assert Claim.objects.count() == 1


def test_organisers_from_before_roles_cannot_claim(organiser):
    assert organiser.has_perm("fundraising.change_declaration")
    assert not organiser.has_perm("fundraising.claim_gift_aid")


def test_get_requests_change_nothing(client, claim):
    for page in ("claim/make/", f"claim/{claim.pk}/download/", f"claim/{claim.pk}/sent/"):
        assert client.get(f"{ADMIN}{page}").status_code == 405
    claim.refresh_from_db()

    assert (claim.downloads, claim.sent_at) == (0, None)


def test_a_claim_is_made_downloaded_and_marked_as_sent(client, claimer, payment):
    assert "The Charity: 1 payment of £10.00 is declared but not claimed yet." in text(client.get(f"{ADMIN}claim/"))
    client.post(f"{ADMIN}claim/make/", {"charity": "The Charity"})
    claim = Claim.objects.get()
    assert claim.made_by == claimer
    assert "There is nothing to claim at the moment." in text(client.get(f"{ADMIN}claim/"))

    response = client.post(f"{ADMIN}claim/{claim.pk}/download/")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))
    assert [row[2] for row in rows] == ["Last name", "Byron"]
    assert "no-store" in response.headers["Cache-Control"]

    client.post(f"{ADMIN}claim/{claim.pk}/sent/")
    claim.refresh_from_db()
    assert claim.sent_at is not None
    assert claim.downloads == 1
    assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True)) == ["add", "export", "mark_sent"]
    assert "mark as sent" not in text(client.get(f"{ADMIN}claim/{claim.pk}/change/"))


def test_a_claim_shows_what_hmrc_asks_for_above_the_table(client, claim, payment):
    Payment.objects.update(paid_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    page = text(client.get(f"{ADMIN}claim/{claim.pk}/change/"))
    assert "<dd> 02/07/26 </dd>" in page
    assert "Leave this empty" in page

    claim.begin_download()
    Payment.objects.update(net_pence=1)
    PaymentFactory(donation=DeclarationFactory().donation)
    later = Claim.objects.make("The Charity", claim.made_by, timezone.now())
    page = text(client.get(f"{ADMIN}claim/{later.pk}/change/"))
    assert "<dd> 2.50 (Once HMRC has the claim, mark these over-claims as reported:" in page
    assert "£2.50" in text(client.get(f"{ADMIN}overclaim/"))

    ClaimLine.objects.mark_reported(timezone.now())
    assert "Leave this empty" in text(client.get(f"{ADMIN}claim/{later.pk}/change/"))


def test_over_claims_of_another_charity_are_not_subtracted(client, claim, claimer):
    Payment.objects.update(net_pence=1)
    PaymentFactory(donation=DeclarationFactory(donation__fund__charity_name="Another").donation)
    other = Claim.objects.make("Another", claimer, timezone.now())

    assert "Leave this empty" in text(client.get(f"{ADMIN}claim/{other.pk}/change/"))


def test_no_name_is_in_the_log_of_organisers_actions(client, claim):
    client.post(f"{ADMIN}claim/{claim.pk}/download/")

    assert AuditEntry.objects.exists()
    assert "Byron" not in str(AuditEntry.objects.values())


def test_no_claim_is_made_when_there_is_nothing_to_claim(client, claimer):
    client.post(f"{ADMIN}claim/make/", {"charity": "The Charity"})

    assert not Claim.objects.exists()


def test_over_claims_are_listed_until_they_are_reported_to_hmrc(client, claim, payment):
    claim.mark_sent(timezone.now())
    assert "0 Gift Aid over-claims" in text(client.get(f"{ADMIN}overclaim/"))
    Payment.objects.update(net_pence=400)
    assert "£6.00" in text(client.get(f"{ADMIN}overclaim/"))
    line = ClaimLine.objects.get()
    run_action(client, "overclaim", "mark_reported", line.pk)

    assert "0 Gift Aid over-claims" in text(client.get(f"{ADMIN}overclaim/"))
    assert ClaimLine.objects.get().reported_pence == 600
    assert AuditEntry.objects.get().act == Act.MARK_REPORTED


def make_many(claimer, number):
    """Create `number` declarations, claims and over-claims, and one payment to claim."""
    for _number in range(number):
        PaymentFactory(donation=DeclarationFactory().donation)
        Claim.objects.make("The Charity", claimer, timezone.now()).begin_download()
    Payment.objects.update(net_pence=1)
    PaymentFactory(donation=DeclarationFactory().donation)


@pytest.mark.parametrize("page", ["declaration/", "claim/", "overclaim/"])
def test_the_lists_need_the_same_number_of_queries_however_long_they_are(
    client, claimer, django_assert_num_queries, page
):
    make_many(claimer, 1)
    with CaptureQueriesContext(connection) as few:
        text(client.get(f"{ADMIN}{page}"))
    make_many(claimer, 10)
    with django_assert_num_queries(len(few)):
        shown = text(client.get(f"{ADMIN}{page}"))

    assert shown.count("<tr>") >= 12  # with the headers
    assert len(few) <= 12
