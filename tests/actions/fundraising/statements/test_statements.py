"""Tax-year statements for donors: `/donate/statement/` and `/donate/statement/<token>/`."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from actions.fundraising.models import Claim, Declaration, StatementLink
from actions.fundraising.statements.tax_years import TaxYear, recent_years
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.factories import OrganiserFactory, SiteSettingsFactory

ASK = "/donate/statement/"
ADA = address_hash("ada@example.org")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november(db, time_machine):
    SiteSettingsFactory(name="A campaign")
    time_machine.move_to(NOW, tick=False)


def ask(client, email="ada@example.org", tax_year="2026"):
    return client.post(ASK, {"email": email, "tax_year": tax_year})


@pytest.fixture
def statement(client, mailoutbox):
    """Return a function that requests a statement and returns the text of its page."""

    def get(**answers):
        ask(client, **answers)
        send_waiting()
        path = re.search(r"https?://[^/]+(/donate/statement/\S+)", mailoutbox[-1].body)[1]
        return text(client.get(path))

    return get


def text(response, status=200):
    assert response.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def paid(day=NOW, **changes):
    """Create and return a payment by Ada."""
    donor = {"donation__donor_hash": ADA, "donation__fund__payee": "Friends", "created_at": day}
    return PaymentFactory(**donor | changes)


def test_tax_years_begin_on_6_april():
    assert [TaxYear.of(day).first for day in (date(2026, 4, 5), date(2026, 4, 6), date(2026, 1, 1))] == [
        2025,
        2026,
        2025,
    ]
    assert str(TaxYear(2025)) == "6 April 2025 to 5 April 2026"
    assert [year.first for year in recent_years(date(2026, 11, 26))] == [2026, 2025, 2024, 2023, 2022, 2021]


def test_tax_years_follow_the_sites_time_zone(statement):
    paid(datetime(2026, 4, 5, 22, 59, tzinfo=UTC), amount_pence=1100)
    paid(datetime(2026, 4, 5, 23, 0, tzinfo=UTC), amount_pence=1200)
    this_year, last_year = statement(tax_year="2026"), statement(tax_year="2025")

    assert ("£12.00" in this_year, "£11.00" in this_year) == (True, False)
    assert ("£12.00" in last_year, "£11.00" in last_year) == (False, True)
    assert "6 April 2026" in this_year
    assert "5 April 2026" in last_year


def test_a_statement_shows_gift_fee_refunds_and_totals(statement):
    declaration = DeclarationFactory(
        donation__donor_hash=ADA, donation__amount_pence=1000, donation__fee_pence=28, donation__fund__payee="Friends"
    )
    refund(PaymentFactory(donation=declaration.donation, amount_pence=1028, created_at=NOW), 128)
    paid(amount_pence=2500)
    dispute(paid(amount_pence=700), 700)
    page = statement()

    declared = "Friends ( The Charity ) £10.00 and £0.28 for the card fee less £1.28 returned to you £9.00 yes"
    assert declared in page
    assert "Friends £25.00 no" in page
    assert "Friends less £7.00 returned to you £0.00 no" in page
    assert "Total donations £34.00" in page
    assert "Donations with Gift Aid £9.00" in page
    assert "ada@example.org" in page


def test_a_claimed_payment_stays_marked_when_its_declaration_is_erased(statement):
    PaymentFactory(donation=DeclarationFactory(donation__donor_hash=ADA).donation, created_at=NOW - timedelta(days=1))
    assert Claim.objects.make("The Charity", OrganiserFactory(), NOW)
    Declaration.objects.all().erase_personal_data()

    assert "Donations with Gift Aid £10.00" in statement()


def test_only_the_donors_own_completed_payments_in_pounds_are_listed(statement):
    paid(amount_pence=900)
    for changes in (
        {"donation__donor_hash": address_hash("ruth@example.org")},
        {"donation__donor_hash": None},
        {"donation__is_live": False},
        {"status": "failed"},
        {"status": "pending", "paid_at": None},
        {"currency": "eur"},
    ):
        paid(amount_pence=1300, **changes)

    page = statement()
    assert "Total donations £9.00" in page
    assert "£13.00" not in page


def test_a_year_without_donations_says_so(statement):
    paid(datetime(2024, 6, 1, tzinfo=UTC))

    assert "There were no donations in this tax year." in statement()


def test_the_answer_is_the_same_whether_or_not_the_address_has_donated(client, mailoutbox, django_assert_num_queries):
    paid()
    answers = []
    for address in ("ada@example.org", "nobody@example.org"):
        with django_assert_num_queries(1):
            answers.append(ask(client, address))
    known, unknown = answers
    assert (known.status_code, known.content, known.headers["Location"]) == (302, b"", f"{ASK}?asked=1")
    assert (unknown.status_code, unknown.content, unknown.headers["Location"]) == (302, b"", f"{ASK}?asked=1")

    send_waiting()
    (message,) = mailoutbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "The link that you asked for"
    assert "donat" not in message.body.replace("/donate/statement/", "")
    assert StatementLink.objects.count() == 1


def test_an_address_gets_at_most_three_messages_a_day(client):
    paid()
    for _number in range(5):
        ask(client)
    send_waiting()

    assert Message.objects.filter(outcome=Message.Outcome.SENT).count() == 3


def test_neither_the_address_nor_the_token_is_stored_in_plain_text(client):
    ask(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash::text, encode(email, 'escape') FROM fundraising_statementlink")
        stored = str(cursor.fetchall())

    assert "ada@" not in stored
    assert StatementLink.objects.get().token not in stored


def test_a_link_works_for_a_day_and_is_then_deleted(client, time_machine):
    paid()
    ask(client)
    link = StatementLink.objects.get()
    page = f"{ASK}{link.token}/"
    response = client.get(page)
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.content.decode()
    assert link.token not in response.content.decode()
    assert not response.cookies
    assert client.post(page).status_code == 405
    for wrong in (link.token[:-1], str(link.pk)):
        assert "This link no longer works" in text(client.get(f"{ASK}{wrong}/"), 404)

    time_machine.move_to(NOW + timedelta(days=1, seconds=1))
    assert "This link no longer works" in text(client.get(page), 404)
    call_command("retention")
    assert not StatementLink.objects.exists()


def test_the_form_can_be_cached_sets_no_cookie_and_needs_no_query(client, django_assert_max_num_queries):
    client.get(ASK)
    with django_assert_max_num_queries(5):
        response = client.get(ASK)

    assert "s-maxage" in response.headers["Cache-Control"]
    assert not response.cookies
    assert "csrf" not in response.content.decode()
    assert "6 April 2026 to 5 April 2027" in response.content.decode()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "ada"}, "email"),
        ({"tax_year": ""}, "tax_year"),
        ({"tax_year": "2020"}, "tax_year"),
        ({"tax_year": "2027"}, "tax_year"),
        ({"tax_year": "9" * 5000}, "tax_year"),
        ({"tax_year": "\0"}, "tax_year"),
    ],
    ids=str,
)
def test_errors_are_shown_beside_their_fields(client, answers, field):
    response = ask(client, **answers)

    assert response.status_code in (200, 400)
    assert response.status_code == 400 or list(response.context["form"].errors) == [field]
    assert not StatementLink.objects.exists()


def test_another_site_cannot_post_the_form(client):
    response = client.post(ASK, {"email": "ada@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403


def test_a_long_statement_takes_as_many_queries_as_a_short_one(client, django_assert_max_num_queries):
    fund = FundFactory()
    for _number in range(30):
        paid(donation=DonationFactory(fund=fund, donor_hash=ADA))
    ask(client)
    page = f"{ASK}{StatementLink.objects.get().token}/"
    client.get(page)
    with django_assert_max_num_queries(6) as queries:
        assert text(client.get(page)).count("26 November 2026") >= 30
    assert not any("donor_name" in query["sql"] for query in queries)
