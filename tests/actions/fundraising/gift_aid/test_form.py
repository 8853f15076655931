"""The Gift Aid fields of the donation form."""

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from actions.fundraising.gift_aid.forms import GIFT_AID_PARTS, GiftAidFields
from actions.fundraising.models import Declaration
from actions.fundraising.models.declarations import TAXPAYER
from campaign.forms.guard import layout
from tests.actions.factories import DonationFactory

CHARITY = "The <Good> Charity"
PERSON = {
    "gift_aid": "on",
    "ga_scope": "this",
    "ga_title": "Dr",
    "ga_first_name": "Ruth",
    "ga_last_name": "Feldman",
    "ga_house": "12",
    "ga_address": "West Heath Road, London",
    "ga_postcode": "nw37ux",
    "ga_person": "on",
}


def form(charity=CHARITY, **changes):
    """Return the form with these answers; None leaves a field out."""
    answers = {name: value for name, value in (PERSON | changes).items() if value is not None}
    gift_aid_form = GiftAidFields(answers)
    gift_aid_form.offer_gift_aid(charity)
    return gift_aid_form


def donation():
    return DonationFactory(fund__charity_name=CHARITY)


@pytest.mark.django_db
def test_a_declaration_is_stored_with_exactly_the_wording_shown():
    now, filled_in = timezone.now(), form()
    assert filled_in.is_valid()
    filled_in.declaration(donation(), now).save()
    stored = Declaration.objects.get()

    assert (stored.title, stored.first_name, stored.last_name) == ("Dr", "Ruth", "Feldman")
    assert (stored.house, stored.address, stored.postcode) == ("12", "West Heath Road, London", "NW3 7UX")
    assert (stored.charity_name, stored.made_at, stored.scope) == (CHARITY, now, "this")
    assert stored.wording_version
    shown, statement = stored.wording.split("\n\n")
    assert (stored.scope, shown) in form().fields["ga_scope"].choices
    assert statement == form().fields["ga_scope"].help_text == TAXPAYER


@pytest.mark.django_db
def test_a_declaration_can_be_cancelled_by_its_link():
    filled_in = form()
    assert filled_in.is_valid()
    declaration = filled_in.declaration(donation(), timezone.now())
    declaration.save()

    assert Declaration.objects.by_token(declaration.token).get() == declaration


@pytest.mark.django_db
def test_the_page_shows_the_wording_and_escapes_the_charity():
    filled_in = form(gift_aid=None)
    filled_in.helper = layout(*GIFT_AID_PARTS)
    page = " ".join(render_crispy_form(filled_in).split())

    assert "if I pay less Income Tax and/or Capital Gains Tax than the amount of Gift Aid claimed" in page
    assert "The &lt;Good&gt; Charity" in page
    assert page.index('name="gift_aid"') < page.index('class="for-gift-aid"') < page.index('name="ga_title"')


@pytest.mark.django_db
def test_each_scope_says_what_it_covers():
    forms = {scope: form(ga_scope=scope) for scope in ("this", "all")}
    texts = {}
    for scope, filled_in in forms.items():
        assert filled_in.is_valid()
        texts[scope] = filled_in.declaration(donation(), timezone.now()).wording

    assert "in the future or have made in the past 4 years" in texts["all"]
    assert "future" not in texts["this"]


@pytest.mark.django_db
def test_without_the_tick_nothing_is_required_or_declared():
    filled_in = GiftAidFields({"ga_title": "Professor Doctor", "ga_postcode": "nonsense", "ga_scope": "nonsense"})
    filled_in.offer_gift_aid(CHARITY)

    assert filled_in.is_valid()
    assert filled_in.declaration(donation(), timezone.now()) is None


@pytest.mark.parametrize(
    "field", ["ga_scope", "ga_first_name", "ga_last_name", "ga_house", "ga_address", "ga_postcode", "ga_person"]
)
def test_each_required_field_has_its_error_beside_it(field):
    filled_in = form(**{field: None})

    assert not filled_in.is_valid()
    assert list(filled_in.errors) == [field]
    assert len(filled_in.errors[field]) == 1


def test_the_title_may_be_left_out():
    assert form(ga_title=None).is_valid()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("ga_title", "Herr.", "at most 4"),
        ("ga_first_name", "A" * 36, "at most 35"),
        ("ga_last_name", "A" * 36, "at most 35"),
        ("ga_house", "1" * 41, "at most 40"),
        ("ga_address", "A" * 201, "at most 200"),
        ("ga_first_name", "www.example.org", "as HMRC knows it"),
        ("ga_last_name", "123", "as HMRC knows it"),
        ("ga_first_name", "小龙", "only Latin letters"),
        ("ga_last_name", "Петренко", "only Latin letters"),
        ("ga_house", "一二", "only Latin letters"),
        ("ga_postcode", "75001", "full postcode"),
        ("ga_postcode", "NW3", "full postcode"),
    ],
)
def test_values_that_hmrc_would_refuse_are_refused_beside_their_field(field, value, message):
    filled_in = form(**{field: value})

    assert not filled_in.is_valid()
    (error,) = filled_in.errors[field]
    assert message in error


@pytest.mark.parametrize("postcode", ["", "75001 Paris", "A" * 30])
def test_no_postcode_is_needed_for_an_address_abroad(postcode):
    filled_in = form(ga_postcode=postcode, ga_abroad="on")

    assert filled_in.is_valid()
    assert filled_in.cleaned_data["ga_postcode"] == "X"


def test_only_an_address_abroad_goes_to_hmrc_and_must_be_in_latin_letters():
    address = {"ga_address": "רחוב בן יהודה 25, תל אביב"}

    assert form(**address).is_valid()
    assert list(form(ga_abroad="on", **address).errors) == ["ga_address"]
    assert form(ga_abroad="on", ga_address="Ulica Łąkowa 3, Łódź, Poland").is_valid()


def test_control_characters_and_unpaired_surrogates_are_removed():
    filled_in = form(ga_first_name="Ru\x00th \ud800", ga_address="1\r\n2\u202e3")

    assert filled_in.is_valid()
    assert filled_in.cleaned_data["ga_first_name"] == "Ru th"
    assert filled_in.cleaned_data["ga_address"] == "1 23"


@given(st.fixed_dictionaries(dict.fromkeys(PERSON, st.text(max_size=60))))
def test_no_input_breaks_the_form(answers):
    filled_in = GiftAidFields(answers)
    filled_in.offer_gift_aid(CHARITY)
    if filled_in.is_valid() and filled_in.cleaned_data["gift_aid"]:
        assert len(filled_in.cleaned_data["ga_last_name"]) <= 35


@pytest.mark.django_db
def test_without_a_charity_gift_aid_is_not_offered_and_cannot_be_declared():
    filled_in = form(charity="")

    assert not filled_in.fields
    assert filled_in.is_valid()
    assert filled_in.declaration(donation(), timezone.now()) is None
    ticked = form()
    assert ticked.is_valid()
    assert ticked.declaration(DonationFactory(), timezone.now()) is None


@pytest.mark.parametrize("house", ["-", "—", "@", ".", "'", "(  )"])
def test_a_house_without_a_letter_or_digit_is_refused_because_hmrc_would_see_nothing(house):
    filled_in = form(ga_house=house)

    assert list(filled_in.errors) == ["ga_house"]
    assert "letter or digit" in str(filled_in.errors)


@pytest.mark.parametrize("house", ["½", "12🏠", "#4", "№ 5"])
def test_an_unusual_house_number_is_accepted(house):
    assert form(ga_house=house).is_valid()


@pytest.mark.parametrize("postcode", ["JE2 3AB", "gy1 1aa", "IM1 1AA"])
def test_jersey_guernsey_and_the_isle_of_man_are_outside_the_uk(postcode):
    filled_in = form(ga_postcode=postcode)
    assert list(filled_in.errors) == ["ga_postcode"]
    assert "outside the UK" in str(filled_in.errors)

    assert form(ga_postcode=postcode, ga_abroad="on").is_valid()
