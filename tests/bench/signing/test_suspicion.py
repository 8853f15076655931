"""How many people and bots pledges.models.signatures.suspicion holds for review, and how many other limits would.

`make bench ARGS="-k suspicion"` prints it; docs/adr/0015 shows the table. The seed is fixed. Model: tests/crowds.py.
"""

from datetime import timedelta

import pytest

from pledges.models.signatures import suspicion
from tests.bench.results import record
from tests.crowds import MORNING, Crowd, count_held, names, sign_all
from tests.factories import PledgeFactory

CHOSEN = suspicion.MAX_FROM_OWN_DOMAIN
LIMITS = (CHOSEN, 10, 20)
HOUR = timedelta(hours=1)
FIFTY, CARRIER = names("network", 50), ["carrier"]


def stall(crowd):
    return [crowd.people(500, 500 / 60, ["stall"])]


def carrier(crowd):
    return [crowd.people(1000, 1, CARRIER)]


def carrier_with_a_bot(crowd):
    return [crowd.people(1000, 1, CARRIER), crowd.bot(200, 1, CARRIER, names("own", 2))]


def carrier_after_a_bot(crowd):
    return [crowd.bot(100, 1, CARRIER, ["own.example"], elsewhere=1), crowd.people(1000, 1, CARRIER, MORNING + HOUR)]


def office(crowd):
    return [crowd.staff(30, ["office"])]


def viral_day(crowd):
    return [crowd.people(1500, 14, names("home", 600)), crowd.people(1500, 14, names("carrier", 3))]


def patient(domains):
    return lambda crowd: [crowd.bot(1000, 14, FIFTY, names("own", domains))]


def datacentre(crowd):
    return [crowd.bot(1000, 14, names("rack", 2), names("own", 5))]


def all_at_common(crowd):
    return [crowd.bot(1000, 14, FIFTY, [], elsewhere=0)]


def own_domain(crowd):
    return [crowd.bot(1000, 14, FIFTY, names("own", 1), elsewhere=1)]


def numbered(crowd):
    return [crowd.numbered(1000, 14, FIFTY)]


def hasty(crowd):
    return [crowd.hasty(1000, 14, FIFTY)]


SCENES = {
    "a: stall, 60 an hour": stall,
    "b: carrier, viral hour": carrier,
    "b2: carrier with a bot": carrier_with_a_bot,
    "b3: carrier after a bot": carrier_after_a_bot,
    "firm of 30, one office": office,
    "viral day of 3,000": viral_day,
    "c: patient bot, 5 own domains": patient(5),
    "c: patient bot, 50 own domains": patient(50),
    "c: patient bot, 500 own domains": patient(500),
    "c: patient bot, common providers only": all_at_common,
    "c: the same with 5, from 2 networks": datacentre,
    "careless: one own domain": own_domain,
    "careless: numbered addresses": numbered,
    "too fast, nothing else": hasty,
}
NOBODY_HELD = ("a: stall, 60 an hour", "b: carrier, viral hour", "b2: carrier with a bot")
CARELESS = ("careless: one own domain", "careless: numbered addresses")


@pytest.mark.parametrize("limit", LIMITS)
def test_people_pass_and_careless_bots_are_held(transactional_db, monkeypatch, limit):
    """Hold nobody at a stall or on a mobile carrier under the rule as it is, but 95 in 100 careless bots."""
    monkeypatch.setattr(suspicion, "MAX_FROM_OWN_DOMAIN", limit)
    percent = {}
    for name, scene in SCENES.items():
        outcomes = sign_all(PledgeFactory(), *scene(Crowd()))
        for group, bot in (("people", False), ("bot", True)):
            count, total = count_held(outcomes, bot)
            if total:
                percent[f"{name}, {group}"] = 100 * count / total
    record(f"suspicion, {limit} from a domain, percent held", **percent)
    if limit == CHOSEN:
        assert {percent[f"{name}, people"] for name in NOBODY_HELD} == {0}
        assert min(percent[f"{name}, bot"] for name in CARELESS) >= 95
