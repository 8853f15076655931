"""Funds and the donation settings in the admin."""

import pytest
from django.core.exceptions import ValidationError

from actions.fundraising.models import DonationSettings
from tests.actions.factories import FundFactory


def test_donation_settings_are_a_single_row(client, organiser):
    path = "/admin/fundraising/donationsettings/"
    form = {"is_open": "on", "portal_url": "", "fee_percent": "1.2", "fee_pence": "20"}
    assert client.get(path).headers["Location"] == f"{path}add/"
    client.post(f"{path}add/", form)
    assert client.get(path).headers["Location"] == f"{path}1/change/"
    assert client.get(f"{path}add/").status_code == 403
    assert client.post(f"{path}1/delete/", {"post": "yes"}).status_code == 403

    client.post(f"{path}1/change/", form | {"is_open": ""})
    assert not DonationSettings.current().is_open


def test_a_fund_can_be_added(client, organiser):
    form = {"title": "Cause", "slug": "cause", "payee": "Friends", "presets": "5, 10", "language": "en-gb", "order": 0}
    response = client.post("/admin/fundraising/fund/add/", form | {"published": "on", "is_open": "on", "target": "100"})

    assert response.status_code == 302
    assert client.get("/admin/fundraising/fund/").context["cl"].result_list[0].target == 100


@pytest.mark.parametrize(
    ("name", "number", "error"),
    [
        ("The Trust", "1117472", ""),
        ("The Trust", "SC012345", ""),
        ("The Trust", "", "the name and the number"),
        ("", "1117472", "the name and the number"),
        ("The Trust", "12", "as its register shows it"),
        ("The Trust", "GB111747", "as its register shows it"),
    ],
)
def test_a_charity_needs_a_name_and_a_number_from_its_register(db, name, number, error):
    fund = FundFactory.build(registered_name=name, registered_number=number)
    if not error:
        fund.full_clean()
        return
    with pytest.raises(ValidationError, match=error):
        fund.full_clean()


def test_the_labels_are_in_plain_words(client, organiser):
    page = client.get("/admin/fundraising/fund/add/").content.decode()
    for label in ("End of the web address", "Name on bank statements and receipts"):
        assert label in page
    for label in ("Name in the address", "Order:", "Who receives it", "Takes donations", "Charity for Gift Aid"):
        assert label not in page
