"""The text of receipts."""

from datetime import timedelta

import pytest

from actions.fundraising.emails import queue_receipt
from actions.fundraising.models import Declaration
from campaign.mail.outbox import send_waiting
from tests.actions.factories import DeclarationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import refund
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(mailoutbox):
    """Return a function that sends the receipt for a payment and returns its lines."""
    SiteSettingsFactory()

    def send(payment):
        queue_receipt(payment, payment.created_at)
        send_waiting()
        return mailoutbox.pop().body.splitlines()

    return send


def payment(**fields):
    donor = {"donor_name": "Ada Byron", "donor_email": "ada@example.org"}
    fund = FundFactory(title="Legal costs", **fields.pop("fund", {}))
    return PaymentFactory(
        donation__fund=fund, **{f"donation__{name}": value for name, value in (donor | fields).items()}
    )


def test_it_greets_and_thanks_the_donor_and_states_the_fee_separately(receipt):
    lines = receipt(paid_with_fee())

    assert lines[0] == "Dear Ada Byron,"
    assert "Thank you. Your donation has arrived" in "\n".join(lines)
    assert "To: Friends of the Campaign (Legal costs)" in lines
    assert lines[5:8] == ["Donation: £10.00", "Card fee that you added: £0.36", "Total paid: £10.36"]
    assert "Gift Aid: does not apply" in lines


def paid_with_fee():
    paid = payment(fee_pence=36)
    paid.amount_pence = paid.net_pence = 1036
    paid.save()
    return paid


def test_without_a_fee_or_if_the_amount_changed_at_stripe_it_states_only_the_total(receipt):
    changed = paid_with_fee()
    changed.amount_pence = 2000
    changed.save()

    assert "Donation: £10.00" in receipt(payment())
    assert "Donation: £20.00" in (lines := receipt(changed))
    assert "fee" not in "\n".join(lines)


def test_a_donor_without_a_name_is_greeted_too(receipt):
    assert receipt(payment(donor_name=None))[0] == "Hello,"


def test_it_says_whether_gift_aid_applies(receipt):
    charity = {"charity_name": "The Charity"}
    assert "Gift Aid: not declared" in receipt(payment(fund=charity))

    declared = payment(fund=charity)
    DeclarationFactory(donation=declared.donation)
    assert "Gift Aid: yes, The Charity can reclaim the tax on it" in receipt(declared)

    Declaration.objects.update(cancelled_at=declared.paid_at - timedelta(days=1))
    assert "Gift Aid: not declared" in receipt(declared)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("1117472", "The Trust is a charity registered in England and Wales, number 1117472."),
        ("SC012345", "The Trust is a charity registered in Scotland, number SC012345."),
        ("NIC100123", "The Trust is a charity registered in Northern Ireland, number NIC100123."),
    ],
)
def test_it_names_the_registered_charity(receipt, number, sentence):
    assert sentence in receipt(payment(fund={"registered_name": "The Trust", "registered_number": number}))


def test_it_says_if_another_declaration_by_the_donor_covers_the_payment(receipt):
    fund = FundFactory(charity_name="The Charity")
    donor = {"donation__fund": fund, "donation__donor_hash": b"a" * 32}
    DeclarationFactory(**donor, scope="all")
    second = PaymentFactory(**donor, donation__donor_email="ada@example.org")
    rehearsed = PaymentFactory(**donor, donation__donor_email="ada@example.org", donation__is_live=False)

    assert "Gift Aid: yes, The Charity can reclaim the tax on it" in receipt(second)
    assert "Gift Aid: not declared" in receipt(rehearsed)
    DeclarationFactory(**donor, scope="all", donation__is_live=False)
    assert "Gift Aid: yes, The Charity can reclaim the tax on it" in receipt(rehearsed)


def test_a_late_receipt_states_refunds_and_what_is_left(receipt):
    declared = payment(fund={"charity_name": "The Charity"})
    DeclarationFactory(donation=declared.donation)
    refund(declared, 400)
    lines = receipt(declared)
    assert lines[lines.index("Donation: £10.00") + 1 :][:2] == ["Returned to you: £4.00", "Remaining donation: £6.00"]
    assert "Gift Aid: yes, The Charity can reclaim the tax on what is left" in lines

    refund(declared, 600, "re_2")
    text = "\n".join(receipt(declared))
    assert "all of it has since been returned to you" in text
    assert "will be put to work" not in text
    assert "Gift Aid: does not apply" in text
