"""A brand, three organisers and a company, with a separate record, outside the ledger, of what each has done."""

from datetime import UTC, date, datetime, timedelta

import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import assume
from hypothesis.stateful import RuleBasedStateMachine, invariant

from actions.businesses.approvals import DEADLINE, PUBLISH
from actions.businesses.models import Brand, Code, Entry, Kind, Notice, Status
from actions.businesses.models.kinds import CLAIMS
from actions.businesses.tracker.snapshots import snapshot, timeline_snapshot

BEGAN = datetime(2026, 12, 1, 12, tzinfo=UTC)
RECORDED = (Kind.REMINDER, Kind.REPLY, Kind.COMMITMENT, Kind.KEPT, *CLAIMS)
REACHED = set()  # the negative statuses that some sequence has made public
SHARED = {}  # the organisers and the compiled queries, which all sequences of a test share


class Compiled:
    """A ledger query, compiled once, because Django takes ten times as long to compile it as to run it."""

    def __init__(self, query):
        compiled, params = query(BEGAN).query.sql_with_params()
        self.sql, self.params = compiled, params

    def __call__(self, moment):
        now = {BEGAN: moment, timezone.localdate(BEGAN): timezone.localdate(moment)}
        values = [now.get(one, one) if isinstance(one, date) else one for one in self.params]
        return list(Entry.objects.raw(self.sql, values))


class Witness(RuleBasedStateMachine):
    """A comparison of what the site shows with what the organisers and the company have really done."""

    def __init__(self):
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.clock = time_machine.travel(BEGAN, tick=False)
        self.travel = self.clock.start()
        self.brand, self.people = Brand.objects.get(), SHARED["people"]
        self.checked, self.delivered, self.decided, self.proofs = {}, {}, {}, {}
        self.hid_by, self.unread = {}, []  # who hid each claim last; replies that nobody has decided on
        self.promised_in_full = self.taken_back = False
        self.past, self.redacted = [], False

    def teardown(self):
        """Compare every stored moment with what the ledger says about it now, and undo everything."""
        try:
            self.assert_fair_status()
            if not self.redacted:
                for moment, before in self.past:
                    assert self.shown(moment) == before
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def shown(self, moment):
        return snapshot(moment), timeline_snapshot(self.brand, moment)

    def write(self, entry):
        """Return a new notice to the company about an entry."""
        words = {"subject": "S", "text": "T", "recipient": self.brand.contact}
        return Notice.objects.create(brand=self.brand, about=entry, **words)

    def pick(self, number, **filters):
        """Return one of the entries, newest first; without any, skip the step."""
        found = list(Entry.objects.filter(**{"kind__in": RECORDED} | filters).order_by("-pk")[:6])
        assume(found)
        return found[number % len(found)]

    def attempt(self, act):
        """Try something that the database may refuse; return the result, or None."""
        try:
            with transaction.atomic():
                return act()
        except DatabaseError as error:
            assert error.__cause__.pgcode in ("23514", "23001", "23503")  # noqa: PT017 - a refusal, not a fault
            return None

    @invariant()
    def no_claim_is_public_before_every_step(self):
        for entry in SHARED["claims"](timezone.now()):
            self.assert_fair_claim(entry.pk)
            REACHED.add(entry.kind)

    def status(self):
        now = timezone.now()
        return Status.of(next(iter(SHARED["deciding"](now)), None), None, now)

    def assert_fair_status(self):
        now, status = timezone.now(), self.status()
        self.promised_in_full = self.promised_in_full or status.code == Code.FULL
        self.taken_back = self.taken_back or status.is_negative
        assert not (self.promised_in_full and status.code == Code.TALKS) or self.taken_back
        if status.code == Code.PASSED:
            self.assert_fair_deadline(status.entry)
            REACHED.add(Code.PASSED)
        elif status.is_negative:
            self.assert_fair_claim(status.entry)
        for entry in SHARED["timeline"](now):
            if entry.kind in CLAIMS:
                self.assert_fair_claim(entry.pk)

    def assert_fair_claim(self, pk):
        entry = Entry.objects.get(pk=pk)
        assert self.checked[pk] - {entry.entered_by}
        assert self.proofs[pk]
        assert self.had_time_to_reply(pk)
        assert self.was_decided(PUBLISH, pk)

    def assert_fair_deadline(self, pk):
        entry = Entry.objects.get(pk=pk)
        assert self.checked[pk] - {entry.entered_by}
        assert self.had_time_to_reply(pk)
        assert self.was_decided(DEADLINE, pk)
        assert not self.unread
        assert entry.happened_on + timedelta(days=365) <= timezone.localdate()

    def had_time_to_reply(self, pk):
        """Return whether a notice was delivered at least fourteen days ago."""
        return any(at <= timezone.now() - timedelta(days=14) for at in self.delivered.get(pk, []))

    def was_decided(self, kind, pk):
        """Return whether two organisers have approved a request of this kind about this entry."""
        return any(one[:2] == (kind, pk) and len(one[2]) == 2 for one in self.decided.values())
