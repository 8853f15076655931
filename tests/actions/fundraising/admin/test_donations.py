"""Donations in the admin: the list, its search and filters, and what is shown in public."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from actions.fundraising.models import Donation, Payment, Refund
from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.email_addresses.canonical import address_hash
from tests.accounts.organisers import sign_in
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import DONATIONS, NAMES, PAYMENTS, dispute, paid_donation, refund


@pytest.fixture
def view_only_organiser(client, db):
    """Sign in an organiser who may view everything and change nothing; return the user."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


@pytest.fixture
def run_action(client, organiser):
    """Return a function that runs an action on some donations and returns the page that follows."""

    def post(action, *donations):
        chosen = {"action": action, "_selected_action": [donation.pk for donation in donations]}
        return client.post(DONATIONS, chosen, follow=True).content.decode()

    return post


def test_a_donation_is_found_by_any_of_its_identifiers(search):
    paid_donation()
    ids = {"session_id": "cs_live_a_b", "subscription_id": "sub_x"}
    day = datetime(2026, 1, 5, 23, 59, tzinfo=UTC)
    payment = PaymentFactory(
        donation=DonationFactory(**ids, created_at=day, donor_hash=address_hash("ruth@example.org")),
        intent_id="pi_Xy",
        charge_id="ch_z",
        created_at=day,
    )
    refund(payment, 100, "re_q")
    dispute(payment, 100, "dp_r")
    donation = payment.donation

    for term in (*ids.values(), "pi_Xy", "ch_z", "re_q", "dp_r", str(donation.pk), " RUTH@example.org ", "2026-01-05"):
        assert search(DONATIONS, term) == {str(donation.pk)}, term
        assert search(PAYMENTS, term) == {str(payment.pk)}, term
        assert search("/admin/fundraising/refund/", term) == {"re_q"}, term
        assert search("/admin/fundraising/dispute/", term) == {"dp_r"}, term
    assert search(PAYMENTS, str(payment.pk)) == {str(payment.pk)}
    for unknown in (
        "pi_xy",
        "cs_",
        "ruth",
        "ruth_b",
        "nobody@example.org",
        "2026-01-06",
        "2026-02-30",
        "pi_X",
        "%",
        "9999-12-31",
    ):
        for path in (DONATIONS, PAYMENTS, "/admin/fundraising/refund/", "/admin/fundraising/dispute/"):
            assert search(path, unknown) == set(), unknown
    assert len(search(DONATIONS)) == 2


def test_the_list_of_donations_takes_few_queries_and_decrypts_no_name(client, organiser, django_assert_max_num_queries):
    for fund in (FundFactory(), FundFactory()):
        for _number in range(15):
            donation = paid_donation(fund=fund, donor_email="ruth@example.org", is_monthly=True, **NAMES)
            PaymentFactory(donation=donation)
    refund(donation.payments.first(), 400)
    with django_assert_max_num_queries(12) as queries:
        page = client.get(DONATIONS).content.decode()

    assert page.count("£20.00") == 29
    assert page.count("£16.00") == 1
    for secret in ("ruth@", *NAMES.values()):
        assert secret not in page
    assert not any("donor_name" in query["sql"] or "parameters" in query["sql"] for query in queries)


def test_a_donation_and_its_declaration_link_to_each_other(client, organiser):
    declaration = DeclarationFactory(scope="all", donation__donor_hash=address_hash("ruth@example.org"))
    own, page = declaration.donation, f"/admin/fundraising/declaration/{declaration.pk}/change/"
    other = paid_donation(fund=own.fund, donor_hash=own.donor_hash)
    undeclared = paid_donation(fund=own.fund)
    for donation, is_linked in ((own, True), (other, True), (undeclared, False)):
        assert (page in client.get(f"{DONATIONS}{donation.pk}/change/").content.decode()) is is_linked

    for path in ("/admin/fundraising/declaration/", page):
        assert f"{DONATIONS}{own.pk}/change/" in client.get(path).content.decode()


def test_the_list_describes_the_outcome_of_a_donation_in_words(client, organiser):
    paid_donation(fee_pence=28, is_monthly=True, subscription_status="past_due", session_status="complete")
    paid_donation(is_live=False, session_status="open")
    page = client.get(DONATIONS).content.decode()

    for words in ("£10.00 + £0.28 fee a month", "monthly: payment overdue", "open, not paid yet (test)"):
        assert words in page


def test_donors_are_shown_to_organisers_who_may_change_donations(client, organiser):
    donation = paid_donation(donor_email="ruth@example.org", **NAMES)
    page = client.get(f"{DONATIONS}{donation.pk}/change/").content.decode()

    for secret in ("ruth@example.org", *NAMES.values()):
        assert secret in page


def test_a_view_only_organiser_sees_no_name_and_changes_nothing(client, view_only_organiser):
    donation = paid_donation(donor_email="ruth@example.org", **NAMES)
    page = client.get(f"{DONATIONS}{donation.pk}/change/").content.decode()
    assert "£10.00" in page
    for secret in ("ruth@example.org", *NAMES.values()):
        assert secret not in page

    client.post(DONATIONS, {"action": "show", "_selected_action": [donation.pk]})
    assert not Donation.objects.get().is_shown


def test_a_donation_shows_its_payments_refunds_and_disputes_with_links_to_stripe(
    client, organiser, django_assert_max_num_queries
):
    donation = paid_donation(is_monthly=True)
    for number in range(20):
        payment = PaymentFactory(donation=donation)
        refund(payment, 250, f"re_{number}")
        dispute(payment, 100, f"dp_{number}", "lost")
    with django_assert_max_num_queries(17):
        page = client.get(f"{DONATIONS}{donation.pk}/change/").content.decode()

    assert page.count("£6.50") == 20
    assert page.count("lost: the money is gone") == 20
    assert f'"https://dashboard.stripe.com/payments/{payment.intent_id}"' in page
    assert "£140.00" in page


def test_showing_and_hiding_names_is_logged_with_the_organiser(run_action, organiser):
    named, remembering = paid_donation(public_name="A"), paid_donation(in_memory_of="B")
    assert "2 donations were changed" in run_action("show", named, remembering)
    assert set(Donation.objects.shown()) == {named, remembering}

    assert "1 donation was changed" in run_action("hide", named)
    assert set(Donation.objects.shown()) == {remembering}
    entries = AuditEntry.objects.filter(object_id=str(named.pk)).order_by("pk")
    assert [(entry.actor, entry.act) for entry in entries] == [
        (organiser.pk, Act.SHOW_DONATION),
        (organiser.pk, Act.HIDE_DONATION),
    ]


def test_only_live_unrefunded_donations_with_something_to_show_can_be_shown(run_action):
    anonymous, unpaid = paid_donation(), DonationFactory(public_name="A")
    test_mode, refunded = paid_donation(public_name="B", is_live=False), paid_donation(public_name="C")
    refund(refunded.payments.get(), 1000)
    page = run_action("show", anonymous, unpaid, test_mode, refunded)

    assert "0 donations were changed" in page
    assert "can be shown" in page
    assert not Donation.objects.filter(is_shown=True).exists()


def test_a_refunded_donation_can_still_be_hidden(run_action):
    donation = paid_donation(public_name="A", is_shown=True)
    refund(donation.payments.get(), 1000)
    run_action("hide", donation)

    assert not Donation.objects.get().is_shown


def test_the_list_is_filtered_by_names_waiting_and_shown(search):
    waiting, shown = paid_donation(in_memory_of="A"), paid_donation(public_name="B", is_shown=True)
    paid_donation()
    DonationFactory(public_name="C")
    paid_donation(public_name="D", is_live=False)

    assert search(DONATIONS, words="waiting") == {str(waiting.pk)}
    assert search(DONATIONS, words="shown") == {str(shown.pk)}


def test_the_list_is_filtered_by_fund_status_kind_and_mode(search):
    donation = paid_donation(is_monthly=True, session_status="complete")
    DonationFactory(is_live=False)
    filters = {"fund__id__exact": donation.fund_id, "is_monthly__exact": 1, "session_status__exact": "complete"}

    for name, value in (filters | {"is_live__exact": 1}).items():
        assert search(DONATIONS, **{name: value}) == {str(donation.pk)}, name


@pytest.fixture
def busy_database(db):
    """Create and analyse so many donations that the database plans queries as on a busy site."""
    fund = FundFactory()
    donations = DonationFactory.build_batch(2000, fund=fund)
    payments = [PaymentFactory.build(donation=donation, charge_id=f"ch_of_{donation.pk}") for donation in donations]
    Donation.objects.bulk_create(donations)
    Payment.objects.bulk_create(payments)
    refunds = [Refund(pk=f"re_of_{one.pk}", payment=one, amount_pence=1, created_at=one.created_at) for one in payments]
    Refund.objects.bulk_create(refunds)
    paid_donation(public_name="A")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fundraising_donation, fundraising_payment, fundraising_refund")


def test_names_waiting_to_be_read_are_found_by_an_index(busy_database):
    plan = Donation.objects.showable().filter(is_shown=False).order_by("-created_at").explain()

    assert "donations_to_read" in plan


@pytest.mark.parametrize(
    ("term", "index"),
    [("ch_1", "payments_of_a_charge"), ("cs_1", "one_donation_a_session"), ("re_1", "using fundraising_refund_")],
)
def test_ids_are_looked_up_in_indexes(busy_database, search, django_assert_max_num_queries, term, index):
    with django_assert_max_num_queries(12) as queries:
        search(DONATIONS, term)
    searches = [query["sql"] for query in queries if term in query["sql"] and query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {searches[-1]}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Seq Scan on fundraising_donation" not in plan
    assert "Seq Scan on fundraising_payment" not in plan


def test_the_newest_donations_are_listed_first(client, organiser):
    old = DonationFactory(created_at=timezone.now() - timedelta(days=1))
    new = DonationFactory()

    assert list(client.get(DONATIONS).context["cl"].result_list) == [new, old]
