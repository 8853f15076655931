"""Donating on this site: `/donate/` up to Stripe's payment page."""

import re
import time
from datetime import date

import pytest
from django.urls import reverse

from actions.fundraising.models import Donation, DonationSettings, Fund
from campaign.forms import names
from tests.actions.factories import AppealFactory, FundFactory
from tests.actions.fundraising.conftest import ANSWERS
from tests.factories import SiteSettingsFactory, publish

pytestmark = pytest.mark.django_db


def test_a_valid_form_leads_to_the_payment_page(donate, stripe, fund):
    response = donate()
    donation = Donation.objects.get()

    assert response.status_code == 303
    assert response.headers["Location"] == stripe.objects[donation.session_id]["url"]
    assert (donation.amount_pence, donation.fee_pence, donation.fund) == (1000, 0, fund)
    assert not response.cookies


def test_only_short_text_is_normalised(donate, stripe, monkeypatch):
    """Normalisation takes quadratic time in the number of combining marks: 2 MB of them would stall a process."""
    seen = []
    monkeypatch.setattr(names.unicodedata, "normalize", lambda form, text: seen.append(len(text)) or text)
    marks = "a" + "\u0300\u0327" * 10_000
    boxes = ("ga_title", "ga_first_name", "ga_last_name", "ga_house", "ga_address", "ga_postcode")
    Fund.objects.update(charity_name="The Charity")

    answers = dict.fromkeys((*boxes, "public_name", "in_memory_of", "other_amount"), marks)
    response = donate(amount="other", gift_aid="on", show_name="yes", **answers)

    assert response.status_code == 200
    assert set(answers) - {"ga_postcode"} <= set(response.context["form"].errors)
    assert max(seen, default=0) <= 1000
    assert not Donation.objects.exists()


def test_monthly_donations_are_not_offered_without_a_portal_to_end_them(donate, client, fund):
    DonationSettings().save()
    assert 'name="often"' not in client.get("/donate/").content.decode()

    donate(often="monthly")
    assert not Donation.objects.get().is_monthly


def test_a_form_with_an_invalid_token_or_filled_in_too_fast_must_be_sent_again(client, fund, fresh_form, monkeypatch):
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 60)
    form = fresh_form() | ANSWERS
    for changes in ({"token": ""}, {"token": "a.b:c"}, {}):
        response = client.post("/donate/", form | changes)
        assert response.status_code == 200
        assert "You have not been charged." in response.content.decode()
    assert not Donation.objects.exists()


def test_a_password_manager_that_fills_in_a_website_does_not_block_a_donation(client, fund, donate, fresh_form):
    assert 'name="website"' not in client.get("/donate/").content.decode()
    assert donate(website="https://ruth.example").status_code == 303


def test_a_donation_never_goes_to_a_fund_other_than_the_forms(client, fund, donate, fresh_form):
    form = fresh_form() | ANSWERS
    other = FundFactory(title="Another cause", order=1)
    Fund.objects.filter(pk=fund.pk).update(is_open=False)
    page = client.post("/donate/", form).content.decode()

    assert "Another cause" in page
    assert "You have not been charged." in page
    assert not Donation.objects.exists()
    assert other.donations.count() == 0


def test_a_form_older_than_a_day_must_be_sent_again(client, fresh_form, time_machine):
    now = time.time()
    time_machine.move_to(now, tick=False)
    form = fresh_form() | ANSWERS
    time_machine.move_to(now + 24 * 60 * 60 + 1, tick=False)

    assert "You have not been charged." in client.post("/donate/", form).content.decode()
    assert not Donation.objects.exists()


def test_one_network_can_begin_five_donations_in_ten_minutes(donate, settings):
    answers = [donate(other_amount="3").status_code for _ in range(6)]
    assert answers == [303] * 6  # this machine itself has no network

    settings.TRUSTED_PROXIES = []
    answers = [donate().status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_the_whole_site_has_a_limit_too(donate, settings):
    settings.DONATION_LIMITS = {"network": (5, 600), "site": (3, 600)}
    responses = [donate() for _ in range(4)]

    assert [response.status_code for response in responses] == [303] * 3 + [429]
    assert "You have not been charged." in responses[-1].content.decode()


def test_organisers_can_close_donations_and_keep_appeals(client, fund):
    AppealFactory(title="Elsewhere")
    DonationSettings(is_open=False).save()
    page = client.get("/donate/")

    assert "Continue to payment" not in page.content.decode()
    assert "Elsewhere" in page.content.decode()
    assert "public" in page.headers["Cache-Control"]
    assert "You have not been charged" in client.post("/donate/", ANSWERS).content.decode()
    assert not Donation.objects.exists()


def test_without_a_key_the_page_has_no_form_and_is_cacheable(client, db):
    SiteSettingsFactory()
    FundFactory()
    page = client.get("/donate/")

    assert "<form" not in page.content.decode()
    assert "public" in page.headers["Cache-Control"]


def test_the_page_with_the_form_is_not_cached_and_sets_no_cookie(client, fund):
    response = client.get("/donate/")

    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_only_the_donation_page_allows_forms_to_lead_to_stripe(client, fund, settings):
    settings.STRIPE_API_BASE = ""
    policy = client.get("/donate/").headers["Content-Security-Policy"]
    other = client.get("/letters/").headers["Content-Security-Policy"]

    assert "form-action 'self' https://checkout.stripe.com;" in f"{policy};"
    assert "form-action 'self';" in f"{other};"
    assert "stripe" not in other


def test_another_site_cannot_post_the_form(client, fresh_form):
    response = client.post("/donate/", fresh_form() | ANSWERS, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_control_characters_are_removed_from_a_name(donate):
    assert donate(show_name="yes", public_name="Ada\x1f Love\x07lace").status_code == 303
    assert Donation.objects.get().public_name == "Ada Love lace"


def test_a_name_is_stored_only_on_request_and_must_look_like_one(donate):
    assert 'id="id_public_name_error"' in donate(show_name="yes").content.decode()
    assert 'id="id_public_name_error"' in donate(show_name="yes", public_name="https://spam.example").content.decode()

    donate(show_name="no", public_name="Ada")
    assert Donation.objects.get().public_name is None


def test_with_several_funds_each_has_its_own_form(client, fund, donate):
    other = FundFactory(title="The other cause", slug="other")
    assert 'href="/donate/?fund=other"' in client.get("/donate/").content.decode()
    assert "The other cause</h2>" in client.get("/donate/?fund=other").content.decode()
    assert other in Fund.objects.open_for_donations()


def test_the_page_announces_test_mode(client, fund, settings):
    assert "Test mode." not in client.get("/donate/").content.decode()
    settings.STRIPE_LIVE = False
    assert "Test mode." in client.get("/donate/").content.decode()


def test_the_page_is_cheap(client, fund, django_assert_max_num_queries):
    AppealFactory.create_batch(5, fund=fund)
    with django_assert_max_num_queries(8):
        client.get("/donate/")


def test_our_urls_contain_no_personal_data(donation):
    assert reverse("fundraising:thanks", args=[donation.pk]) == f"/donate/thanks/{donation.pk}/"


def test_organisers_can_describe_what_an_amount_buys(client, fund, donate):
    publish(fund, presets="5\n10: two <hundred> leaflets\n£25:a banner")
    page = " ".join(client.get("/donate/").content.decode().split())

    assert '<strong>£10</strong> <span dir="auto">two &lt;hundred&gt; leaflets</span></label>' in page
    assert "<strong>£5</strong></label>" in page
    assert '<span dir="auto">a banner</span>' in page
    assert donate(amount="2500").status_code == 303
    assert Donation.objects.get().amount_pence == 2500


def test_a_charity_is_named_on_the_page(client, fund):
    Fund.objects.update(registered_name="The <Trust>", registered_number="1117472")
    page = client.get("/donate/").content.decode()

    assert "The &lt;Trust&gt; is a charity registered in England and Wales, number 1117472." in page


def test_a_tick_box_comes_before_its_hint(client, fund):
    Fund.objects.update(charity_name="The Charity")
    page = client.get("/donate/").content.decode()

    for name in ("cover_fee", "gift_aid", "ga_person"):
        box, label = page.index(f'id="id_{name}"'), page.index(f'for="id_{name}"')
        assert box < label < page.index(f'id="id_{name}_helptext"')
    assert page.index('id="id_ga_title_helptext"') < page.index('id="id_ga_title"')


def test_an_appeal_linked_to_a_fund_has_no_bar_of_its_own(client, fund, time_machine):
    time_machine.move_to(date(2026, 11, 23), tick=False)
    Fund.objects.update(target=20_000)
    figures = {"raised": 12_340, "target": 15_000, "as_of": date(2026, 11, 20)}
    AppealFactory(fund=fund, **figures)
    page = client.get("/donate/").content.decode()
    assert page.count("<progress") == 1
    assert "The bar above includes this." in page

    AppealFactory(**figures)
    assert client.get("/donate/").content.decode().count("<progress") == 2


@pytest.fixture
def funds(fund):
    """Create funds in each state; return them by slug. Besides the first fund, only "open" takes donations."""
    made = [("open", {}), ("closed", {"is_open": False}), ("draft", {"published": False})]
    return {slug: FundFactory(slug=slug, title=f"Fund {slug}", **fields) for slug, fields in made}


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("closed", "Donations to “Fund closed” are closed at the moment. This form is for “{}”."),
        ("draft", "The fund in the link that you followed is not available. This form is for “{}”."),
        ("nowhere", "The fund in the link that you followed is not available. This form is for “{}”."),
        ("OPEN", "The fund in the link that you followed is not available. This form is for “{}”."),
    ],
)
def test_a_link_to_a_fund_that_takes_no_donations_is_explained(client, fund, funds, slug, text):
    page = " ".join(client.get("/donate/", {"fund": slug}).content.decode().split())

    assert text.format(fund.title) in page
    assert "Fund draft" not in page


@pytest.mark.parametrize("query", ["", "?fund=", "?fund=open"])
def test_a_link_to_an_open_fund_or_to_none_needs_no_explanation(client, funds, query):
    assert "This form is for" not in client.get(f"/donate/{query}").content.decode()


def test_a_fund_closed_while_the_form_was_being_filled_in_is_named(client, fund, funds, monkeypatch):
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    page = client.get("/donate/?fund=open").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    type(fund).objects.filter(slug="open").update(is_open=False)
    page = client.post("/donate/?fund=open", ANSWERS | {"token": token}).content.decode()

    assert "You have not been charged." in page
    assert "Donations to “Fund open” are closed at the moment." in page
    assert not Donation.objects.exists()


def test_the_page_links_to_statements_even_when_donations_are_stopped(client, fund):
    assert 'href="/donate/statement/"' in client.get("/donate/").content.decode()

    DonationSettings(is_open=False).save()
    assert 'href="/donate/statement/"' in client.get("/donate/").content.decode()
