"""A fund's progress: the parts of its bar on `/donate/`."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from actions.fundraising.models import Donation, Payment
from campaign.public_names.models import Hiding
from tests.actions.factories import AppealFactory, PaymentFactory
from tests.factories import OrganiserFactory

pytestmark = pytest.mark.django_db

FIGURES = {"raised": 12_340, "as_of": date(2026, 11, 20)}


@pytest.fixture
def page(client, fund, time_machine):
    """Return a function that fetches the text of the page in one line, on 23 November 2026."""
    time_machine.move_to(date(2026, 11, 23), tick=False)
    fund.target = 20_000
    fund.save()
    return lambda: " ".join(client.get("/donate/").content.decode().split())


def test_net_donations_are_shown_against_the_target(page, fund):
    PaymentFactory.create_batch(3, donation__fund=fund, amount_pence=150_000, net_pence=100_050)
    text = page()

    assert "<strong>£3,001</strong> raised of £20,000" in text
    assert '<progress value="3001" max="20000"' in text


def test_payments_to_other_funds_test_payments_and_failed_ones_do_not_count(page, fund):
    PaymentFactory(amount_pence=5000)
    PaymentFactory(donation__fund=fund, donation__is_live=False, amount_pence=5000)
    PaymentFactory(donation__fund=fund, status=Payment.Status.FAILED, amount_pence=5000)

    assert "<strong>£0</strong> raised" in page()


def test_an_appeal_for_the_same_fund_is_added_and_each_part_is_shown(page, fund):
    PaymentFactory(donation__fund=fund, amount_pence=100_000)
    AppealFactory(fund=fund, **FIGURES)
    text = page()

    assert "<strong>£13,340</strong> raised of £20,000" in text
    assert "£1,000 on this site, after refunds" in text
    assert "£12,340 on GoFundMe, as entered by the organisers on 20 November 2026" in text


def test_donations_passed_on_to_the_appeal_are_counted_once(page, fund):
    PaymentFactory(donation__fund=fund, amount_pence=100_000)
    AppealFactory(fund=fund, passed_on=1000, **FIGURES)
    text = page()

    assert "<strong>£12,340</strong> raised of £20,000" in text
    assert "£11,340 on GoFundMe" in text
    assert "(not counting £1,000 that we passed on from donations made here)" in text


def test_old_figures_are_not_added_and_hide_the_bar(page, fund):
    PaymentFactory(donation__fund=fund, amount_pence=100_000)
    AppealFactory(fund=fund, raised=12_340, as_of=date(2026, 11, 8))
    text = page()

    assert "<strong>£1,000</strong> raised" in text
    assert "and donations on GoFundMe: see the appeal for today’s total" in text
    assert "<progress" not in text


def test_an_appeal_for_another_fund_is_not_added(page, fund):
    AppealFactory(**FIGURES)
    assert "<strong>£0</strong> raised of £20,000" in page()


def test_no_more_can_be_passed_on_than_was_raised(fund):
    with pytest.raises(ValidationError):
        AppealFactory.build(passed_on=13_000, **FIGURES).full_clean()
    with pytest.raises(IntegrityError):
        AppealFactory(passed_on=13_000, **FIGURES)


def test_names_and_dedications_are_shown_once_paid_and_approved(page, fund):
    for name, is_shown in (("Hannah <Gold>", True), ("Not Moderated", False)):
        donation = PaymentFactory(donation__fund=fund, donation__public_name=name).donation
        Donation.objects.filter(pk=donation.pk).update(is_shown=is_shown)
    PaymentFactory(donation__fund=fund, donation__in_memory_of="Aunt Miriam", donation__is_shown=True)
    PaymentFactory(donation__fund=fund, donation__public_name="Given Back", donation__is_shown=True, net_pence=0)
    text = page()

    assert "<bdi>Hannah &lt;Gold&gt;</bdi>" in text
    assert "in memory of <bdi>Aunt Miriam</bdi>" in text
    assert "Not Moderated" not in text
    assert "Given Back" not in text


def test_no_donor_is_named_while_public_names_are_hidden(page, fund):
    PaymentFactory(donation__fund=fund, donation__public_name="Hannah Gold", donation__is_shown=True)
    assert "Hannah Gold" in page()
    Hiding.begin(OrganiserFactory(), Hiding.Reason.DANGER, timezone.now())

    assert "Hannah Gold" not in page()
