"""Payments in the admin, with refunds, disputes, discrepancies, and the download as CSV."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from actions.fundraising.models import Claim, Discrepancy
from actions.fundraising.models.payments import gift_and_fee
from tests.accounts.organisers import sign_in
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import DONATIONS, NAMES, PAYMENTS, dispute, paid_donation, refund

CSV = f"{PAYMENTS}csv/"


@pytest.fixture
def csv_rows(client):
    """Return a function that downloads the payments as CSV and returns the rows, by heading."""

    def get(**filters):
        response = client.get(CSV, filters)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    return get


@pytest.mark.parametrize("path", [PAYMENTS, "/admin/fundraising/refund/", "/admin/fundraising/dispute/"])
def test_the_lists_of_stripe_records_take_few_queries(client, organiser, django_assert_max_num_queries, path):
    for number in range(30):
        payment = PaymentFactory(donation=DonationFactory(**NAMES))
        refund(payment, 100, f"re_{number}")
        dispute(payment, 100, f"dp_{number}")
    with django_assert_max_num_queries(12) as queries:
        assert client.get(path).content.decode().count('name="_selected_action"') in (0, 30)
    assert not any("donor_name" in query["sql"] for query in queries)


def test_discrepancies_are_listed_in_few_queries(client, organiser, django_assert_max_num_queries):
    donation, now = paid_donation(), timezone.now()
    for number in range(30):
        Discrepancy.objects.create(kind="changed", donation=donation, stripe_id=f"cs_{number}", found_at=now)
    Discrepancy.objects.create(kind="unknown", stripe_id="pi_lost", found_at=now)
    with django_assert_max_num_queries(10):
        page = client.get("/admin/fundraising/discrepancy/").content.decode()

    assert page.count(f"{DONATIONS}{donation.pk}/change/") == 30
    assert "pi_lost" in page


def test_a_test_payment_links_to_stripes_test_dashboard(client, organiser):
    payment = PaymentFactory(donation__is_live=False)
    refund(payment, 300)
    page = client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()

    assert f'"https://dashboard.stripe.com/test/payments/{payment.intent_id}"' in page
    assert "refunded" in page


def test_a_payment_links_to_its_declaration_and_its_claim(client, organiser):
    declaration = DeclarationFactory()
    payment = PaymentFactory(donation=declaration.donation)
    page = f"{PAYMENTS}{payment.pk}/change/"
    assert f"/admin/fundraising/declaration/{declaration.pk}/change/" in client.get(page).content.decode()

    claim = Claim.objects.make("The Charity", organiser, timezone.now())
    assert f"/admin/fundraising/claim/{claim.pk}/change/" in client.get(page).content.decode()
    plain = client.get(f"{PAYMENTS}{PaymentFactory().pk}/change/").content.decode()
    assert "/fundraising/declaration/0" not in plain
    assert "/fundraising/claim/1" not in plain


@pytest.mark.parametrize(
    ("code", "words"), [("card", "card"), ("bacs_debit", "Direct Debit"), ("wechat_pay", "Wechat pay"), ("", "")]
)
def test_the_payment_method_is_shown_in_words(client, organiser, code, words):
    payment = PaymentFactory(method=code, donation__is_live=False)

    assert payment.method_name == words
    for path in (PAYMENTS, f"{PAYMENTS}{payment.pk}/change/"):
        assert "bacs_debit" not in client.get(path).content.decode()
    assert "paid (test)" in client.get(PAYMENTS).content.decode()


def test_a_dispute_that_needs_a_response_says_so(client, organiser):
    dispute(PaymentFactory(), 1000, "dp_1", "needs_response")
    dispute(PaymentFactory(), 1000, "dp_2", "under_review")
    dispute(PaymentFactory(), 1000, "dp_3", "won")
    page = client.get("/admin/fundraising/dispute/").content.decode()
    assert page.count("Answer at Stripe") == 1
    assert "answer, or it is lost" in page

    open_disputes = client.get("/admin/fundraising/dispute/?open=1").context["cl"].result_list
    assert {dispute.pk for dispute in open_disputes} == {"dp_1", "dp_2"}


@pytest.mark.parametrize("name", ["donation", "payment", "refund", "dispute", "discrepancy"])
def test_records_from_stripe_cannot_be_added_changed_or_deleted(client, organiser, name):
    payment = PaymentFactory()
    refund(payment, 100)
    dispute(payment, 100)
    Discrepancy.objects.create(kind="changed", stripe_id="cs_1", found_at=timezone.now())
    path = f"/admin/fundraising/{name}/"
    pk = client.get(path).context["cl"].result_list[0].pk

    assert client.get(f"{path}add/").status_code == 403
    assert client.post(f"{path}{pk}/change/", {"status": "paid"}).status_code == 403
    assert client.post(f"{path}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(path).content.decode()


def test_the_csv_shows_gross_refunded_disputed_and_net_amounts(client, organiser, csv_rows):
    fund = FundFactory(title="=HYPERLINK(1)")
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # past midnight in London
    donation = DonationFactory(
        fund=fund,
        amount_pence=4900,
        fee_pence=100,
        is_monthly=True,
        session_id="cs_1",
        subscription_id="sub_1",
        **NAMES,
    )
    payment = PaymentFactory(
        donation=donation,
        amount_pence=5000,
        created_at=late,
        intent_id="pi_b",
        charge_id="ch_b",
        method="bacs_debit",
        stripe_fee_pence=50,
        payout_id="po_1",
        paid_out_on=date(2026, 7, 3),
    )
    refund(payment, 1005)
    refund(payment, 300, "re_2", "failed")
    dispute(payment, 1000)
    dispute(payment, 500, "dp_2", "won")
    PaymentFactory(donation__is_live=False, intent_id="pi_play")
    PaymentFactory(status="failed", paid_at=None, intent_id="pi_failed")
    PaymentFactory(intent_id="pi_c")

    first, second = csv_rows()
    assert first == {
        "date paid": "2026-07-01",
        "test money": "",
        "fund": "'=HYPERLINK(1)",
        "monthly or once": "monthly",
        "amount": "50.00",
        "gift": "49.00",
        "card fee added by the donor": "1.00",
        "refunded": "10.05",
        "disputed": "10.00",
        "net": "29.95",
        "currency": "GBP",
        "payment method": "Direct Debit",
        "Stripe’s fee": "0.50",
        "amount after Stripe’s fee": "49.50",
        "payout": "po_1",
        "payout date": "2026-07-03",
        "Gift Aid": "",
        "claimed amount": "",
        "Gift Aid claim": "",
        "payment": "pi_b",
        "charge": "ch_b",
        "invoice": "",
        "session": "cs_1",
        "subscription": "sub_1",
    }
    assert second["payment"] == "pi_c"
    assert (second["monthly or once"], second["refunded"], second["net"]) == ("once", "0.00", "10.00")
    assert (second["gift"], second["Stripe’s fee"], second["amount after Stripe’s fee"]) == ("10.00", "", "")
    (rehearsed,) = csv_rows(is_live__exact="0")
    assert (rehearsed["payment"], rehearsed["test money"]) == ("pi_play", "test")


def test_the_csv_shows_gift_aid_declarations_and_claims(client, organiser, csv_rows):
    declaration = DeclarationFactory(scope="all", donation__donor_hash=b"a" * 32)
    claimed = PaymentFactory(donation=declaration.donation, amount_pence=5000)
    refund(claimed, 1000)
    claim = Claim.objects.make("The Charity", organiser, timezone.now())
    refund(claimed, 500, "re_2")
    PaymentFactory(donation__fund=declaration.donation.fund, donation__donor_hash=b"a" * 32)
    PaymentFactory(donation__fund=declaration.donation.fund)

    assert [(row["Gift Aid"], row["claimed amount"], row["Gift Aid claim"]) for row in csv_rows()] == [
        ("claimed", "40.00", str(claim.pk)),
        ("declared", "", ""),
        ("", "", ""),
    ]


def test_a_charge_that_differs_from_the_donors_choice_has_no_card_fee():
    assert gift_and_fee(1028, 1000, 28) == (1000, 28)
    assert gift_and_fee(2000, 1000, 28) == (2000, 0)


def test_the_csv_is_filtered_like_the_list(client, organiser, csv_rows):
    june, july = datetime(2026, 6, 30, 22, 30, tzinfo=UTC), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    payments = [PaymentFactory(created_at=moment) for moment in (june, july)]

    assert [row["payment"] for row in csv_rows(month="2026-06")] == [payments[0].intent_id]
    assert [row["payment"] for row in csv_rows(month="2026-07")] == [payments[1].intent_id]
    assert [row["payment"] for row in csv_rows(fund__id__exact=payments[1].fund_id)] == [payments[1].intent_id]
    assert [row["payment"] for row in csv_rows(q=payments[0].intent_id)] == [payments[0].intent_id]
    page = client.get(PAYMENTS, {"month": "2026-06", "p": "1"}).content.decode()
    assert f'href="{CSV}?month=2026-06"' in page
    for month, status in {"2026-13": 302, "soon": 302, "9999-12": 302, "0001-01": 302, "\x00": 400}.items():
        assert client.get(CSV, {"month": month}).status_code == status, month
        assert client.get(PAYMENTS, {"month": month}).status_code == status, month


def test_the_csv_takes_as_many_queries_however_long_it_is(client, organiser, csv_rows, django_assert_num_queries):
    PaymentFactory.create_batch(3)
    with django_assert_num_queries(10):  # two for the transaction
        assert len(csv_rows()) == 3
    PaymentFactory.create_batch(40)
    with django_assert_num_queries(10):
        assert len(csv_rows()) == 43


def test_the_csv_needs_permission_to_view_payments(client, db):
    user = sign_in(client, is_superuser=False)
    assert client.get(CSV).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_payment"))
    assert client.get(CSV).status_code == 200
    assert client.post(CSV).status_code == 405
