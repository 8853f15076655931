"""One donation on every page, message and file: monthly, with card fee and Gift Aid, refunded, disputed, lost."""

import csv
import io
import re
from types import SimpleNamespace

import pytest
from django.utils import timezone

from actions.fundraising.models import Claim, DonationSettings, Fund, Payment
from actions.fundraising.models.claims import claimable
from actions.fundraising.statements.tax_years import TaxYear
from campaign.desk.tasks import all_tasks
from campaign.mail.outbox import send_waiting
from tests.actions.fundraising.conftest import PAID, PORTAL

pytestmark = pytest.mark.django_db
ADMIN = "/admin/fundraising/"
TREASURER, DONOR = "money@example.org", "ada@example.org"
COLUMNS = ("gift", "card fee added by the donor", "refunded", "disputed", "net", "Gift Aid", "claimed amount")
GIFT_AID = {
    "gift_aid": "on",
    "ga_scope": "all",
    "ga_first_name": "Ada",
    "ga_last_name": "Byron",
    "ga_house": "12",
    "ga_address": "Some Street, London",
    "ga_postcode": "NW3 7UX",
    "ga_person": "on",
}


@pytest.fixture
def posted(mailoutbox):
    """Return a function that sends waiting messages and returns their texts by recipient."""

    def send():
        del mailoutbox[:]
        while send_waiting():
            pass
        texts = {address: [one.body for one in mailoutbox if one.to == [address]] for address in (DONOR, TREASURER)}
        return {address: "\n".join(bodies) for address, bodies in texts.items()}

    return send


@pytest.fixture
def month(donate, stripe, send, fund):
    """Return the Stripe payment for the first month: £10, plus £0.36 card fee."""
    DonationSettings(portal_url=PORTAL, treasurer_email=TREASURER).save()
    Fund.objects.update(charity_name="The Charity", target=100)
    assert donate(often="monthly", cover_fee="on", **GIFT_AID).status_code == 303
    session = stripe.all("checkout.session")[0]
    intent = stripe.pay(session)
    send(PAID, session)
    return intent


@pytest.fixture
def on(client, month, stripe, send, posted, organiser):
    """Return what the steps below use: Stripe, its events, mail, and functions that read pages and files."""

    def see(path, method="get"):
        response = getattr(client, method)(path)
        assert response.status_code == 200
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return " ".join(re.sub(r"<[^>]+>", " ", content.decode("utf-8-sig")).split())

    def statement():
        year = TaxYear.of(timezone.localdate()).first
        client.post("/donate/statement/", {"email": DONOR, "tax_year": year})
        return see(re.search(r"(/donate/statement/\S+/)\n", posted()[DONOR])[1])

    def rows():
        content = b"".join(client.get(f"{ADMIN}payment/csv/").streaming_content).decode("utf-8-sig")
        return [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(io.StringIO(content))]

    def claim():
        made = Claim.objects.make("The Charity", organiser, timezone.now())
        return made, see(f"{ADMIN}claim/{made.pk}/download/", "post")

    tools = {"month": month, "stripe": stripe, "send": send, "posted": posted}
    return SimpleNamespace(**tools, see=see, statement=statement, rows=rows, claim=claim)


def test_every_page_message_and_file_agrees_on_one_donation(on):
    for step in (paid, partly_refunded, claimed, disputed, lost, paid_for_another_month):
        step(on)


def paid(on):
    receipt = on.posted()[DONOR]
    for part in (
        "Donation: £10.00",
        "Card fee that you added: £0.36",
        "Total paid: £10.36",
        "Gift Aid: yes, The Char",
    ):
        assert part in receipt
    assert "/donate/statement/" in receipt
    assert on.rows() == [("10.00", "0.36", "0.00", "0.00", "10.36", "declared", "")]


def partly_refunded(on):
    on.send("refund.created", on.stripe.refund(on.month, 400))
    messages = on.posted()
    assert "refunded £4.00 of the £10.36" in messages[DONOR]
    assert "That leaves a donation of £6.36." in messages[DONOR]
    assert "Amount: £4.00\nPayment: £10.36" in messages[TREASURER]
    assert "After refunds and disputes: £6.36" in messages[TREASURER]
    assert on.rows() == [("10.00", "0.36", "4.00", "0.00", "6.36", "declared", "")]
    assert "£10.00 and £0.36 for the card fee less £4.00 returned to you £6.36 yes" in (page := on.statement())
    assert "Total donations £6.36 Donations with Gift Aid £6.36" in page
    assert "£6 raised of £100" in on.see("/donate/")
    assert "£6.36 of £100 on this site (1 payment)" in on.see(f"{ADMIN}fund/giving/")
    assert "1 payment of £6.36 is declared" in on.see(f"{ADMIN}claim/")
    assert claimable(timezone.now()).net_total() == 636


def claimed(on):
    _claim, schedule = on.claim()

    assert schedule.endswith(",6.36")
    assert on.rows() == [("10.00", "0.36", "4.00", "0.00", "6.36", "claimed", "6.36")]


def disputed(on):
    on.dispute = on.stripe.dispute(on.month, amount=636)
    on.send("charge.dispute.created", on.dispute)
    text = on.posted()[TREASURER]

    assert "Amount: £6.36\nPayment: £10.36" in text
    assert "After refunds and disputes: £0.00" in text
    assert "Report the over-claim to HMRC" in text


def lost(on):
    on.dispute["status"] = "lost"
    on.send("charge.dispute.closed", on.dispute)
    assert "A dispute has been lost" in on.posted()[TREASURER]
    thanks = on.see(Payment.objects.select_related("donation").get().donation.get_absolute_url())
    assert "Your bank has taken this donation back" in thanks
    assert on.rows() == [("10.00", "0.36", "4.00", "6.36", "0.00", "claimed", "6.36")]
    assert "less £10.36 returned to you £0.00 yes" in (page := on.statement())
    assert "Total donations £0.00 Donations with Gift Aid £0.00" in page
    assert "£0 raised of £100" in on.see("/donate/")
    assert "£6.36 £6.36 £1.59" in on.see(f"{ADMIN}overclaim/")
    assert "1 Gift Aid over-claim has to be reported to HMRC." in [task.text for task in all_tasks()]


def paid_for_another_month(on):
    on.send("invoice.paid", on.stripe.bill_month(on.stripe.all("subscription")[0]))
    assert "Total paid: £10.36" in on.posted()[DONOR]
    assert "Total donations £10.36 Donations with Gift Aid £10.36" in on.statement()
    assert "£10.36 of £100 on this site (2 payments)" in on.see(f"{ADMIN}fund/giving/")
    claim, schedule = on.claim()
    assert schedule.endswith(",10.36")
    assert "1.59 (Once HMRC has the claim, mark these over-claims as reported:" in on.see(
        f"{ADMIN}claim/{claim.pk}/change/"
    )
    assert sorted(row[4:] for row in on.rows()) == [("0.00", "claimed", "6.36"), ("10.36", "claimed", "10.36")]
    assert claimable(timezone.now()).net_total() == 0
