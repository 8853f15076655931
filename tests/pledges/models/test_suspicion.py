"""Which signatures are held for review: those that follow a bot's pattern, never people who share a network."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.email_addresses.canonical import domain_hash, family_hash
from pledges.counting.publishing import publish_counts
from pledges.models import Activity, Pledge, Signature, StateChange
from pledges.models.signatures.personal_data import TRACES
from pledges.models.signatures.suspicion import MAX_FROM_OWN_DOMAIN, MAX_OF_FAMILY, MIN_HELD_ON_NETWORK
from tests.crowds import Crowd, count_held, names, sign_all
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS

HERE, THERE = b"h" * 16, b"t" * 16
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def letters(number):
    """Return a name of letters only, a different one for each number."""
    return "".join(LETTERS[int(digit)] for digit in str(number))


def make_pending(email, pledge, network=HERE, **fields):
    """Return a signature that has not been confirmed."""
    hashes = {"domain_hash": domain_hash(email), "family_hash": family_hash(email), "network": network}
    return SignatureFactory(email=email, pledge=pledge, **hashes | fields)


def confirm(signature, now=None):
    """Confirm a signature; return why it is held, or an empty string."""
    mine = Signature.objects.filter(pk=signature.pk)
    return mine.confirm(now or timezone.now()).suspicion


def sign_and_confirm(emails, pledge, **fields):
    """Sign and confirm with each address; return why each signature is held, or an empty string."""
    return [confirm(make_pending(email, pledge, **fields)) for email in emails]


def from_own_domain(number, domain="bot.example"):
    return [f"{letters(each)}@{domain}" for each in range(number)]


def test_four_people_on_one_network_within_a_minute_all_count(client, pledge, sign, confirm_link):
    for name in ("ruth", "adam", "leah", "noah"):
        client.post(pledge.get_absolute_url(), ANSWERS | {"email": f"{name}@{name}.example"}, REMOTE_ADDR="203.0.113.7")
        client.post(confirm_link())

    assert set(Signature.objects.values_list("state", "suspicion")) == {("confirmed", "")}
    assert Signature.objects.exclude(network=None).count() == 4


def test_the_ip_address_is_stored_nowhere(client, pledge, confirm_link):
    client.post(pledge.get_absolute_url(), ANSWERS, REMOTE_ADDR="203.0.113.7")
    client.post(confirm_link())

    assert "203.0.113" not in repr(Signature.objects.values().get()) + repr(list(Activity.objects.values()))
    assert len(bytes(Signature.objects.get().network)) == 16


def test_a_double_click_is_counted_once(client, pledge, confirm_link):
    for _ in range(2):
        client.post(pledge.get_absolute_url(), ANSWERS, REMOTE_ADDR="203.0.113.7")
    client.post(confirm_link())

    assert set(Activity.objects.values_list("confirmed", "held")) == {(1, 0)}


def test_a_domain_is_held_once_it_has_more_signatures_than_a_firm_would(pledge):
    suspicions = sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN + 3), pledge, network=None)

    assert suspicions == [""] * MAX_FROM_OWN_DOMAIN + ["domain"] * 3
    assert Signature.objects.filter(state="held", suspicion="domain").count() == 3
    assert Signature.objects.filter(state="confirmed", suspicion="").count() == MAX_FROM_OWN_DOMAIN


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.ca", "leeds.ac.uk", "school.leeds.sch.uk", "mit.edu"])
def test_providers_and_institutions_are_never_held_for_their_domain(pledge, domain):
    assert set(sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN + 3, domain), pledge)) == {""}


def test_a_domain_that_only_looks_like_an_institution_can_be_held(pledge):
    assert "domain" in sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN + 1, "notac.uk"), pledge, network=None)


def test_addresses_that_differ_in_digits_are_held_once_they_are_too_many_to_be_namesakes(pledge):
    suspicions = sign_and_confirm(
        [f"ruth{number}@gmail.com" for number in range(MAX_OF_FAMILY + 2)], pledge, network=None
    )

    assert suspicions == [""] * MAX_OF_FAMILY + ["family"] * 2


def test_addresses_with_only_digits_before_the_at_are_not_a_family(pledge):
    assert set(sign_and_confirm([f"{10**7 + number}@qq.com" for number in range(MAX_OF_FAMILY + 2)], pledge)) == {""}


def test_other_signatures_from_a_network_with_many_held_ones_are_held_too(pledge):
    sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN), pledge, network=THERE)
    bots = [f"{letters(100 + number)}@bot.example" for number in range(MIN_HELD_ON_NETWORK)]

    assert sign_and_confirm(bots, pledge) == ["domain"] * MIN_HELD_ON_NETWORK
    assert sign_and_confirm(["quiet@gmail.com"], pledge) == ["network"]
    assert sign_and_confirm(["ruth@gmail.com"], pledge, network=None) == [""]


def test_fifty_count_only_signatures_from_a_bots_network_are_held(pledge):
    sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN), pledge, network=THERE, visibility="count")
    bots = [f"{letters(100 + number)}@bot.example" for number in range(25)]
    quiet = [f"quiet{letters(number)}@gmail.com" for number in range(50)]

    assert sign_and_confirm(bots, pledge, visibility="count") == ["domain"] * 25
    assert sign_and_confirm(quiet, pledge, visibility="count") == ["network"] * 50
    assert Signature.objects.filter(state="held", network=None, email=None).count() == 75


def test_people_who_share_a_carrier_with_a_bot_are_counted(pledge):
    people = [f"{letters(number)}@gmail.com" for number in range(40)]
    sign_and_confirm(people, pledge)
    sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN), pledge, network=THERE)
    bots = [f"{letters(100 + number)}@bot.example" for number in range(MIN_HELD_ON_NETWORK + 2)]

    assert sign_and_confirm(bots, pledge) == ["domain"] * len(bots)
    assert sign_and_confirm(["leah@gmail.com", "adam@aol.com"], pledge) == ["", ""]


def test_a_network_is_trusted_again_when_people_outnumber_the_bot(pledge):
    sign_and_confirm(from_own_domain(MAX_FROM_OWN_DOMAIN), pledge, network=THERE)
    sign_and_confirm([f"{letters(100 + number)}@bot.example" for number in range(MIN_HELD_ON_NETWORK)], pledge)
    suspicions = sign_and_confirm([f"{letters(number)}@gmail.com" for number in range(40)], pledge)

    assert suspicions[0] == "network"
    assert suspicions[-1] == ""


def test_each_pledge_and_each_day_has_its_own_counters(pledge):
    now = timezone.now()
    addresses = from_own_domain(MAX_FROM_OWN_DOMAIN)
    assert set(sign_and_confirm(addresses, pledge)) == {""}

    assert sign_and_confirm(["ruth@bot.example"], PledgeFactory()) == [""]
    tomorrow = now + timedelta(days=1)
    assert confirm(make_pending("leah@bot.example", pledge), tomorrow) == ""


def test_a_count_only_signature_keeps_nothing_but_its_suspicion(pledge):
    signature = make_pending("ruth@bot.example", pledge, visibility="count", suspicion="automatic")
    confirm(signature)
    signature.refresh_from_db()

    assert (signature.state, signature.suspicion) == ("held", "automatic")
    assert {signature.network, signature.domain_hash, signature.family_hash, signature.name_hash} == {None}


def test_a_signature_accepted_by_an_organiser_is_not_checked_again(pledge):
    signature = make_pending("ruth@bot.example", pledge, suspicion="automatic")
    confirm(signature)
    Signature.objects.change_state("confirmed", OrganiserFactory(), "Known to us.")
    assert Signature.objects.confirmable(timezone.now()).confirm(timezone.now()) is None

    signature.refresh_from_db()
    assert (signature.state, signature.suspicion) == ("confirmed", "")


def test_a_held_signer_sees_the_usual_pages_and_is_not_counted_until_accepted(client, pledge, sign, confirm_link):
    sign(visibility="public")
    Signature.objects.update(suspicion="automatic")
    link = confirm_link()
    response = client.post(link)
    publish_counts()

    assert response.headers["Location"].endswith("/thank-you/")
    assert "confirmed" in client.get(link).content.decode()
    signature = Signature.objects.get()
    assert (signature.state, signature.public_name) == ("held", "")
    assert Pledge.objects.with_count().get().count == 0

    Signature.objects.change_state("confirmed", OrganiserFactory(), "Known to us.")
    publish_counts()

    assert Pledge.objects.with_count().get().count == 1
    assert Signature.objects.get().public_name == "Ruth Feldman"
    assert list(StateChange.objects.values_list("old", "new", "reason")) == [
        ("held", "confirmed", "Known to us."),
        ("pending", "held", "automatic"),
    ]


def test_a_disposable_address_is_flagged_but_not_held(sign, client, confirm_link):
    sign(email="ruth@mailinator.com")
    client.post(confirm_link())

    signature = Signature.objects.get()
    assert (signature.disposable, signature.state, signature.suspicion) == (True, "confirmed", "")


@pytest.mark.django_db(transaction=True)
def test_simultaneous_confirmations_are_counted_exactly_and_never_deadlock():
    pledge, threads, each = PledgeFactory(), 8, 10
    made = [
        make_pending(f"{letters(number)}{number}@firm{number % 3}.example", pledge, network=bytes([number % 2]) * 16)
        for number in range(threads * each)
    ]
    ready = threading.Barrier(threads)

    def confirm_some(some):
        try:
            ready.wait()
            return [confirm(signature) for signature in some]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        suspicions = sum(pool.map(confirm_some, [made[start::threads] for start in range(threads)]), [])

    limit = MAX_FROM_OWN_DOMAIN
    assert suspicions.count("domain") == sum(max(0, count - limit) for count in (27, 27, 26))
    counts = sorted(Activity.objects.filter(confirmed__gt=1).values_list("confirmed", flat=True))
    assert counts == [26, 27, 27, 40, 40]
    assert Activity.objects.count() == threads * each + 3 + 2


def test_nobody_at_a_stall_is_held(pledge):
    outcomes = sign_all(pledge, Crowd().people(120, 2, ["stall"]))

    assert count_held(outcomes, bot=False) == (0, 120)


def test_nobody_who_shares_a_carrier_with_a_bot_is_held(pledge):
    crowd = Crowd()
    people = crowd.people(150, 1, ["carrier"])
    outcomes = sign_all(pledge, people, crowd.bot(30, 1, ["carrier"], ["own.example"], elsewhere=1))

    assert count_held(outcomes, bot=False) == (0, 150)
    assert count_held(outcomes, bot=True) == (30 - MAX_FROM_OWN_DOMAIN, 30)


def test_careless_bots_are_held_except_for_the_first_few(pledge):
    crowd, networks = Crowd(), names("network", 10)
    numbered = sign_all(pledge, crowd.numbered(60, 1, networks))
    own_domain = sign_all(PledgeFactory(), crowd.bot(60, 1, networks, ["own.example"], elsewhere=1))

    assert count_held(numbered, bot=True) == (60 - MAX_OF_FAMILY, 60)
    assert count_held(own_domain, bot=True) == (60 - MAX_FROM_OWN_DOMAIN, 60)


def test_counters_share_no_hash_with_signatures_other_days_or_other_pledges(pledge):
    now = timezone.now()
    sign_and_confirm(from_own_domain(4), pledge)
    traces = {bytes(trace) for row in Signature.objects.values_list(*TRACES, "email_hash") for trace in row if trace}
    keys = {bytes(key) for key in Activity.objects.values_list("key", flat=True)}
    assert len(keys) == 1 + 4 + 1
    assert not traces & keys

    confirm(make_pending("noah@bot.example", pledge), now + timedelta(days=1))
    confirm(make_pending("noah@bot.example", PledgeFactory()), now + timedelta(days=1))
    assert Activity.objects.count() == len(keys) + 3 + 3


@pytest.mark.django_db
def test_the_counters_are_kept_out_of_the_databases_write_ahead_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'pledges_activity'")
        assert cursor.fetchone()[0] == "u"
