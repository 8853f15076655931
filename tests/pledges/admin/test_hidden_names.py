"""Hiding one public name while its signature still counts, and finding public names by any part."""

import pytest
from django.urls import reverse

from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from pledges.counting.publishing import publish_counts
from pledges.models import PublishedCount, Signature
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.prove.tokens import token_to_manage

LIST = "/admin/pledges/signature/"
RUDE = "Rude Words"


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def signature(db):
    """Return a public signature that is in the list and the published count."""
    signature = SignatureFactory(public=True, name=RUDE)
    publish_counts()
    return signature


def press(client, signature, **answers):
    return client.post(f"{LIST}{signature.pk}/hide-name/", answers, follow=True).content.decode()


def shown(client, signature, name="signatories"):
    return RUDE in client.get(reverse(f"pledges:{name}", args=[signature.pledge.slug])).content.decode()


def test_a_hidden_name_is_shown_nowhere_but_still_counts_and_can_be_shown_again(client, organiser, signature):
    pledge = signature.pledge
    assert shown(client, signature)
    assert shown(client, signature, "sign")
    assert "Hide this name" in client.get(f"{LIST}{signature.pk}/change/").content.decode()
    press(client, signature, hide="1", reason="abusive")

    assert not shown(client, signature)
    assert not shown(client, signature, "sign")
    publish_counts()
    assert PublishedCount.objects.get(pledge=pledge).count == 1
    assert "it is offensive or abusive" in client.get(f"{LIST}{signature.pk}/change/").content.decode()
    press(client, signature, show="1")
    assert shown(client, signature)
    entries = AuditEntry.objects.order_by("pk").values_list("act", "object_id", "detail")
    assert list(entries) == [
        (Act.HIDE_NAME, str(signature.pk), {"reason": "abusive"}),
        (Act.SHOW_NAME, str(signature.pk), {}),
    ]
    assert RUDE not in str(AuditEntry.objects.values())


def test_the_name_of_an_organisation_is_hidden_too(client, organiser):
    values = {"kind": "organisation", "organisation": RUDE, "public_name": RUDE, "approved": True}
    signature = SignatureFactory(public=True, **values)
    publish_counts()
    assert shown(client, signature, "organisations")
    press(client, signature, hide="1", reason="advert")

    assert not shown(client, signature, "organisations")


def test_a_name_is_hidden_only_for_a_reason_from_the_list(client, organiser, signature):
    for reason in ("", "because Ruth says so"):
        assert "Choose why you are hiding this name." in press(client, signature, hide="1", reason=reason)

    assert shown(client, signature)
    assert not AuditEntry.objects.exists()


def test_hiding_a_name_requires_the_permission_to_change_signatures(client, signature):
    sign_in(client, is_superuser=False)

    assert client.post(f"{LIST}{signature.pk}/hide-name/", {"hide": "1", "reason": "other"}).status_code == 403


def test_a_hidden_name_stays_hidden_when_its_signer_changes_it(client, organiser, signature):
    press(client, signature, hide="1", reason="abusive")
    signature.refresh_from_db()
    signature.change("public", name=RUDE, shown_name=f"{RUDE} again", town="", updates=False)

    assert not shown(client, signature)


def test_signers_see_on_their_own_page_that_their_name_is_hidden(client, organiser):
    class Site:
        pledge = PledgeFactory()

    page = reverse("pledges:manage", args=[token_to_manage(Site)])
    Signature.objects.update(visibility="public")
    says = "The organisers do not show this name in public. Your signature still counts."
    assert says not in client.get(page).content.decode()
    Signature.objects.get().hide_name(organiser, "false")

    assert says in client.get(page).content.decode()


@pytest.fixture
def search(client, organiser):
    """Return a function that searches the list and returns the primary keys of the matches."""
    return lambda query: {found.pk for found in client.get(LIST, {"q": query}).context["cl"].result_list}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ruth Feldman", ["ruth", "FELD", "th fe", "man", "ru", "Ruth Feldman"]),
        ("José Núñez", ["jose", "NUÑEZ", "sé nú", "unez"]),
        ("Aoife O’Brien–Smith", ["o'brien", "O’BRIEN", "n-s", "n—s"]),
        ("李明华", ["李明", "明华"]),
        ("ئايگۈل", ["گۈل"]),
        ("100% _Choir\\", ["100%", "_ch", "r\\"]),
    ],
)
def test_public_names_are_found_by_any_part_and_private_names_only_in_full(search, name, parts):
    public, private = SignatureFactory(public=True, name=name), SignatureFactory(confirmed=True, name=f"{name} X")
    SignatureFactory(public=True, name="Somebody Else")

    for part in parts:
        assert search(part) == {public.pk}, part
    assert search(f"{name} x") == {private.pk}
    for part in ("e", "zz", "ruthfeldman", "%", "__", "e\u0301\u0301", "\u0301\u0301\u0301"):
        assert search(part) == set(), part


def test_the_letters_searched_for_must_be_side_by_side(search):
    SignatureFactory(public=True, name="Banan Nana")

    assert search("anana") == set()


def test_the_search_for_a_part_is_bounded_and_shows_the_newest(search, monkeypatch):
    monkeypatch.setattr("pledges.models.signatures.queryset.MAX_FOUND", 2)
    SignatureFactory.create_batch(3, public=True, name="Ruth Feldman")

    assert search("feld") == {one.pk for one in Signature.objects.order_by("-signed_at")[:2]}
