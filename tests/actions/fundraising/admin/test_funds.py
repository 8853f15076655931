"""Funds and the donation settings in the admin."""

from actions.fundraising.models import DonationSettings


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
