"""The part of a domain that its owner registered, and domains that imitate another."""

import pytest

from campaign.email_addresses.registrable import host_of, imitates, registrable


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", "example.com"),
        ("Mail.Example.CO.UK", "example.co.uk"),
        ("brand.com.evil.org", "evil.org"),
        ("alice.github.io", "alice.github.io"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("co.uk", ""),
        ("github.io", ""),
        ("localhost", ""),
        ("x.no-such-ending", ""),
        ("-", ""),
        ("a..com", ""),
        ("192.0.2.1", ""),
        ("", ""),
    ],
)
def test_the_registered_part_of_a_domain_is_found(domain, expected):
    assert registrable(domain) == expected


@pytest.mark.parametrize(
    "domain",
    [
        "brand.com.evil.org",
        "mail.brand.com.evil.org",
        "xn--brnd-63d.com",  # with a Cyrillic letter
        "xn--brnd-6na.com",  # with an accent
        "brand.co.uk",
    ],
)
def test_a_domain_that_looks_like_another_imitates_it(domain):
    assert imitates(domain, "brand.com")


@pytest.mark.parametrize(("domain", "other"), [("paypa1.com", "paypal.com"), ("rnarket.com", "market.com")])
def test_digits_and_pairs_of_letters_can_imitate_a_letter(domain, other):
    assert imitates(domain, other)


@pytest.mark.parametrize("domain", ["brand.com", "shop.brand.com", "grand.com", "mybrand.com", "com", ""])
def test_the_same_domain_or_an_ordinary_one_is_not_an_imitation(domain):
    assert not imitates(domain, "brand.com")


def test_the_host_of_a_web_address_has_no_www():
    assert host_of("https://www.Example.com/shop") == "example.com"
    assert host_of("https://[broken") == ""
