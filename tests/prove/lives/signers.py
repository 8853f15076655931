"""A small model of signatures: what should be true after each action of a signer, an organiser or a worker.

It uses neither Django nor SQL. Times are aware, and `now` is passed in. A mailbox can hold two signatures: its owner's
(place 1) and a second person's (place 2).
"""

from dataclasses import dataclass, field
from datetime import timedelta

CONFIRM, MANAGE = "pledges.confirm", "pledges.manage"
EVER_CONFIRMED = ("confirmed", "held", "rejected")
MAY_BECOME = {"confirmed": ("held", "rejected"), "held": ("confirmed", "rejected"), "rejected": ("confirmed", "held")}
LINK_WORKS = timedelta(days=14)
MANAGE_WORKS = DAY = timedelta(days=1)
QUIET = timedelta(minutes=10)
MAX_MESSAGES = 3
MAX_OF_FAMILY = 10


@dataclass
class Limit:
    """A limit of three messages in the 24 hours after the first."""

    count: int = 0
    since: object = None

    def take(self, now):
        """Count a message sent at `now`; return whether the limit allows it."""
        if self.since is None or self.since <= now - DAY:
            self.count, self.since = 1, now
            return True
        if self.count >= MAX_MESSAGES:
            return False
        self.count += 1
        return True


@dataclass
class Answers:
    """The answers in a form."""

    name: str
    visibility: str
    shown: str = ""
    updates: bool = False
    hasty: bool = False


@dataclass(eq=False)
class Signature:
    """One signature: its state, the data it keeps, and whether the published count and list include it."""

    state: str = "pending"
    visibility: str = "private"
    name: str | None = None
    shown: str | None = None
    has_email: bool = True
    updates: bool = False
    suspicion: str = ""
    sent_at: object = None
    limit: Limit = field(default_factory=Limit)
    message: object = None  # the one whose link and code work
    counted: bool = False
    numbered: bool = False

    @property
    def counts(self):
        return self.state == "confirmed"

    @property
    def public_name(self):
        """Return the name that may be shown in the list, or ""."""
        return (self.shown or self.name or "") if self.counts and self.visibility == "public" else ""

    @property
    def is_listed(self):
        return bool(self.public_name) and self.numbered

    def answer(self, answers, *, has_email=True):
        """Use these answers from now on, instead of the earlier ones."""
        is_count = answers.visibility == "count"
        self.state, self.visibility = "pending", answers.visibility
        self.name, self.shown = (None, None) if is_count else (answers.name, answers.shown or None)
        self.has_email, self.updates = has_email, answers.updates
        self.suspicion = self.suspicion or ("automatic" if answers.hasty else "")

    def can_be_confirmed(self, now):
        return self.state == "pending" and self.sent_at >= now - LINK_WORKS

    def settle(self):
        """Remove the data that its visibility and state no longer allow."""
        if self.visibility == "count" or self.state == "withdrawn":
            self.name = self.shown = None
            self.has_email = False
        if self.visibility != "public" or self.state == "withdrawn":
            self.numbered = False

    def withdraw(self):
        self.state, self.updates = "withdrawn", False
        self.settle()


@dataclass(eq=False)
class Message:
    """A message in the outbox. It is about a signature or, if it will contain a manage link, about that link."""

    kind: str
    about: object
    queued_at: object
    waits: bool = True
    link: str = ""  # the path in the delivered message
    code: str = ""
    never: str = ""


@dataclass(eq=False)
class ManageLink:
    """A manage link. It opens nothing until its message has been written."""

    made_at: object
    opens: Signature | None = None
    exists: bool = True


class Mailbox:
    """A mailbox, with places for two signatures, and the messages sent to it."""

    def __init__(self):
        self.places = {1: None, 2: None}
        self.messages, self.links = [], []
        self.limit = Limit()
        self.is_suppressed = False
        self.confirmed_on = {}

    @property
    def signatures(self):
        return [one for one in self.places.values() if one]

    def sign(self, answers, now, place=1, *, has_email=True):
        """Sign for the first time, or again."""
        signature = self.places[place]
        if signature is None:
            signature = self.places[place] = Signature(sent_at=now, limit=Limit(1, now))
            self.queue(signature, now)
        elif signature.state in EVER_CONFIRMED:
            if place == 1 and answers.updates and not signature.updates and signature.visibility != "count":
                self.ask(now)
            return
        elif signature.state == "withdrawn" or signature.sent_at <= now - QUIET:
            self.renew(signature, now)
        signature.answer(answers, has_email=has_email)

    def renew(self, signature, now):
        """Send a new message if the limit allows it. Its link replaces the previous one."""
        if signature.limit.take(now):
            signature.sent_at = now
            self.queue(signature, now)

    def queue(self, signature, now):
        signature.message = Message(CONFIRM, signature, now)
        self.messages.append(signature.message)

    def resend(self, now):
        first = self.places[1]
        if first and first.can_be_confirmed(now) and first.sent_at <= now - QUIET:
            self.renew(first, now)

    def ask(self, now):
        """Ask for a manage link."""
        link = ManageLink(now)
        self.links.append(link)
        self.messages.append(Message(MANAGE, link, now))

    def confirm(self, signature, now):
        """Confirm a signature, or hold it for review."""
        if signature.has_email:
            day = now.date()
            self.confirmed_on[day] = self.confirmed_on.get(day, 0) + 1
            if self.confirmed_on[day] > MAX_OF_FAMILY:
                signature.suspicion = signature.suspicion or "family"
        signature.state = "held" if signature.suspicion else "confirmed"
        if signature.visibility == "count":
            signature.sent_at = signature.limit.since = now.replace(minute=0, second=0, microsecond=0)
        signature.settle()

    def open(self, message, now):
        """Confirm with the link or code of a delivered message; return whether it works."""
        signature = message.about
        works = signature in self.signatures and signature.message is message and signature.can_be_confirmed(now)
        if works:
            self.confirm(signature, now)
        return works

    def may_add(self):
        second = self.places[2]
        return second is None or second.state not in EVER_CONFIRMED

    def add(self, answers, now):
        """Add the second person."""
        self.sign(answers, now, 2, has_email=self.places[1].has_email)
        self.confirm(self.places[2], now)

    def change(self, signature, answers):
        """Change a confirmed signature."""
        if signature.visibility == "count":
            return
        if signature.updates and not answers.updates and signature.has_email:
            self.stop_news()
        signature.visibility, signature.name, signature.shown = answers.visibility, answers.name, answers.shown or None
        signature.updates = answers.updates
        signature.has_email = signature.has_email or signature.updates
        signature.settle()

    def stop_news(self):
        for signature in self.signatures:
            signature.updates = False

    def withdraw(self, signature):
        signature.withdraw()
        for link in self.links:
            link.exists = link.exists and link.opens is not signature

    def suppress(self, signature):
        """Stop all mail to the mailbox, for good."""
        self.is_suppressed = True
        self.stop_news()
        if signature.state == "pending":
            if signature.counted:
                self.withdraw(signature)
            else:
                self.remove(signature)

    def remove(self, signature):
        self.places = {place: None if one is signature else one for place, one in self.places.items()}

    def opened_by(self, link, now):
        """Return the signature that a manage link opens, or None."""
        works = link.exists and link.made_at > now - MANAGE_WORKS and link.opens in self.signatures
        return link.opens if works and link.opens.state in EVER_CONFIRMED else None

    def deliver(self, message, now):
        """Remove a message from the outbox; return whether it is sent."""
        message.waits = False
        write = self._confirmation if message.kind == CONFIRM else self._manage
        return write(message, now) and not self.is_suppressed and self.limit.take(message.queued_at)

    def _confirmation(self, message, now):
        signature = message.about
        newest = signature in self.signatures and signature.message is message
        return newest and signature.can_be_confirmed(now) and signature.has_email

    def _manage(self, message, now):
        link = message.about
        if not link.exists or link.made_at <= now - MANAGE_WORKS:
            return False
        found = [one for one in self.signatures if one.state in EVER_CONFIRMED]
        if not found or not found[0].limit.take(now):
            link.exists = False
            return False
        link.opens = found[0]
        return True

    def clean_up(self, now):
        """Delete everything that has expired."""
        for signature in self.signatures:
            if signature.state == "pending" and not signature.counted and signature.sent_at < now - LINK_WORKS:
                self.remove(signature)
        for link in self.links:
            link.exists = link.exists and link.made_at >= now - MANAGE_WORKS

    def publish(self):
        """Update the published count and list; return the change in the count."""
        moved = 0
        for signature in self.signatures:
            moved += signature.counts - signature.counted
            signature.counted = signature.counts
            signature.numbered = signature.numbered or bool(signature.public_name)
        return moved
