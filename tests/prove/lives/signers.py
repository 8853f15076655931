"""A small model of signatures: what ought to be true after each thing that signers, organisers and workers do.

It knows nothing of Django or SQL. Times are aware; `now` is passed in. A mailbox may have two signatures: its own
(place 1), and that of a second person (place 2).
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
    """At most three messages in 24 hours, which begin with the first."""

    count: int = 0
    since: object = None

    def take(self, now):
        """Count one more message at `now`; return whether it is allowed."""
        if self.since is None or self.since <= now - DAY:
            self.count, self.since = 1, now
            return True
        if self.count >= MAX_MESSAGES:
            return False
        self.count += 1
        return True


@dataclass
class Answers:
    """What somebody typed."""

    name: str
    visibility: str
    shown: str = ""
    updates: bool = False
    hasty: bool = False


@dataclass(eq=False)
class Signature:
    """One row: its state, what it keeps, and whether the published count and list include it."""

    state: str = "pending"
    visibility: str = "private"
    name: str | None = None
    shown: str | None = None
    has_email: bool = True
    updates: bool = False
    suspicion: str = ""
    sent_at: object = None
    limit: Limit = field(default_factory=Limit)
    message: object = None  # whose link and code work
    counted: bool = False
    numbered: bool = False

    @property
    def counts(self):
        return self.state == "confirmed"

    @property
    def public_name(self):
        """Return what everybody may see, as soon as it is in the list."""
        return (self.shown or self.name or "") if self.counts and self.visibility == "public" else ""

    @property
    def is_listed(self):
        return bool(self.public_name) and self.numbered

    def answer(self, answers, *, has_email=True):
        """Take these answers in place of older ones."""
        is_count = answers.visibility == "count"
        self.state, self.visibility = "pending", answers.visibility
        self.name, self.shown = (None, None) if is_count else (answers.name, answers.shown or None)
        self.has_email, self.updates = has_email, answers.updates
        self.suspicion = self.suspicion or ("automatic" if answers.hasty else "")

    def can_be_confirmed(self, now):
        return self.state == "pending" and self.sent_at >= now - LINK_WORKS

    def settle(self):
        """Forget what the visibility and the state no longer allow us to keep."""
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
    """A message in the outbox, about a signature or, if it is to have a manage link, a link."""

    kind: str
    about: object
    queued_at: object
    waits: bool = True
    link: str = ""  # the path in the message, once it is delivered
    code: str = ""
    never: str = ""


@dataclass(eq=False)
class ManageLink:
    """A link that was asked for. It opens nothing until its message is written."""

    made_at: object
    opens: Signature | None = None
    exists: bool = True


class Mailbox:
    """Two places for signatures, and everything sent to their mailbox."""

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
        """Sign, or sign again."""
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
        """Send another message if the limit allows it; its link replaces the older one."""
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
        """Confirm with a delivered link or code; return whether that works."""
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
        """Change a confirmed signature, as its signer asks."""
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
        """Never write to the mailbox again."""
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
        """Take a message out of the outbox; return whether it is sent."""
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
        """Delete what is kept no longer."""
        for signature in self.signatures:
            if signature.state == "pending" and not signature.counted and signature.sent_at < now - LINK_WORKS:
                self.remove(signature)
        for link in self.links:
            link.exists = link.exists and link.made_at >= now - MANAGE_WORKS

    def publish(self):
        """Bring the published count and list up to date; return how much the count moves."""
        moved = 0
        for signature in self.signatures:
            moved += signature.counts - signature.counted
            signature.counted = signature.counts
            signature.numbered = signature.numbered or bool(signature.public_name)
        return moved
