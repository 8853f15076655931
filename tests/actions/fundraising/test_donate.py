"""Donating on this site: `/donate/` up to Stripe's payment page."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from actions.fundraising.models import Donation, DonationSettings, Fund
from campaign.forms import names
from tests.actions.factories import AppealFactory, FundFactory
from tests.actions.fundraising.conftest import ANSWERS
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


def session_requests(stripe):
    """Return the values of each request to create a session."""
    return [values for method, path, values in stripe.requests if (method, path) == ("POST", "/v1/checkout/sessions")]


def test_a_valid_form_leads_to_the_payment_page(donate, stripe, fund):
    response = donate()
    donation = Donation.objects.get()

    assert response.status_code == 303
    assert response.headers["Location"] == stripe.objects[donation.session_id]["url"]
    assert (donation.amount_pence, donation.fee_pence, donation.fund) == (1000, 0, fund)
    assert not response.cookies


def test_stripe_receives_the_amount_and_a_neutral_description_but_nothing_the_donor_wrote(donate, stripe):
    donate(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    (values,) = session_requests(stripe)
    donation = Donation.objects.get()

    assert values["line_items[0][price_data][unit_amount]"] == "1000"
    assert values["line_items[0][price_data][currency]"] == "gbp"
    assert values["line_items[0][price_data][product_data][name]"] == "Donation to Friends of the Campaign"
    assert values["metadata[donation]"] == str(donation.pk)
    assert "Hannah" not in str(values)
    assert "Miriam" not in str(values)
    assert (donation.public_name, donation.in_memory_of, donation.is_shown) == ("Hannah Gold", "Aunt Miriam", False)


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


@pytest.mark.parametrize("presets", ["", "x", "3,,4", "99999999999"])
def test_unreadable_presets_leave_a_field_for_any_amount(client, donate, stripe, presets):
    Fund.objects.update(presets=presets)

    assert 'name="other_amount"' in client.get("/donate/").content.decode()
    assert donate(amount="other", other_amount="12").status_code == 303


def test_a_monthly_donation_is_a_subscription(donate, stripe):
    donate(often="monthly")
    (values,) = session_requests(stripe)

    assert values["mode"] == "subscription"
    assert values["line_items[0][price_data][recurring][interval]"] == "month"
    assert "submit_type" not in values
    assert Donation.objects.get().is_monthly


def test_monthly_donations_are_not_offered_without_a_portal_to_end_them(donate, client, fund):
    DonationSettings().save()
    assert 'name="often"' not in client.get("/donate/").content.decode()

    donate(often="monthly")
    assert not Donation.objects.get().is_monthly


@pytest.mark.parametrize(
    ("typed", "pence"), [("3", 300), ("12.50", 1250), ("£1,250", 125_000), (" 7.5 ", 750), ("10000", 1_000_000)]
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


def test_posting_the_same_form_again_leads_to_the_same_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    first, second = client.post("/donate/", form), client.post("/donate/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


def test_a_retry_after_a_crash_sends_exactly_the_same_request(client, donate, fresh_form, stripe, fund):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    Donation.objects.update(session_id="", session_status="")  # as if we were killed before Stripe answered
    Fund.objects.update(payee="Renamed meanwhile")
    client.post("/donate/", form)

    first, second = session_requests(stripe)
    assert first == second
    assert len(stripe.all("checkout.session")) == 1
    assert Donation.objects.get().session_id


def test_the_same_form_with_other_answers_expires_the_previous_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    client.post("/donate/", form | {"amount": "2500"})

    assert [session["status"] for session in stripe.all("checkout.session")] == ["open", "expired"]


def test_the_same_form_after_payment_leads_to_the_thank_you_page(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    stripe.pay(stripe.all("checkout.session")[0])
    response = client.post("/donate/", form)

    assert response.headers["Location"] == Donation.objects.get().get_absolute_url()
    assert len(stripe.all("payment_intent")) == 1


def test_the_same_form_after_its_session_expired_gets_a_new_token_and_keeps_its_answers(
    client, donate, fresh_form, stripe
):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    client.post("/donate/", form)
    stripe.all("checkout.session")[0].update(status="expired", url=None)
    page = client.post("/donate/", form).content.decode()

    assert "The payment page was left for too long. Nothing was charged." in page
    assert "Aunt Miriam" in page
    assert form["token"] not in page


@pytest.mark.django_db(transaction=True)
def test_concurrent_posts_of_the_same_form_make_one_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS

    def post(_number):
        try:
            return Client().post("/donate/", form).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        locations = set(pool.map(post, range(24)))

    assert len(locations) == 1
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


def test_a_form_with_an_invalid_token_or_filled_in_too_fast_must_be_sent_again(client, fund, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    for changes in ({"token": ""}, {"token": "a.b:c"}, {}):
        response = client.post("/donate/", form | changes)
        assert response.status_code == 200
        assert "Nothing was charged." in response.content.decode()
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
    assert "Nothing was charged." in page
    assert not Donation.objects.exists()
    assert other.donations.count() == 0


def test_a_form_older_than_a_day_must_be_sent_again(client, fresh_form, time_machine):
    now = time.time()
    time_machine.move_to(now, tick=False)
    form = fresh_form() | ANSWERS
    time_machine.move_to(now + 24 * 60 * 60 + 1, tick=False)

    assert "Nothing was charged." in client.post("/donate/", form).content.decode()
    assert not Donation.objects.exists()


@pytest.mark.parametrize("fault", [500, 503])
def test_a_temporary_fault_at_stripe_is_retried_with_the_same_key(donate, stripe, fault):
    stripe.faults = [fault]
    assert donate().status_code == 303
    assert len(stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("faults", [[500] * 3, [429]])
def test_when_stripe_does_not_answer_the_form_keeps_its_answers_and_works_later(
    client, donate, fresh_form, stripe, faults
):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    stripe.faults = faults
    response = client.post("/donate/", form)

    assert response.status_code == 503
    assert "Nothing was charged" in response.content.decode()
    assert "Aunt Miriam" in response.content.decode()
    assert client.post("/donate/", form).status_code == 303
    assert Donation.objects.count() == 1


def test_a_slow_stripe_times_out(donate, stripe, monkeypatch):
    monkeypatch.setattr("actions.fundraising.stripe.client.TIMEOUT", (0.2, 0.2))
    stripe.faults = [lambda: time.sleep(0.5)] * 3

    assert donate().status_code == 503


def test_a_payment_page_outside_stripe_is_refused(donate, stripe, settings):
    stripe.make_url = "https://evil.example"
    stripe.url = "https://evil.example"

    assert donate().status_code == 503


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
    assert "Nothing was charged." in responses[-1].content.decode()


def test_organisers_can_close_donations_and_keep_appeals(client, fund):
    AppealFactory(title="Elsewhere")
    DonationSettings(is_open=False).save()
    page = client.get("/donate/")

    assert "Go on to pay" not in page.content.decode()
    assert "Elsewhere" in page.content.decode()
    assert "public" in page.headers["Cache-Control"]
    assert "Nothing was charged" in client.post("/donate/", ANSWERS).content.decode()
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
    assert donate(show_name="yes", public_name="Ada\0 Love\x07lace").status_code == 303
    assert Donation.objects.get().public_name == "Ada Love lace"


def test_a_name_is_stored_only_on_request_and_must_look_like_one(donate):
    assert 'id="id_public_name_error"' in donate(show_name="yes").content.decode()
    assert 'id="id_public_name_error"' in donate(show_name="yes", public_name="https://spam.example").content.decode()

    donate(show_name="no", public_name="Ada")
    assert Donation.objects.get().public_name is None


def test_with_several_funds_each_has_its_own_form(client, fund, donate):
    other = FundFactory(title="The other cause", slug="other", order=1)
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
