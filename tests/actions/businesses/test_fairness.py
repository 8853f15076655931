"""Random sequences of actions by three organisers and a company never bypass a step towards a claim.

What has been done is noted here, apart from the ledger, and compared with what the site then shows.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from actions.businesses.approvals import DEADLINE, PUBLISH, REDACT
from actions.businesses.clock import enter_delivered, give_notice
from actions.businesses.models import Brand, Code, CompanyReply, Entry, Kind, Level, Notice, Status
from actions.businesses.models.kinds import CLAIMS
from actions.businesses.models.notice import TO_COMPANY
from actions.businesses.tracker.snapshots import snapshot, timeline_snapshot
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message
from tests.accounts.organisers import make_organiser
from tests.actions.factories import BrandFactory
from tests.sizes import size

SEEDS = range(size(1, 10))
SEQUENCES = size(8, 1000)  # for each seed
STEPS = 6
MAX_KEPT = 1
BEGAN = datetime(2026, 12, 1, 12, tzinfo=UTC)
PROOF = {"evidence_url": "https://example.org/evidence/1"}
RECORDED = (Kind.REMINDER, Kind.REPLY, Kind.COMMITMENT, Kind.KEPT, *CLAIMS)
REACHED = set()  # the kinds of claim that some sequence has published
SHARED = {}  # by all sequences of a test
people = st.integers(0, 2)
some = st.integers(0, 5)


class Compiled:
    """A query of the ledger, compiled once, because Django takes ten times as long to compile it as to run it."""

    def __init__(self, query):
        compiled, params = query(BEGAN).query.sql_with_params()
        self.sql, self.params = compiled, params

    def __call__(self, moment):
        now = {BEGAN: moment, timezone.localdate(BEGAN): timezone.localdate(moment)}
        values = [now.get(one, one) if isinstance(one, date) else one for one in self.params]
        return list(Entry.objects.raw(self.sql, values))


class Company(RuleBasedStateMachine):
    """A brand with its ledger, three organisers, and what each has done."""

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
        """Return one of the entries, the newest first, or skip the step."""
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

    @rule(
        who=people,
        kind=st.sampled_from(RECORDED),
        has_proof=st.booleans(),
        ago=st.integers(0, 400),
        level=st.sampled_from([Level.FULL, Level.FULL, Level.TALKS]),
    )
    def enter(self, who, kind, has_proof, ago, level=Level.FULL):
        values = PROOF if has_proof else {"quotation": "We say so."}
        values |= {"level": level} if kind == Kind.COMMITMENT else {}
        day = timezone.localdate() - timedelta(days=ago)
        entry = self.attempt(lambda: self.brand.record(kind, self.people[who], happened_on=day, **values))
        if entry:
            self.proofs[entry.pk] = has_proof

    @rule(who=people, number=some)
    def check(self, who, number):
        entry = self.pick(number, kind__in=[*RECORDED, Kind.NOTICE, Kind.RETRACTION])
        if self.attempt(lambda: self.brand.record(Kind.CHECK, self.people[who], about=entry)):
            self.checked.setdefault(entry.pk, set()).add(self.people[who].pk)

    @rule(who=people, number=some, kind=st.sampled_from([PUBLISH, PUBLISH, DEADLINE, REDACT]), mailed=st.booleans())
    def ask(self, who, number, kind, mailed):
        wanted = {PUBLISH: CLAIMS, DEADLINE: [Kind.COMMITMENT], REDACT: CLAIMS}[kind]
        entry = self.pick(number, kind__in=wanted)
        notice = None
        if kind == PUBLISH and mailed:
            notice = str(self.write(entry).pk)
        request = ApprovalRequest.draft(kind, self.people[who], about=entry, subject=entry.pk, notice=notice)
        request.submit(1, "A reason", timezone.now())

    @rule(who=people, number=some)
    def approve(self, who, number):
        waiting = list(ApprovalRequest.objects.waiting().exclude(asked_by=self.people[who]).order_by("pk"))
        assume(waiting)
        request = waiting[number % len(waiting)]
        request.approve(self.people[who], timezone.now())
        self.decided[request.pk] = (request.kind, int(request.subject), {request.asked_by_id, self.people[who].pk})

    @rule(who=people, number=some)
    def undo(self, who, number):
        open_ones = list(ApprovalRequest.objects.submitted().order_by("pk"))
        assume(open_ones)
        open_ones[number % len(open_ones)].undo(self.people[who], timezone.now())

    @rule(works=st.booleans())
    def mail(self, works):
        now = timezone.now()
        for message in Message.objects.waiting().filter(kind=TO_COMPANY):
            message.finish(Message.Outcome.SENT if works else Message.Outcome.GAVE_UP, now)
            if works:
                about = Notice.objects.get(pk=message.object_id).about_id
                self.delivered.setdefault(about, []).append(now)
        enter_delivered(now)

    @rule(who=people, number=some, days=st.integers(0, 40))
    def deliver_by_hand(self, who, number, days):
        entry = self.pick(number, kind__in=[*CLAIMS, Kind.COMMITMENT])
        until = timezone.localdate() + timedelta(days=days)
        record = lambda: self.brand.record(Kind.NOTICE, self.people[who], about=entry, until=until, **PROOF)  # noqa: E731
        if self.attempt(record):
            self.delivered.setdefault(entry.pk, []).append(timezone.now())

    @rule(who=people, number=some, kind=st.sampled_from([Kind.PUBLICATION, Kind.DEADLINE, Kind.NOTICE]))
    def cheat(self, who, number, kind):
        """Add a step directly, with the number of a request or a notice that doesn't allow it."""
        entry = self.pick(number)
        request = ApprovalRequest.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
        until = timezone.localdate() + timedelta(days=20)
        values = {"notice": self.write(entry).pk}
        values = values if kind == Kind.NOTICE else {"request": request}
        self.attempt(lambda: self.brand.record(kind, self.people[who], about=entry, until=until, **values))

    @rule(who=people, number=some, retracts=st.booleans())
    def correct(self, who, number, retracts):
        entry = self.pick(number, kind__in=[*RECORDED, Kind.NOTICE, Kind.DEADLINE])
        self.taken_back = self.taken_back or entry.kind in (Kind.COMMITMENT, Kind.KEPT)
        if retracts or entry.kind not in RECORDED:
            self.brand.record(Kind.RETRACTION, self.people[who], corrects=entry, note="It was wrong.")
        else:
            corrected = self.brand.record(
                entry.kind, self.people[who], corrects=entry, level=entry.level, evidence_url=PROOF["evidence_url"]
            )
            self.proofs[corrected.pk] = True

    @rule(who=people, number=some)
    def hide(self, who, number):
        entry = self.pick(number)
        was_negative = self.status().is_negative
        if self.attempt(lambda: self.brand.record(Kind.HIDDEN, self.people[who], about=entry)):
            self.hid_by[entry.pk] = who
            assert entry.kind in CLAIMS
        assert was_negative or not self.status().is_negative

    @rule(who=people, number=some)
    def show(self, who, number):
        assume(self.hid_by)
        key = list(self.hid_by)[number % len(self.hid_by)]
        entry = Entry.objects.get(pk=key)
        if self.attempt(lambda: self.brand.record(Kind.SHOWN, self.people[who], about=entry)):
            assert who != self.hid_by[key]

    @rule(number=some)
    def reply_by_the_link(self, number):
        self.unread.append(CompanyReply.objects.create(brand=self.brand, about=self.pick(number), words="We did."))

    @rule(who=people, number=some, publishes=st.booleans())
    def decide_on_a_reply(self, who, number, publishes):
        assume(self.unread)
        reply = self.unread.pop(number % len(self.unread))
        if publishes:
            self.attempt(lambda: reply.publish(self.people[who], timezone.now()))
        else:
            self.attempt(lambda: reply.refuse(timezone.now()))

    @rule(
        who=st.permutations([0, 1, 2]),
        kind=st.sampled_from([*CLAIMS, Kind.COMMITMENT]),
        left_out=st.sampled_from([None, None, None, "check", "notice", "time", "second", "delay", "reading"]),
        hours=st.sampled_from([24 * 13, 24 * 15, 24 * 400]),
    )
    def take_every_step_but_one(self, who, kind, left_out, hours):
        """Take the steps towards a claim or a passed deadline in order, leaving out at most one of them."""
        self.enter_and_check(who, Kind.REMINDER, 9, None)
        self.enter_and_check(who, kind, 3, left_out)
        wanted = DEADLINE if kind == Kind.COMMITMENT else PUBLISH
        self.ask(who[0], 0, wanted, left_out != "notice")
        if kind == Kind.COMMITMENT:
            self.decide(who, left_out)
            self.pass_time(24 * 340)
            if left_out == "reading":
                self.reply_by_the_link(0)
        self.mail(left_out != "notice")
        if left_out != "time":
            self.pass_time(hours)
        if kind != Kind.COMMITMENT:
            self.decide(who, left_out)
        if left_out != "delay":
            self.pass_time(25)

    @rule(who=st.permutations([0, 1, 2]))
    def follow_a_commitment_by_a_lower_one(self, who):
        for level in (Level.FULL, Level.TALKS):
            self.enter(who[0], Kind.COMMITMENT, True, 0, level)
            self.check(who[1], 0)
            self.assert_fair_status()

    def enter_and_check(self, who, kind, ago, left_out):
        self.enter(who[0], kind, True, ago)
        if left_out != "check":
            self.check(who[1], 0)

    def decide(self, who, left_out):
        """Approve the newest waiting request, if there is one."""
        waiting = list(ApprovalRequest.objects.waiting().order_by("pk"))
        if waiting and left_out != "second":
            request = waiting[-1]
            other = next(one for one in self.people if one.pk != request.asked_by_id)
            request.approve(other, timezone.now())
            self.decided[request.pk] = (request.kind, int(request.subject), {request.asked_by_id, other.pk})
        self.pass_time(25)
        self.assert_fair_status()

    @rule(hours=st.sampled_from([1, 25, 24 * 6, 24 * 15, 24 * 31, 24 * 200]), keeps=st.booleans())
    def wait(self, hours, keeps):
        if keeps and len(self.past) < MAX_KEPT:
            self.past.append((timezone.now(), self.shown(timezone.now())))
        self.pass_time(hours)
        self.assert_fair_status()

    def pass_time(self, hours):
        """Move the clock, and let the worker do what is due."""
        self.travel.shift(timedelta(hours=hours))
        act_on_due(timezone.now())
        if Entry.objects.filter(kind=Kind.DEADLINE).exists():
            give_notice(timezone.now())
        self.redacted = self.redacted or Entry.objects.filter(kind=Kind.REDACTED).exists()

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


@pytest.mark.django_db
@pytest.mark.parametrize("number", SEEDS)
def test_no_sequence_of_actions_shows_a_claim_without_two_people_evidence_and_the_reply_window(number):
    BrandFactory(slug="cotton", contact="press@cotton.example", domains="cotton.example")
    SHARED["people"] = [make_organiser(name) for name in ("ada", "grace", "ruth")]
    entries = Entry.objects.all()
    SHARED["claims"] = Compiled(lambda moment: entries.filter(kind__in=CLAIMS).released(moment))
    SHARED["deciding"] = Compiled(entries.deciding)
    SHARED["timeline"] = Compiled(entries.timeline)
    quick = settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(seed(number)(Company), settings=quick)
    assert size(set(), {*CLAIMS, Code.PASSED}) <= REACHED
