"""What is suspected: in silence, and counted only when an organiser says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.privacy import models
from pledges.models import Change, Pledge, Signature
from pledges.names import name_hash
from pledges.tally import fold
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS

HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def fresh_process():
    models.daily_key.cache_clear()


@pytest.fixture
def sign_from(client, pledge):
    """Sign from an address on the network as one of many people; give the answer."""

    def post(number, address=HERE, **changes):
        answers = ANSWERS | {"email": f"{'abcdefghijklmnop'[number]}@d{number}.example"} | changes
        return client.post(pledge.get_absolute_url(), answers, REMOTE_ADDR=address)

    return post


def doubts():
    return list(Signature.objects.order_by("signed_at").values_list("doubt", flat=True))


def test_the_second_within_a_minute_from_one_network_is_suspected_and_sees_the_same(sign_from):
    first, second = sign_from(0), sign_from(1)

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert doubts() == ["", "network"]


def test_a_sixth_within_five_minutes_is_suspected_however_slowly_they_come(sign_from, time_machine):
    start = timezone.now().replace(hour=12)
    for number in range(7):
        seconds = 61 * number if number < 4 else 286 + number
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        sign_from(number)

    assert doubts()[:4] == [""] * 4
    assert doubts()[-1] == "network"


def test_people_far_apart_in_time_or_network_are_not(sign_from, time_machine):
    start = timezone.now().replace(hour=12)
    time_machine.move_to(start, tick=False)
    sign_from(0)
    sign_from(1, "198.51.100.1")
    time_machine.move_to(start + timedelta(minutes=2), tick=False)
    sign_from(2)

    assert doubts() == ["", "", ""]


def test_a_double_click_is_not_suspected(sign_from):
    sign_from(0)
    sign_from(0)

    assert doubts() == [""]


def test_another_pledge_has_limits_of_its_own(client, sign_from):
    sign_from(0)
    client.post(PledgeFactory().get_absolute_url(), ANSWERS, REMOTE_ADDR=HERE)

    assert doubts() == ["", ""]


def test_many_from_one_small_domain_are_suspected_and_from_a_large_provider_not(pledge, sign):
    recent = timezone.now() - timedelta(minutes=10)
    for domain in ("small.example", "gmail.com"):
        for number in range(100):
            letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
            SignatureFactory(pledge=pledge, email=f"x{letters}@{domain}", signed_at=recent)

    sign(email="ruth@small.example")
    sign(email="ruth@gmail.com")

    assert {s.email: s.doubt for s in Signature.objects.filter(name_hash=name_hash("Ruth Feldman"))} == {
        "ruth@small.example": "domain",
        "ruth@gmail.com": "",
    }


def test_many_addresses_that_differ_in_digits_are_suspected(sign):
    for number in range(51):
        sign(email=f"ruth{number}@gmail.com")

    assert sorted(set(doubts())) == ["", "family"]
    assert doubts().count("family") == 1


def test_whoever_is_suspected_confirms_like_everybody_and_is_not_counted_until_decided(
    client, pledge, sign, confirm_link
):
    sign(website="trap", visibility="public")
    link = confirm_link()
    answer = client.post(link)
    fold()

    assert answer.headers["Location"].endswith("/thank-you/")
    assert "confirmed" in client.get(link).content.decode()
    signature = Signature.objects.get()
    assert (signature.state, signature.public_name) == ("suspected", "")
    assert Pledge.objects.with_count().get().count == 0

    Signature.objects.decide("confirmed", OrganiserFactory(), "Known to us.")
    fold()

    assert Pledge.objects.with_count().get().count == 1
    assert Signature.objects.get().public_name == "Ruth Feldman"
    assert list(Change.objects.values_list("old", "new", "why")) == [
        ("suspected", "confirmed", "Known to us."),
        ("pending", "suspected", "automatic"),
    ]


def test_the_address_on_the_network_is_stored_nowhere(sign_from):
    sign_from(0)
    row = Signature.objects.values().get()

    assert HERE not in repr(row)
    assert len(bytes(row["network"])) == 16


def test_a_throw_away_address_is_flagged_and_not_refused(sign):
    sign(email="ruth@mailinator.com")
    sign(email="ruth@example.org")

    assert {s.email: (s.disposable, s.doubt) for s in Signature.objects.all()} == {
        "ruth@mailinator.com": (True, ""),
        "ruth@example.org": (False, ""),
    }
