"""Amounts and fees on the donation form: `/donate/`."""

import pytest
from django.core.exceptions import ValidationError

from actions.fundraising.models import Donation, DonationSettings
from actions.fundraising.models.funds import are_presets, read_presets
from tests.actions.fundraising.conftest import session_requests
from tests.factories import publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("presets", ["", "x", "3,,4", "99999999999"])
def test_with_unreadable_presets_donors_can_still_enter_any_amount(client, donate, fund, presets):
    publish(fund, check=False, presets=presets)

    assert 'name="other_amount"' in client.get("/donate/").content.decode()
    assert donate(amount="other", other_amount="12").status_code == 303


@pytest.mark.parametrize(
    ("presets", "read"),
    [
        ("5, 10", [(500, ""), (1000, "")]),
        ("5\r\n\r\n10", [(500, ""), (1000, "")]),
        ("10: paper, ink: both", [(1000, "paper, ink: both")]),
        ("£5: x\n 25 ", [(500, "x"), (2500, "")]),
        ("10:", [(1000, "")]),
    ],
)
def test_amounts_are_read_from_lines_or_a_list(presets, read):
    are_presets(presets)
    assert [(preset.pence, preset.buys) for preset in read_presets(presets)] == read


@pytest.mark.parametrize(
    ("presets", "named"),
    [
        ("5, x", "“ x”"),
        ("5\nten: leaflets", "“ten: leaflets”"),
        ("2", "“2”"),
        ("10001", "“10001”"),
        ("9" * 5000, ""),
        ("5.50", "“5.50”"),
        ("٥", "“٥”"),
        ("-5", "“-5”"),
        ("5: " + "x" * 61, ""),
        ("5, 10: leaflets", "“5, 10: leaflets”"),
        ("3,4,5,6,7,8,9", ""),
        (" ", ""),
        ("5, 5", "twice"),
    ],
)
def test_unreadable_amounts_are_quoted(presets, named):
    with pytest.raises(ValidationError) as refused:
        are_presets(presets)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("3", 300),
        ("12.50", 1250),
        ("£1,250", 125_000),
        (" 7.5 ", 750),
        ("10000", 1_000_000),
        ("￡１２", 1200),
        ("20 £", 2000),
    ],
)
def test_any_amount_from_three_pounds_is_accepted(donate, typed, pence):
    assert donate(amount="other", other_amount=typed).status_code == 303
    assert Donation.objects.get().amount_pence == pence


@pytest.mark.parametrize("typed", ["", "2.99", "10000.01", "-5", "1e3", "12.345", "abc", "٣٠٠", "1,00", "9" * 19])
def test_an_invalid_amount_is_refused_beside_its_field(donate, typed):
    response = donate(amount="other", other_amount=typed)

    assert response.status_code == 200
    assert 'id="id_other_amount_error"' in response.content.decode()
    assert not Donation.objects.exists()


def test_an_amount_that_is_not_a_preset_is_refused(donate):
    assert 'id="id_amount_error"' in donate(amount="1").content.decode()


def test_the_fee_is_optional_and_shown_for_each_preset(donate, client, fund, stripe):
    page = client.get("/donate/").content.decode()
    assert "£0.36 to £10, " in page
    assert 'name="cover_fee" class="checkboxinput" id="id_cover_fee" checked' not in page

    assert donate(cover_fee="on").status_code == 303
    donation = Donation.objects.get()
    assert (donation.amount_pence, donation.fee_pence) == (1000, 36)
    assert session_requests(stripe)[0]["line_items[0][price_data][unit_amount]"] == "1036"


def test_the_fee_on_another_amount_has_to_be_confirmed_before_payment(donate):
    answers = {"amount": "other", "other_amount": "33", "cover_fee": "on"}
    response = donate(**answers)
    assert response.status_code == 200
    assert "The fee on £33.00 is £0.71. Send the form again to give £33.71 in all." in response.content.decode()
    assert 'name="fee_shown" value="71"' in response.content.decode()
    assert not Donation.objects.exists()

    assert donate(**answers, fee_shown="71").status_code == 303
    assert Donation.objects.get().total_pence == 3371


@pytest.mark.parametrize("pence", [300, 999, 1000, 12_345, 1_000_000])
def test_the_fee_is_the_least_with_which_the_whole_donation_arrives(db, pence):
    donation_settings = DonationSettings()
    fee = donation_settings.fee_on(pence)

    def received(total):
        return total - total * donation_settings.fee_percent / 100 - donation_settings.fee_pence

    assert received(pence + fee) >= pence > received(pence + fee - 1)
