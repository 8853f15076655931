"""Whether two e-mail addresses belong to the same person, or to the same mailbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.email_addresses.canonical import RULES, address_hash, canonical, family_hash, mailbox, mailbox_hash


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("R.Feldman+news@GoogleMail.com", "rfeldman@gmail.com"),
        ("Ruth@Example.org", "ruth@example.org"),
        ("ruth+a@outlook.com", "ruth@outlook.com"),
        ("ruth+a@me.com", "ruth@icloud.com"),
        ("r_u-t.h@pm.me", "ruth@proton.me"),
        ("ruth-shop@yahoo.co.uk", "ruth@yahoo.co.uk"),
    ],
)
def test_variants_of_one_address_have_the_same_canonical_form(typed, same):
    assert canonical(typed) == same
    assert address_hash(typed) == address_hash(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("r.feldman@example.org", "rfeldman@example.org"),
        ("ruth+a@example.org", "ruth@example.org"),
        ("r.feldman@outlook.com", "rfeldman@outlook.com"),
        ("ruth-a@gmail.com", "ruth@gmail.com"),
        ("ruth@yahoo.com", "ruth@yahoo.co.uk"),
    ],
)
def test_addresses_that_may_belong_to_two_people_stay_distinct(one, other):
    assert address_hash(one) != address_hash(other)


@given(st.text(max_size=80), st.sampled_from([*RULES, "example.org"]))
def test_the_canonical_form_of_any_address_is_stable(name, domain):
    once = canonical(f"{name}@{domain}")

    assert canonical(once) == once
    assert canonical(f"{name.upper()}@{domain}") == canonical(f"{name.upper().lower()}@{domain}")


@pytest.mark.parametrize("odd", ["", "@", "+@gmail.com", "...@gmail.com", "-@yahoo.com", "no at"])
def test_a_malformed_address_is_not_left_without_a_name(odd):
    assert canonical(odd) == canonical(canonical(odd))
    assert not canonical(odd).startswith("@g")


@pytest.mark.parametrize(
    ("address", "arrives"),
    [
        ("victim+1@example.org", "victim@example.org"),
        ("Victim+a+b@Example.org", "victim@example.org"),
        ("v.ictim+a@googlemail.com", "victim@gmail.com"),
        ("victim-a@yahoo.com", "victim@yahoo.com"),
        ("victim-a@example.org", "victim-a@example.org"),
        ("+a@example.org", "+a@example.org"),
    ],
)
def test_all_tags_lead_to_one_mailbox(address, arrives):
    assert mailbox(address) == arrives
    assert mailbox_hash(address) == address_hash(arrives)


def test_addresses_that_differ_in_tags_and_digits_are_one_family():
    family = {family_hash(f"victim{n}+{tag}@example.org") for n in range(3) for tag in ("a", "b")}

    assert family == {family_hash("victim@example.org")}
    assert family_hash("other@example.org") not in family


def test_the_hash_of_an_ordinary_address_never_changes(settings):
    settings.FIELD_KEYS, settings.HASH_KEY = ["A" * 43], ""

    assert address_hash("Ruth@Example.org").hex() == "14fa03c62be977fa91fec3d11e00c569b3bc0adde9734c15a519ac354a981133"
