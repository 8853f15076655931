"""Giving in the admin: lists, search, what is shown in public, the list to take away."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from actions.fundraising.models import Discrepancy, Dispute, Donation, DonationSettings, Payment, Refund
from campaign.email_addresses.canonical import address_hash
from tests.accounts.organisers import sign_in
from tests.actions.factories import DonationFactory, FundFactory, PaymentFactory

GIFTS = "/admin/fundraising/donation/"
PAYMENTS = "/admin/fundraising/payment/"
CSV = f"{PAYMENTS}csv/"
NAMES = {"public_name": "Shown Wish", "in_memory_of": "Dear One", "donor_name": "Ruth Secret"}


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def only_looks(client, db):
    """An organiser who may look at everything and change nothing."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


@pytest.fixture
def found(client, organiser):
    """Search a list, or filter it; give the keys that are listed."""

    def search(path, term="", **filters):
        answer = client.get(path, {"q": term} | filters)
        assert answer.status_code == 200
        return {str(one.pk) for one in answer.context["cl"].result_list}

    return search


@pytest.fixture
def decide(client, organiser):
    """Choose some gifts and an action; give the page that follows."""

    def post(action, *gifts):
        chosen = {"action": action, "_selected_action": [gift.pk for gift in gifts]}
        return client.post(GIFTS, chosen, follow=True).content.decode()

    return post


@pytest.fixture
def lines(client):
    """Get the list of payments; give its lines, each by its headings."""

    def get(**filters):
        answer = client.get(CSV, filters)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    return get


def refund(payment, pence, key="re_1", status="succeeded"):
    made = Refund.objects.create(
        pk=key, payment=payment, amount_pence=pence, status=status, created_at=payment.created_at
    )
    payment.update_net()
    return made


def dispute(payment, pence, key="dp_1", status="needs_response"):
    made = Dispute.objects.create(
        pk=key, payment=payment, amount_pence=pence, status=status, created_at=payment.created_at
    )
    payment.update_net()
    return made


def kept(**fields):
    """A gift that was paid."""
    return PaymentFactory(donation=DonationFactory(**fields)).donation


def test_a_gift_is_found_by_what_an_organiser_has_in_hand(found):
    kept()
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
    gift = payment.donation

    for words in (*ids.values(), "pi_Xy", "ch_z", "re_q", "dp_r", str(gift.pk), " RUTH@example.org ", "2026-01-05"):
        assert found(GIFTS, words) == {str(gift.pk)}, words
        assert found(PAYMENTS, words) == {str(payment.pk)}, words
        assert found("/admin/fundraising/refund/", words) == {"re_q"}, words
        assert found("/admin/fundraising/dispute/", words) == {"dp_r"}, words
    assert found(PAYMENTS, str(payment.pk)) == {str(payment.pk)}
    for nothing in (
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
        for path in (GIFTS, PAYMENTS, "/admin/fundraising/refund/", "/admin/fundraising/dispute/"):
            assert found(path, nothing) == set(), nothing
    assert len(found(GIFTS)) == 2


def test_the_list_of_gifts_takes_few_queries_and_opens_no_name(client, organiser, django_assert_max_num_queries):
    for fund in (FundFactory(), FundFactory()):
        for _number in range(15):
            gift = kept(fund=fund, donor_email="ruth@example.org", is_monthly=True, **NAMES)
            PaymentFactory(donation=gift)
    refund(gift.payments.first(), 400)
    with django_assert_max_num_queries(12) as queries:
        page = client.get(GIFTS).content.decode()

    assert page.count("£20.00") == 29
    assert page.count("£16.00") == 1
    for secret in ("ruth@", *NAMES.values()):
        assert secret not in page
    assert not any("donor_name" in query["sql"] or "parameters" in query["sql"] for query in queries)


@pytest.mark.parametrize("path", [PAYMENTS, "/admin/fundraising/refund/", "/admin/fundraising/dispute/"])
def test_the_lists_of_facts_take_few_queries(client, organiser, django_assert_max_num_queries, path):
    for number in range(30):
        payment = PaymentFactory(donation=DonationFactory(**NAMES))
        refund(payment, 100, f"re_{number}")
        dispute(payment, 100, f"dp_{number}")
    with django_assert_max_num_queries(12) as queries:
        assert client.get(path).content.decode().count('name="_selected_action"') in (0, 30)
    assert not any("donor_name" in query["sql"] for query in queries)


def test_differences_are_listed_in_few_queries(client, organiser, django_assert_max_num_queries):
    gift, now = kept(), timezone.now()
    for number in range(30):
        Discrepancy.objects.create(kind="changed", donation=gift, stripe_id=f"cs_{number}", found_at=now)
    Discrepancy.objects.create(kind="unknown", stripe_id="pi_lost", found_at=now)
    with django_assert_max_num_queries(10):
        page = client.get("/admin/fundraising/discrepancy/").content.decode()

    assert page.count(f"{GIFTS}{gift.pk}/change/") == 30
    assert "pi_lost" in page


def test_who_gave_is_shown_to_those_who_may_decide_what_is_shown(client, organiser):
    gift = kept(donor_email="ruth@example.org", **NAMES)
    page = client.get(f"{GIFTS}{gift.pk}/change/").content.decode()

    for secret in ("ruth@example.org", *NAMES.values()):
        assert secret in page


def test_who_may_only_look_sees_no_name_and_decides_nothing(client, only_looks):
    gift = kept(donor_email="ruth@example.org", **NAMES)
    page = client.get(f"{GIFTS}{gift.pk}/change/").content.decode()
    assert "£10.00" in page
    for secret in ("ruth@example.org", *NAMES.values()):
        assert secret not in page

    client.post(GIFTS, {"action": "show", "_selected_action": [gift.pk]})
    assert not Donation.objects.get().is_shown


def test_a_gift_shows_its_payments_with_what_went_back_and_the_way_to_stripe(
    client, organiser, django_assert_max_num_queries
):
    gift = kept(is_monthly=True)
    for number in range(20):
        payment = PaymentFactory(donation=gift)
        refund(payment, 250, f"re_{number}")
        dispute(payment, 100, f"dp_{number}", "lost")
    with django_assert_max_num_queries(17):
        page = client.get(f"{GIFTS}{gift.pk}/change/").content.decode()

    assert page.count("£6.50") == 20
    assert page.count("lost: the money is gone") == 20
    assert f'"https://dashboard.stripe.com/payments/{payment.intent_id}"' in page
    assert "£140.00" in page


def test_a_payment_of_play_money_leads_to_stripes_test_pages(client, organiser):
    payment = PaymentFactory(donation__is_live=False)
    refund(payment, 300)
    page = client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()

    assert f'"https://dashboard.stripe.com/test/payments/{payment.intent_id}"' in page
    assert "given back" in page


def test_a_dispute_that_waits_for_an_answer_says_so(client, organiser):
    dispute(PaymentFactory(), 1000, "dp_1", "needs_response")
    dispute(PaymentFactory(), 1000, "dp_2", "under_review")
    dispute(PaymentFactory(), 1000, "dp_3", "won")
    page = client.get("/admin/fundraising/dispute/").content.decode()
    assert page.count("Answer it at Stripe") == 1
    assert "answer it, or it is lost" in page

    still_open = client.get("/admin/fundraising/dispute/?open=1").context["cl"].result_list
    assert {one.pk for one in still_open} == {"dp_1", "dp_2"}


@pytest.mark.parametrize("name", ["donation", "payment", "refund", "dispute", "discrepancy"])
def test_nothing_that_stripe_said_can_be_changed_made_or_deleted(client, organiser, name):
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


def test_names_and_dedications_are_shown_and_hidden_and_it_is_noted_who_decided(decide, organiser):
    named, remembering = kept(public_name="A"), kept(in_memory_of="B")
    assert "2 gifts were changed" in decide("show", named, remembering)
    assert set(Donation.objects.shown()) == {named, remembering}

    assert "1 gift was changed" in decide("hide", named)
    assert set(Donation.objects.shown()) == {remembering}
    notes = LogEntry.objects.filter(object_id=str(named.pk)).order_by("pk")
    assert [(note.user, note.change_message) for note in notes] == [
        (organiser, "Shown in public."),
        (organiser, "Hidden."),
    ]
    assert notes[0].object_repr == str(named)


def test_only_real_gifts_that_were_kept_and_have_something_to_show_are_shown(decide):
    silent, unpaid = kept(), DonationFactory(public_name="A")
    play, returned = kept(public_name="B", is_live=False), kept(public_name="C")
    refund(returned.payments.get(), 1000)
    page = decide("show", silent, unpaid, play, returned)

    assert "0 gifts were changed" in page
    assert "can be shown" in page
    assert not Donation.objects.filter(is_shown=True).exists()


def test_a_gift_that_was_given_back_can_still_be_hidden(decide):
    gift = kept(public_name="A", is_shown=True)
    refund(gift.payments.get(), 1000)
    decide("hide", gift)

    assert not Donation.objects.get().is_shown


def test_the_list_is_filtered_for_what_waits_to_be_read(found):
    waiting, shown = kept(in_memory_of="A"), kept(public_name="B", is_shown=True)
    kept()
    DonationFactory(public_name="C")
    kept(public_name="D", is_live=False)

    assert found(GIFTS, words="waiting") == {str(waiting.pk)}
    assert found(GIFTS, words="shown") == {str(shown.pk)}


def test_the_list_is_filtered_by_fund_state_kind_and_money(found):
    gift = kept(is_monthly=True, session_status="complete")
    DonationFactory(is_live=False)
    filters = {"fund__id__exact": gift.fund_id, "is_monthly__exact": 1, "session_status__exact": "complete"}

    for name, value in (filters | {"is_live__exact": 1}).items():
        assert found(GIFTS, **{name: value}) == {str(gift.pk)}, name


@pytest.fixture
def many(db):
    """So many gifts, and so well known to the database, that it plans as it would on a busy site."""
    fund = FundFactory()
    gifts = DonationFactory.build_batch(2000, fund=fund)
    payments = [PaymentFactory.build(donation=gift, charge_id=f"ch_of_{gift.pk}") for gift in gifts]
    Donation.objects.bulk_create(gifts)
    Payment.objects.bulk_create(payments)
    refunds = [Refund(pk=f"re_of_{one.pk}", payment=one, amount_pence=1, created_at=one.created_at) for one in payments]
    Refund.objects.bulk_create(refunds)
    kept(public_name="A")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fundraising_donation, fundraising_payment, fundraising_refund")


def test_what_waits_to_be_read_is_found_by_its_index(many):
    plan = Donation.objects.showable().filter(is_shown=False).order_by("-created_at").explain()

    assert "donations_to_read" in plan


@pytest.mark.parametrize(
    ("words", "index"),
    [("ch_1", "payments_of_a_charge"), ("cs_1", "one_donation_a_session"), ("re_1", "using fundraising_refund_")],
)
def test_ids_are_looked_up_in_indexes(many, found, django_assert_max_num_queries, words, index):
    with django_assert_max_num_queries(12) as queries:
        found(GIFTS, words)
    searched = [query["sql"] for query in queries if words in query["sql"] and query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {searched[-1]}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Seq Scan on fundraising_donation" not in plan
    assert "Seq Scan on fundraising_payment" not in plan


def test_the_list_to_take_away_says_what_came_in_and_what_is_left(client, organiser, lines):
    fund = FundFactory(title="=HYPERLINK(1)")
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # past midnight in London
    gift = DonationFactory(
        fund=fund, amount_pence=5000, is_monthly=True, session_id="cs_1", subscription_id="sub_1", **NAMES
    )
    payment = PaymentFactory(donation=gift, created_at=late, intent_id="pi_b", charge_id="ch_b", method="card")
    refund(payment, 1005)
    refund(payment, 300, "re_2", "failed")
    dispute(payment, 1000)
    dispute(payment, 500, "dp_2", "won")
    PaymentFactory(donation__is_live=False, intent_id="pi_play")
    PaymentFactory(status="failed", paid_at=None, intent_id="pi_failed")
    PaymentFactory(intent_id="pi_c")

    first, second = lines()
    assert first == {
        "day paid": "2026-07-01",
        "fund": "'=HYPERLINK(1)",
        "monthly or once": "monthly",
        "amount": "50.00",
        "refunded": "10.05",
        "disputed": "10.00",
        "left": "29.95",
        "currency": "gbp",
        "paid by": "card",
        "payment": "pi_b",
        "charge": "ch_b",
        "invoice": "",
        "session": "cs_1",
        "subscription": "sub_1",
    }
    assert second["payment"] == "pi_c"
    assert (second["monthly or once"], second["refunded"], second["left"]) == ("once", "0.00", "10.00")
    assert [line["payment"] for line in lines(is_live__exact="0")] == ["pi_play"]


def test_the_list_to_take_away_is_filtered_as_the_list_is(client, organiser, lines):
    june, july = datetime(2026, 6, 30, 22, 30, tzinfo=UTC), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    payments = [PaymentFactory(created_at=moment) for moment in (june, july)]

    assert [line["payment"] for line in lines(month="2026-06")] == [payments[0].intent_id]
    assert [line["payment"] for line in lines(month="2026-07")] == [payments[1].intent_id]
    assert [line["payment"] for line in lines(fund__id__exact=payments[1].fund_id)] == [payments[1].intent_id]
    assert [line["payment"] for line in lines(q=payments[0].intent_id)] == [payments[0].intent_id]
    page = client.get(PAYMENTS, {"month": "2026-06", "p": "1"}).content.decode()
    assert f'href="{CSV}?month=2026-06"' in page
    for wrong, status in {"2026-13": 302, "soon": 302, "9999-12": 302, "0001-01": 302, "\x00": 400}.items():
        assert client.get(CSV, {"month": wrong}).status_code == status, wrong
        assert client.get(PAYMENTS, {"month": wrong}).status_code == status, wrong


def test_the_list_to_take_away_takes_as_many_queries_for_many(client, organiser, lines, django_assert_num_queries):
    PaymentFactory.create_batch(3)
    with django_assert_num_queries(6):
        assert len(lines()) == 3
    PaymentFactory.create_batch(40)
    with django_assert_num_queries(6):
        assert len(lines()) == 43


def test_the_list_to_take_away_is_for_those_who_may_see_payments(client, db):
    user = sign_in(client, is_superuser=False)
    assert client.get(CSV).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_payment"))
    assert client.get(CSV).status_code == 200
    assert client.post(CSV).status_code == 405


def test_giving_settings_are_one_row(client, organiser):
    path = "/admin/fundraising/donationsettings/"
    form = {"is_open": "on", "portal_url": "", "fee_percent": "1.2", "fee_pence": "20"}
    assert client.get(path).headers["Location"] == f"{path}add/"
    client.post(f"{path}add/", form)
    assert client.get(path).headers["Location"] == f"{path}1/change/"
    assert client.get(f"{path}add/").status_code == 403
    assert client.post(f"{path}1/delete/", {"post": "yes"}).status_code == 403

    client.post(f"{path}1/change/", form | {"is_open": ""})
    assert not DonationSettings.current().is_open


def test_a_fund_is_made_in_the_admin(client, organiser):
    form = {"title": "Cause", "slug": "cause", "payee": "Friends", "presets": "5, 10", "language": "en-gb", "order": 0}
    answer = client.post("/admin/fundraising/fund/add/", form | {"published": "on", "is_open": "on", "target": "100"})

    assert answer.status_code == 302
    assert client.get("/admin/fundraising/fund/").context["cl"].result_list[0].target == 100


def test_old_gifts_are_listed_after_new_ones(client, organiser):
    old = DonationFactory(created_at=timezone.now() - timedelta(days=1))
    new = DonationFactory()

    assert list(client.get(GIFTS).context["cl"].result_list) == [new, old]
