"""When two e-mail addresses are the same person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.email_addresses.canonical import RULES, address_hash, canonical


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("R.Feldman+news@GoogleMail.com", "rfeldman@gmail.com"),
        (" ruth@example.org ", "ruth@example.org"),
        ("ruth+a@outlook.com", "ruth@outlook.com"),
        ("ruth+a@me.com", "ruth@icloud.com"),
        ("r_u-t.h@pm.me", "ruth@proton.me"),
        ("ruth-shop@yahoo.co.uk", "ruth@yahoo.co.uk"),
    ],
)
def test_variants_of_one_address_are_the_same(typed, same):
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
def test_addresses_that_may_be_two_peoples_stay_two(one, other):
    assert address_hash(one) != address_hash(other)


@given(st.text(max_size=80), st.sampled_from([*RULES, "example.org"]))
def test_any_address_has_one_form_which_stays(name, domain):
    once = canonical(f"{name}@{domain}")

    assert canonical(once) == once
    assert canonical(f" {name.upper()}@{domain} ") == canonical(f"{name.upper().lower()}@{domain}")


@pytest.mark.parametrize("odd", ["", "@", "+@gmail.com", "...@gmail.com", "-@yahoo.com", "no at"])
def test_what_is_hardly_an_address_is_left_with_something(odd):
    assert canonical(odd) == canonical(canonical(odd))
    assert not canonical(odd).startswith("@g")
