"""Simulated signers, for testing suspicion: people at stalls and on mobile carriers, and several kinds of bot.

The model. Providers: 85 % of addresses are at common ones. The rest are at small providers that we don't list (4 %, at
one of 40, the largest of which has a quarter), firms (6 %, one of 200), institutions (3 %), and families' own domains,
where three people sign one after another (2 %). Names: 300 first names and 5,000 surnames, of which the most frequent
have 3 % and 1 %, as John and Smith have in Britain; one address in five is a first name, an initial and a surname, or
both, with or without digits, and nothing else that distinguishes namesakes.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from campaign.email_addresses.canonical import address_hash
from campaign.forms.guard import MIN_SECONDS_TO_FILL, make_stamp, stamp_age
from pledges.models import Signature
from pledges.signing.sign import Answers, sign

MORNING = datetime(2026, 11, 20, 7, tzinfo=UTC)
COMMON = {"gmail.com": 40, "hotmail.com": 10, "hotmail.co.uk": 7, "yahoo.co.uk": 7, "outlook.com": 6, "icloud.com": 5}
COMMON |= {"btinternet.com": 4, "live.co.uk": 2, "aol.com": 2, "sky.com": 1, "proton.me": 1}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VISIBILITIES = ("public", "private", "private", "count")


@dataclass(frozen=True)
class Signer:
    """One signature: its time (aware), address, network and visibility, and whether the form came back too fast."""

    at: datetime
    email: str
    network: bytes
    visibility: str
    automatic: bool = False
    bot: bool = False


def word(number):
    """Return a word for each number, unique and without digits."""
    return "".join(LETTERS[int(digit)] for digit in str(number))


def network(name):
    return name.encode().ljust(16, b".")[:16]


class Crowd:
    """Makes up signers: the same ones for the same seed."""

    def __init__(self, seed=1):
        self.chance = random.Random(seed)  # noqa: S311 - any will do
        self.number = count()
        self.family = []

    def name(self):
        """Return a name before the @, of the kind people choose."""
        first, last = f"given{word(self.ranked(300, 10))}", f"family{word(self.ranked(5000, 20))}"
        stem = self.chance.choice([first, f"{first[-1]}{last}", f"{first}.{last}"])
        digits = str(self.chance.randrange(2000)) if self.chance.random() < 0.4 else ""
        return f"{stem}{digits}" if self.chance.random() < 0.2 else f"{stem}{self.letters(4)}{digits}"

    def ranked(self, number, flat=0):
        """Return a number below this one, the lowest most often. A larger `flat` evens out the frequencies."""
        return self.chance.choices(range(number), [1 / (rank + 1 + flat) for rank in range(number)])[0]

    def letters(self, length):
        return "".join(self.chance.choices(LETTERS, k=length))

    def common(self):
        return self.chance.choices(list(COMMON), list(COMMON.values()))[0]

    def address(self):
        """Return the address of another person."""
        if self.family:
            return self.family.pop()
        kind = self.chance.random()
        if kind < 0.85:
            return f"{self.name()}@{self.common()}"
        if kind < 0.89:
            return f"{self.name()}@small{self.ranked(40)}.example"
        if kind < 0.95:
            return f"{self.name()}@firm{self.chance.randrange(200)}.example"
        if kind < 0.98:
            return f"{self.name()}@college{self.chance.randrange(9)}.ac.uk"
        own = f"family{next(self.number)}.example"
        self.family = [f"{self.name()}@{own}", f"{self.name()}@{own}"]
        return f"{self.name()}@{own}"

    def people(self, number, hours, networks, start=MORNING):
        """Yield this many people, evenly spread over the hours, each from one of the networks."""
        for at in self.times(number, hours, start):
            choice = self.chance.choice(VISIBILITIES)
            yield Signer(at, self.address(), network(self.chance.choice(networks)), choice)

    def staff(self, number, networks):
        """Yield everybody at one firm, within an hour."""
        for at in self.times(number, 1, MORNING):
            yield Signer(at, f"{self.name()}@firm.example", network(self.chance.choice(networks)), "private")

    def bot(self, number, hours, networks, domains, elsewhere=0.5, start=MORNING):
        """Yield a patient bot's signatures: letters only, half count-only, a share at domains of its own."""
        for at in self.times(number, hours, start):
            own = self.chance.random() < elsewhere
            place = self.chance.choice(domains) if own else self.common()
            choice = "count" if self.chance.random() < 0.5 else "private"
            email = f"{self.letters(9)}@{place}"
            yield Signer(at, email, network(self.chance.choice(networks)), choice, bot=True)

    def numbered(self, number, hours, networks):
        """Yield the signatures of a careless bot, which merely counts up."""
        for turn, at in enumerate(self.times(number, hours, MORNING)):
            yield Signer(at, f"ruth{turn}@gmail.com", network(self.chance.choice(networks)), "count", bot=True)

    def hasty(self, number, hours, networks):
        """Yield the signatures of a careless bot, which submits the form a third of a second after fetching it."""
        for at in self.times(number, hours, MORNING):
            now = at.timestamp() + self.chance.random() * 60
            fast = stamp_age(make_stamp(now), now + 0.3) < MIN_SECONDS_TO_FILL
            email = f"{self.letters(9)}@{self.common()}"
            yield Signer(at, email, network(self.chance.choice(networks)), "private", fast, bot=True)

    def times(self, number, hours, start):
        """Return this many times within the hours, in order."""
        seconds = sorted(self.chance.uniform(0, hours * 3600) for _ in range(number))
        return [start + timedelta(seconds=each) for each in seconds]


def names(stem, number):
    """Return this many network or domain names."""
    return [f"{stem}{each}.example" for each in range(number)]


def sign_all(pledge, *groups):
    """Have everybody sign, and confirm a few minutes later, in order of time; return each signer with the suspicion."""
    signers = sorted((signer for group in groups for signer in group), key=lambda signer: signer.at)
    return [(signer, sign_and_confirm(pledge, signer)) for signer in signers]


def sign_and_confirm(pledge, signer):
    """Sign and confirm; return the suspicion, or an empty string."""
    answers = Answers(
        name="" if signer.visibility == "count" else "Ruth Feldman",
        email=signer.email,
        country="GB",
        outward_code="",
        kind="person",
        organisation="",
        visibility=signer.visibility,
        updates=False,
        automatic=signer.automatic,
        network=signer.network,
    )
    sign(pledge.slug, answers, signer.at)
    now = signer.at + timedelta(minutes=3)
    waiting = Signature.objects.confirmable(now).filter(pledge=pledge, email_hash=address_hash(signer.email))
    confirmed = waiting.confirm(now)
    return confirmed.suspicion if confirmed else ""


def count_held(outcomes, bot):
    """Return how many signatures of people, or of bots, are held for review, and out of how many."""
    suspicions = [suspicion for signer, suspicion in outcomes if signer.bot is bot]
    return sum(map(bool, suspicions)), len(suspicions)
