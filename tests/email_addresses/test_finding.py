"""Searching the admin for e-mail addresses: each list needs its own right, because a match reveals something."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache

from campaign.mail.models import SuppressedAddress
from pledges.models import BulkInvalidation, Pledge
from tests.accounts.organisers import give_former_rights, sign_in
from tests.actions.factories import DeclarationFactory, DonationFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.factories import SignatureFactory, SiteSettingsFactory

RUTH = "ruth@example.org"
SIGNATURES, SUPPRESSED = "/admin/pledges/signature/", "/admin/mail/suppressedaddress/"
DONATIONS = "/admin/fundraising/donation/"
GIVING = [f"/admin/fundraising/{name}/" for name in ("donation", "payment", "declaration", "refund", "dispute")]
RIGHTS = {
    SIGNATURES: "find_signer",
    SUPPRESSED: "find_suppressed_address",
    **dict.fromkeys(GIVING, "find_donor"),
}


@pytest.fixture
def organiser(client, db):
    """Sign in an organiser without further rights, and create one row of each kind for Ruth."""
    SiteSettingsFactory()
    cache.clear()
    user = sign_in(client, is_superuser=False)
    give_former_rights(user)
    signature = SignatureFactory(email=RUTH, confirmed=True, name="Ruth Feldman")
    SuppressedAddress.objects.create(address_hash=signature.email_hash)
    payment = PaymentFactory(donation=DeclarationFactory(donation__donor_hash=signature.email_hash).donation)
    refund(payment, 100)
    dispute(payment, 100)
    return user


@pytest.fixture
def found(client, organiser):
    """Return a function that searches a list and returns the number of rows found."""

    def search(path, term):
        response = client.get(path, {"q": term})
        assert response.status_code == 200
        return len(response.context["cl"].result_list)

    return search


@pytest.mark.parametrize("term", [RUTH, "RUTH@EXAMPLE.ORG", " ruth@example.org", "ruth＠example.org"])
@pytest.mark.parametrize("path", RIGHTS)
def test_without_its_right_no_list_finds_an_address(found, path, term):
    assert found(path, term) == 0


@pytest.mark.parametrize("path", RIGHTS)
def test_with_its_right_alone_a_list_finds_an_address(found, organiser, path):
    organiser.user_permissions.add(Permission.objects.get(codename=RIGHTS[path]))

    finding = {other for other in RIGHTS if found(other, RUTH)}
    assert finding == {other for other in RIGHTS if RIGHTS[other] == RIGHTS[path]}


def test_a_mail_domain_needs_the_right_too_because_some_belong_to_one_person(found, organiser):
    assert found(SIGNATURES, "@example.org") == found(SIGNATURES, "＠example.org") == 0
    organiser.user_permissions.add(Permission.objects.get(codename="find_signer"))

    assert found(SIGNATURES, "@example.org") == 1


def test_every_organiser_finds_signatures_by_name_and_donations_by_id(found):
    donation = DonationFactory()

    assert found(SIGNATURES, "Ruth Feldman") == 1
    assert found(DONATIONS, str(donation.pk)) == 1


def test_the_search_box_says_what_it_finds(client, organiser):
    page = client.get(SIGNATURES).content.decode()
    assert "Part of a public name" in page
    assert "A whole e-mail address" not in page
    assert "You need a further right to search for an e-mail address" in client.get(DONATIONS).content.decode()
    assert 'id="searchbar"' not in client.get(SUPPRESSED).content.decode()
    organiser.user_permissions.set(Permission.objects.filter(codename__startswith="find_"))

    assert "A whole e-mail address" in client.get(SIGNATURES).content.decode()
    assert "a whole e-mail address" in client.get(DONATIONS).content.decode()
    assert 'id="searchbar"' in client.get(SUPPRESSED).content.decode()


def test_the_rights_can_be_granted_to_one_organiser(client, organiser):
    organiser.is_superuser = True
    organiser.save()
    page = client.get(f"/admin/auth/user/{organiser.pk}/change/").content.decode()

    for right in (
        "whether somebody has signed a pledge",
        "whether an address is suppressed",
        "whether somebody has donated",
    ):
        assert right in page
    assert "Can make a file of everything that is held about one person" in page
    assert "Can delete subject access" not in page


def test_a_bulk_invalidation_does_not_reveal_who_signed_with_a_domain(client, organiser):
    draft = {"pledge": Pledge.objects.get().pk, "domain": "example.org", "country": "GB", "reason": "Bought."}
    ends = {f"signed_{end}_{part}": "" for end in ("from", "until") for part in "01"}
    client.post("/admin/pledges/bulkinvalidation/add/", draft | ends | {"country": "FR"})
    assert BulkInvalidation.objects.get().domain == ""

    organiser.user_permissions.add(Permission.objects.get(codename="find_signer"))
    client.post("/admin/pledges/bulkinvalidation/add/", draft | ends)
    assert BulkInvalidation.objects.filter(domain="example.org").exists()
