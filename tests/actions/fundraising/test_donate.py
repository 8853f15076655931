"""Giving on this site: `/donate/` up to Stripe's payment page."""

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


def asked(stripe):
    """What the sessions were made with."""
    return [values for method, path, values in stripe.requests if (method, path) == ("POST", "/v1/checkout/sessions")]


def test_a_valid_form_leads_to_the_payment_page(give, stripe, fund):
    response = give()
    donation = Donation.objects.get()

    assert response.status_code == 303
    assert response.headers["Location"] == stripe.objects[donation.session_id]["url"]
    assert (donation.amount_pence, donation.fee_pence, donation.fund) == (1000, 0, fund)
    assert not response.cookies


def test_stripe_is_told_the_amount_and_neutral_words_and_nothing_the_donor_wrote(give, stripe):
    give(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    (values,) = asked(stripe)
    donation = Donation.objects.get()

    assert values["line_items[0][price_data][unit_amount]"] == "1000"
    assert values["line_items[0][price_data][currency]"] == "gbp"
    assert values["line_items[0][price_data][product_data][name]"] == "Donation to Friends of the Campaign"
    assert values["metadata[donation]"] == str(donation.pk)
    assert "Hannah" not in str(values)
    assert "Miriam" not in str(values)
    assert (donation.public_name, donation.in_memory_of, donation.is_shown) == ("Hannah Gold", "Aunt Miriam", False)


def test_only_short_text_is_normalised(give, stripe, monkeypatch):
    """The time that it takes grows with the square of the number of marks: 2 MB of them would stop a process."""
    seen = []
    monkeypatch.setattr(names.unicodedata, "normalize", lambda form, text: seen.append(len(text)) or text)
    marks = "a" + "\u0300\u0327" * 10_000
    boxes = ("ga_title", "ga_first_name", "ga_last_name", "ga_house", "ga_address", "ga_postcode")
    Fund.objects.update(charity_name="The Charity")

    answers = dict.fromkeys((*boxes, "public_name", "in_memory_of", "other_amount"), marks)
    response = give(amount="other", gift_aid="on", show_name="yes", **answers)

    assert response.status_code == 200
    assert set(answers) - {"ga_postcode"} <= set(response.context["form"].errors)
    assert max(seen, default=0) <= 1000
    assert not Donation.objects.exists()


@pytest.mark.parametrize("presets", ["", "x", "3,,4", "99999999999"])
def test_amounts_that_cannot_be_read_leave_a_box_for_any_amount(client, give, stripe, presets):
    Fund.objects.update(presets=presets)

    assert 'name="other_amount"' in client.get("/donate/").content.decode()
    assert give(amount="other", other_amount="12").status_code == 303


def test_a_monthly_gift_is_a_subscription(give, stripe):
    give(often="monthly")
    (values,) = asked(stripe)

    assert values["mode"] == "subscription"
    assert values["line_items[0][price_data][recurring][interval]"] == "month"
    assert "submit_type" not in values
    assert Donation.objects.get().is_monthly


def test_without_a_portal_to_end_them_no_monthly_gifts_are_offered(give, client, fund):
    DonationSettings().save()
    assert 'name="often"' not in client.get("/donate/").content.decode()

    give(often="monthly")
    assert not Donation.objects.get().is_monthly


@pytest.mark.parametrize(
    ("typed", "pence"), [("3", 300), ("12.50", 1250), ("£1,250", 125_000), (" 7.5 ", 750), ("10000", 1_000_000)]
)
def test_any_amount_from_three_pounds_is_taken(give, typed, pence):
    assert give(amount="other", other_amount=typed).status_code == 303
    assert Donation.objects.get().amount_pence == pence


@pytest.mark.parametrize("typed", ["", "2.99", "10000.01", "-5", "1e3", "12.345", "abc", "٣٠٠", "1,00", "9" * 19])
def test_any_other_amount_is_refused_beside_its_box(give, typed):
    response = give(amount="other", other_amount=typed)

    assert response.status_code == 200
    assert 'id="id_other_amount_error"' in response.content.decode()
    assert not Donation.objects.exists()


def test_an_amount_that_is_not_among_the_presets_is_refused(give):
    assert 'id="id_amount_error"' in give(amount="1").content.decode()


def test_the_fee_is_not_added_unless_asked_for_and_is_named_for_each_preset(give, client, fund, stripe):
    page = client.get("/donate/").content.decode()
    assert "£0.36 to £10, " in page
    assert 'name="cover_fee" class="checkboxinput" id="id_cover_fee" checked' not in page

    assert give(cover_fee="on").status_code == 303
    donation = Donation.objects.get()
    assert (donation.amount_pence, donation.fee_pence) == (1000, 36)
    assert asked(stripe)[0]["line_items[0][price_data][unit_amount]"] == "1036"


def test_the_fee_on_another_amount_is_shown_in_pence_before_anything_is_charged(give):
    answers = {"amount": "other", "other_amount": "33", "cover_fee": "on"}
    response = give(**answers)
    assert response.status_code == 200
    assert "The fee on £33.00 is £0.71. Send the form again to give £33.71 in all." in response.content.decode()
    assert 'name="fee_shown" value="71"' in response.content.decode()
    assert not Donation.objects.exists()

    assert give(**answers, fee_shown="71").status_code == 303
    assert Donation.objects.get().total_pence == 3371


@pytest.mark.parametrize("pence", [300, 999, 1000, 12_345, 1_000_000])
def test_with_the_fee_added_the_whole_gift_arrives_and_with_a_penny_less_it_would_not(db, pence):
    giving = DonationSettings()
    fee = giving.fee_on(pence)

    def arrives(total):
        return total - total * giving.fee_percent / 100 - giving.fee_pence

    assert arrives(pence + fee) >= pence > arrives(pence + fee - 1)


def test_a_second_post_of_the_same_form_gives_the_same_session(client, give, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    first, second = client.post("/donate/", form), client.post("/donate/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


def test_the_request_is_frozen_a_retry_after_a_crash_sends_the_very_same(client, give, fresh_form, stripe, fund):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    Donation.objects.update(session_id="", session_status="")  # as if we were killed before we had the answer
    Fund.objects.update(payee="Renamed meanwhile")
    client.post("/donate/", form)

    first, second = asked(stripe)
    assert first == second
    assert len(stripe.all("checkout.session")) == 1
    assert Donation.objects.get().session_id


def test_the_same_form_with_other_answers_ends_the_session_before(client, give, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    client.post("/donate/", form | {"amount": "2500"})

    assert [session["status"] for session in stripe.all("checkout.session")] == ["open", "expired"]


def test_the_same_form_after_it_was_paid_leads_to_the_thanks_page(client, give, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    stripe.pay(stripe.all("checkout.session")[0])
    response = client.post("/donate/", form)

    assert response.headers["Location"] == Donation.objects.get().get_absolute_url()
    assert len(stripe.all("payment_intent")) == 1


def test_the_same_form_after_its_session_ran_out_gets_a_new_name_and_loses_nothing(client, give, fresh_form, stripe):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    client.post("/donate/", form)
    stripe.all("checkout.session")[0].update(status="expired", url=None)
    page = client.post("/donate/", form).content.decode()

    assert "The payment page has expired. You have not been charged." in page
    assert "Aunt Miriam" in page
    assert form["token"] not in page


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_many_times_at_once_makes_one_session(client, give, fresh_form, stripe):
    form = fresh_form() | ANSWERS

    def post(_number):
        try:
            return Client().post("/donate/", form).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(post, range(24)))

    assert len(places) == 1
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


def test_a_form_without_a_token_of_ours_or_sent_back_at_once_has_to_be_sent_again(client, fund, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    for changes in ({"token": ""}, {"token": "a.b:c"}, {}):
        response = client.post("/donate/", form | changes)
        assert response.status_code == 200
        assert "You have not been charged." in response.content.decode()
    assert not Donation.objects.exists()


def test_a_password_manager_that_fills_in_a_website_does_not_stop_a_gift(client, fund, give, fresh_form):
    assert 'name="website"' not in client.get("/donate/").content.decode()
    assert give(website="https://ruth.example").status_code == 303


def test_a_gift_never_goes_to_another_fund_than_the_form_was_for(client, fund, give, fresh_form):
    form = fresh_form() | ANSWERS
    other = FundFactory(title="Another cause", order=1)
    Fund.objects.filter(pk=fund.pk).update(is_open=False)
    page = client.post("/donate/", form).content.decode()

    assert "Another cause" in page
    assert "You have not been charged." in page
    assert not Donation.objects.exists()
    assert other.donations.count() == 0


def test_a_form_older_than_a_day_has_to_be_sent_again(client, fresh_form, time_machine):
    now = time.time()
    time_machine.move_to(now, tick=False)
    form = fresh_form() | ANSWERS
    time_machine.move_to(now + 24 * 60 * 60 + 1, tick=False)

    assert "You have not been charged." in client.post("/donate/", form).content.decode()
    assert not Donation.objects.exists()


@pytest.mark.parametrize("fault", [500, 503])
def test_a_passing_fault_of_stripe_is_tried_again_with_the_same_key(give, stripe, fault):
    stripe.faults = [fault]
    assert give().status_code == 303
    assert len(stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("faults", [[500] * 3, [429]])
def test_when_stripe_does_not_answer_nothing_is_lost_and_the_same_form_works_later(
    client, give, fresh_form, stripe, faults
):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    stripe.faults = faults
    response = client.post("/donate/", form)

    assert response.status_code == 503
    assert "You have not been charged" in response.content.decode()
    assert "Aunt Miriam" in response.content.decode()
    assert client.post("/donate/", form).status_code == 303
    assert Donation.objects.count() == 1


def test_stripe_that_is_too_slow_is_not_waited_for(give, stripe, monkeypatch):
    monkeypatch.setattr("actions.fundraising.stripe.client.TIMEOUT", (0.2, 0.2))
    stripe.faults = [lambda: time.sleep(0.5)] * 3

    assert give().status_code == 503


def test_a_payment_page_that_is_not_stripes_is_not_led_to(give, stripe, settings):
    stripe.make_url = "https://evil.example"
    stripe.url = "https://evil.example"

    assert give().status_code == 503


def test_one_network_may_begin_five_gifts_in_ten_minutes(give, settings):
    answers = [give(other_amount="3").status_code for _ in range(6)]
    assert answers == [303] * 6  # from this machine itself: nobody's network

    settings.TRUSTED_PROXIES = []
    answers = [give().status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_the_whole_site_has_a_limit_as_well(give, settings):
    settings.DONATION_LIMITS = {"network": (5, 600), "site": (3, 600)}
    responses = [give() for _ in range(4)]

    assert [response.status_code for response in responses] == [303] * 3 + [429]
    assert "You have not been charged." in responses[-1].content.decode()


def test_organisers_can_switch_gifts_off_and_appeals_stay(client, fund):
    AppealFactory(title="Elsewhere")
    DonationSettings(is_open=False).save()
    page = client.get("/donate/")

    assert "Continue to payment" not in page.content.decode()
    assert "Elsewhere" in page.content.decode()
    assert "public" in page.headers["Cache-Control"]
    assert "You have not been charged" in client.post("/donate/", ANSWERS).content.decode()
    assert not Donation.objects.exists()


def test_without_a_key_the_page_has_no_form_and_may_be_cached(client, db):
    SiteSettingsFactory()
    FundFactory()
    page = client.get("/donate/")

    assert "<form" not in page.content.decode()
    assert "public" in page.headers["Cache-Control"]


def test_the_page_with_the_form_is_kept_by_no_cache_and_sets_no_cookie(client, fund):
    response = client.get("/donate/")

    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_forms_may_lead_to_stripe_on_the_donation_page_only(client, fund, settings):
    settings.STRIPE_API_BASE = ""
    policy = client.get("/donate/").headers["Content-Security-Policy"]
    other = client.get("/letters/").headers["Content-Security-Policy"]

    assert "form-action 'self' https://checkout.stripe.com;" in f"{policy};"
    assert "form-action 'self';" in f"{other};"
    assert "stripe" not in other


def test_another_site_cannot_post_the_form(client, fresh_form):
    response = client.post("/donate/", fresh_form() | ANSWERS, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_control_characters_in_a_name_are_cleaned_away(give):
    assert give(show_name="yes", public_name="Ada\x1b Love\x07lace").status_code == 303
    assert Donation.objects.get().public_name == "Ada Love lace"


def test_a_null_character_in_a_name_is_refused(give):
    assert "Null characters are not allowed" in give(show_name="yes", public_name="Ada\0").content.decode()
    assert not Donation.objects.exists()


def test_a_name_is_shown_only_if_asked_for_and_must_be_one(give):
    assert 'id="id_public_name_error"' in give(show_name="yes").content.decode()
    assert 'id="id_public_name_error"' in give(show_name="yes", public_name="https://spam.example").content.decode()

    give(show_name="no", public_name="Ada")
    assert Donation.objects.get().public_name is None


def test_with_several_funds_each_has_its_own_form(client, fund, give):
    other = FundFactory(title="The other cause", slug="other", order=1)
    assert 'href="/donate/?fund=other"' in client.get("/donate/").content.decode()
    assert "The other cause</h2>" in client.get("/donate/?fund=other").content.decode()
    assert other in Fund.objects.open_for_donations()


def test_test_mode_says_so(client, fund, settings):
    assert "Test mode." not in client.get("/donate/").content.decode()
    settings.STRIPE_LIVE = False
    assert "Test mode." in client.get("/donate/").content.decode()


def test_the_page_is_cheap(client, fund, django_assert_max_num_queries):
    AppealFactory.create_batch(5, fund=fund)
    with django_assert_max_num_queries(8):
        client.get("/donate/")


def test_no_address_of_ours_holds_anything_of_the_donor(donation):
    assert reverse("fundraising:thanks", args=[donation.pk]) == f"/donate/thanks/{donation.pk}/"
