"""A company commits: `/businesses/commit/`."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from actions.businesses.models import Brand, Code, CommitmentOffer, Entry, Kind
from actions.businesses.models.notice import address_for_notices
from actions.businesses.models.offers import COMMIT, MANAGE
from campaign.mail.models import Message
from campaign.mail.writers import WRITERS
from tests.accounts.organisers import begin_session, make_established
from tests.actions.businesses.ledger import check
from tests.actions.factories import BrandFactory, CallFactory
from tests.factories import SiteSettingsFactory

URL = "/businesses/commit/"
WORDS = "We will end all sourcing from the region by 1 November 2027."


@pytest.fixture
def brand(db):
    SiteSettingsFactory()
    CallFactory()
    return BrandFactory(slug="cotton", website="https://www.cotton.co.uk/shop", domains="cotton.com")


@pytest.fixture
def answers(brand):
    return {
        "brand": "cotton",
        "level": "full",
        "words": WORDS,
        "name": "Tom Okafor",
        "role": "Head of purchasing",
        "email": "tom@cotton.com",
        "speaks": "on",
    }


@pytest.fixture
def unlisted(answers):
    return answers | {
        "brand": "",
        "company": "Linen Ltd",
        "website": "https://www.linen.co.uk",
        "email": "tom@linen.co.uk",
    }


def link_in(kind, where):
    mail = WRITERS[kind](Message.objects.get(kind=kind))
    return re.search(rf"/businesses/{where}/[^/\s]+/", mail.body)[0]


def offered(client, answers):
    """Send the form, confirm it, and return the offer."""
    assert client.post(URL, answers).headers["Location"] == "/businesses/commit/check-your-email/"
    client.post(link_in(COMMIT, "confirm"))
    return CommitmentOffer.objects.get()


def press(client, offer, step, **data):
    begin_session(client, User.objects.filter(username="ada").first() or make_established("ada"))
    return client.post(f"/admin/businesses/commitmentoffer/{offer.pk}/{step}/", data, follow=True)


@pytest.mark.parametrize("email", ["tom@cotton.com", "tom@eu.mail.cotton.com", "tom@cotton.co.uk", "TOM@Cotton.COM"])
def test_an_address_at_the_companys_own_domain_is_accepted(client, answers, email):
    assert client.post(URL, answers | {"email": email}).status_code == 302
    assert CommitmentOffer.objects.get().domain == "cotton.co.uk" if ".uk" in email else "cotton.com"


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("tom@gmail.com", "Anybody can get an address at gmail.com"),
        ("tom@mailinator.com", "Anybody can get an address"),
        ("tom@cotton.com.evil.org", "Use your own address at cotton.co.uk / cotton.com"),
        ("tom@cotton.org", "Use your own address at cotton.co.uk / cotton.com"),
        ("tom@c\u043etton.com", "mixes letters from different alphabets"),
        ("tom@xn--ctton-jua.com", "Use your own address at cotton.co.uk / cotton.com"),
        ("tom@mycotton.com", "Use your own address at"),
        ("tom@co.uk", "not a domain that a company can register"),
        ("tom@cotton", "Enter an e-mail address like"),
    ],
)
def test_any_other_address_is_refused_with_the_expected_domain(client, answers, email, message):
    page = client.post(URL, answers | {"email": email}).content.decode()

    assert re.search(message, page)
    assert WORDS in page
    assert not CommitmentOffer.objects.exists()


def test_a_company_that_is_not_listed_needs_an_address_at_its_websites_domain(client, unlisted):
    page = client.post(URL, unlisted | {"email": "tom@other.org"}).content.decode()
    assert "Use your own address at linen.co.uk, the domain of the website" in page

    assert client.post(URL, unlisted).status_code == 302
    offer = CommitmentOffer.objects.get()
    assert (offer.brand, offer.company, offer.domain) == (None, "Linen Ltd", "linen.co.uk")


@pytest.mark.parametrize(
    ("website", "email", "message"),
    [
        ("https://gmail.com", "tom@gmail.com", "Anybody can get an address"),
        ("https://cotton.com", "tom@cotton.com", "If you are writing for Cotton &amp; Co, choose it from the list"),
        ("https://c0tton.com", "tom@c0tton.com", "looks like that of Cotton &amp; Co"),
        ("https://cotton.com.evil.org", "tom@cotton.com.evil.org", "looks like that of Cotton &amp; Co"),
        ("https://xn--ctton-jua.com", "tom@xn--ctton-jua.com", "looks like that of Cotton &amp; Co"),
        ("https://co.uk", "tom@linen.co.uk", "Enter an address such as www.example.com"),
        ("", "tom@linen.co.uk", "Enter the website"),
    ],
)
def test_a_company_that_is_not_listed_cannot_pass_for_another(client, unlisted, website, email, message):
    page = client.post(URL, unlisted | {"website": website, "email": email}).content.decode()

    assert message in page
    assert not CommitmentOffer.objects.exists()


def test_a_brand_whose_domain_we_do_not_know_is_asked_for_its_website(client, answers, brand):
    Brand.objects.update(website="", domains="")

    assert "We don’t know this company’s domain yet" in client.post(URL, answers).content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"level": "talks"}, "Select a valid choice"),
        ({"level": ""}, "Choose how far the commitment goes"),
        ({"words": "\u200b"}, "Say what the company will do, and by when"),
        ({"words": "x" * 2001}, "at most 2000 characters"),
        ({"brand": "no-such-brand"}, "Select a valid choice"),
        ({"brand": ""}, "Choose the company from the list, or enter its name"),
        ({"speaks": ""}, "Tick this box"),
        ({"name": ""}, "Enter your name"),
    ],
)
def test_a_mistake_gets_an_error_beside_its_field(client, answers, change, message):
    page = client.post(URL, answers | change).content.decode()

    assert message in page
    assert "tom@cotton.com" in page
    assert not CommitmentOffer.objects.exists()


def test_an_organiser_publishes_the_commitment_as_self_declared(client, answers, brand):
    offer = offered(client, answers)
    assert brand.status_at(timezone.now()).code == Code.NONE

    response = press(client, offer, "publish")

    assert "another organiser has to check it" in response.content.decode()
    entry = Entry.objects.get(kind=Kind.COMMITMENT)
    assert (entry.quotation, entry.entered_name) == (WORDS, "ada")
    assert brand.status_at(timezone.now()).code == Code.NONE
    check(entry, make_established("grace"))
    status = brand.status_at(timezone.now())
    assert (status.code, status.basis_label) == (Code.FULL, "Self-declared")
    assert "Tom" not in client.get("/businesses/cotton/").content.decode()
    brand.refresh_from_db()
    assert brand.contact is None  # which all editors see
    assert address_for_notices(brand) == "tom@cotton.com"
    brand.contact = "press@cotton.com"
    assert address_for_notices(brand) == "press@cotton.com"


def test_publishing_twice_adds_one_entry(client, answers):
    offer = offered(client, answers)
    press(client, offer, "publish")

    assert "Another organiser has dealt with this in the meantime" in press(client, offer, "publish").content.decode()
    assert offer.publish(offer.brand, make_established("grace"), timezone.now()) is None
    assert Entry.objects.filter(kind=Kind.COMMITMENT).count() == 1


def test_a_refused_commitment_is_never_public(client, answers, brand):
    offer = offered(client, answers)

    press(client, offer, "refuse")

    assert not Entry.objects.filter(kind=Kind.COMMITMENT).exists()
    assert "dealt with this in the meantime" in press(client, offer, "publish").content.decode()


def test_an_organiser_chooses_the_brand_of_a_company_that_was_not_listed(client, unlisted):
    offer = offered(client, unlisted)
    linen = BrandFactory(slug="linen", website="https://linen.co.uk")

    assert "Choose the brand" in press(client, offer, "publish").content.decode()
    press(client, offer, "publish", brand=linen.pk)

    offer.refresh_from_db()
    assert offer.brand == linen
    assert linen.entries.get(kind=Kind.COMMITMENT).quotation == WORDS


def test_a_commitment_from_another_domain_is_not_published_for_a_brand(client, unlisted, brand):
    offer = offered(client, unlisted)

    page = press(client, offer, "publish", brand=brand.pk).content.decode()

    assert "The address is at linen.co.uk, which is not one of this brand’s domains." in page
    assert offer.publish(brand, User.objects.get(username="ada"), timezone.now()) is None
    assert not brand.entries.filter(kind=Kind.COMMITMENT).exists()
    assert address_for_notices(brand) is None


def test_a_commitment_cannot_be_published_once_the_brand_has_other_domains(client, answers, brand):
    offer = offered(client, answers)
    Brand.objects.update(website="", domains="cotton.org")

    assert "No, so this can’t be published." in press(client, offer, "publish").content.decode()
    assert not Entry.objects.filter(kind=Kind.COMMITMENT).exists()


def test_organisers_do_not_see_unconfirmed_offers(client, answers):
    client.post(URL, answers)
    begin_session(client, make_established("ada"))

    assert "Cotton" not in client.get("/admin/businesses/commitmentoffer/").content.decode().partition("result_list")[2]


def test_an_organiser_without_the_right_can_publish_nothing(client, answers):
    offer = offered(client, answers)
    user = make_established("eve", is_superuser=False)
    begin_session(client, user)

    assert client.post(f"/admin/businesses/commitmentoffer/{offer.pk}/publish/").status_code == 403
    assert client.get(f"/admin/businesses/commitmentoffer/{offer.pk}/publish/").status_code in (403, 405)


def test_the_link_for_replies_is_mailed_after_confirming(client, answers):
    offered(client, answers)

    assert client.get(link_in(MANAGE, "manage")).status_code == 200


def test_a_link_from_the_brands_page_chooses_the_brand(client, brand):
    page = client.get("/businesses/commit/?brand=cotton").content.decode()

    assert re.search(r'<option value="cotton"\s+selected', page)
    assert "/businesses/commit/?brand=cotton" in client.get("/businesses/cotton/").content.decode()


def test_an_expired_link_confirms_nothing(client, answers):
    client.post(URL, answers)
    path = link_in(COMMIT, "confirm")
    CommitmentOffer.objects.update(asked_at=timezone.now() - timedelta(days=15))

    assert "This link no longer works" in client.post(path).content.decode()
    assert not CommitmentOffer.objects.confirmed().exists()
