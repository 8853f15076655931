"""A company's contact address, and the domains of the company."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from actions.businesses.models import Brand, Kind
from actions.businesses.models.domains import is_own_address, list_of_domains
from campaign.privacy.holdings import held_about
from tests.actions.businesses.ledger import add, set_deadline
from tests.actions.factories import BrandFactory

LONG_AGO = timedelta(days=800)


@pytest.mark.django_db
def test_a_contact_is_erased_after_two_years_without_an_entry(brand, ada, grace):
    BrandFactory(slug="new", contact="new@brand.example")
    busy = BrandFactory(slug="busy", contact="busy@brand.example")
    add(busy, Kind.LETTER, ada)
    promised = BrandFactory(slug="promised", contact="promised@brand.example")
    until = timezone.localdate() + timedelta(days=9)
    set_deadline(add(promised, Kind.COMMITMENT, ada, recorded_at=timezone.now() - LONG_AGO), ada, grace, until=until)
    Brand.objects.exclude(slug="new").update(contact_set_at=timezone.now() - LONG_AGO)
    call_command("retention", verbosity=0)

    assert {one.slug for one in Brand.objects.exclude(contact=None)} == {"new", "busy", "promised"}


@pytest.mark.django_db
def test_a_subject_access_request_finds_the_brands_with_this_contact(brand):
    BrandFactory(slug="other", contact="other@brand.example")
    found = held_about("press@cotton.example")

    assert [entry.what for entry in found] == ["Brand"]


@pytest.mark.parametrize(
    ("domain", "owned"),
    [
        ("cotton.example", True),
        ("Mail.Cotton.Example", True),
        ("notcotton.example", False),
        ("cotton.example.evil.example", False),
        ("bücher.example", True),
        ("xn--bcher-kva.example", True),
        ("", False),
    ],
)
def test_a_brand_owns_its_domains_and_their_subdomains(domain, owned):
    assert is_own_address(Brand(domains="cotton.example\nbücher.example"), f"press@{domain}") == owned


@pytest.mark.parametrize("text", ["cotton", "https://cotton.example/", "a@cotton.example", "gmail.com", "a..b"])
def test_anything_but_a_companys_own_domain_is_refused(text):
    list_of_domains("cotton.example\nCOTTON.co.uk")
    with pytest.raises(ValidationError):
        list_of_domains(f"cotton.example\n{text}")
