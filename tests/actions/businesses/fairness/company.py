"""Actions that three organisers and a company can take, in any order."""

from datetime import timedelta
from types import MappingProxyType

from django.utils import timezone
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import rule

from actions.businesses.approvals import DEADLINE, PUBLISH, REDACT
from actions.businesses.models import CompanyReply, Entry, Kind, Level, Notice
from actions.businesses.models.kinds import CLAIMS
from actions.businesses.models.notice import TO_COMPANY
from actions.businesses.notices.clock import give_notice, record_deliveries
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message
from tests.actions.businesses.fairness.witness import RECORDED, Witness

MAX_KEPT = 1
PROOF = MappingProxyType({"evidence_url": "https://example.org/evidence/1"})  # all sequences share it
people = st.integers(0, 2)
some = st.integers(0, 5)


class Company(Witness):
    """A state machine. Each rule is something that an organiser, the company or the worker does."""

    @rule(
        who=people,
        kind=st.sampled_from(RECORDED),
        has_proof=st.booleans(),
        ago=st.integers(0, 400),
        level=st.sampled_from([Level.FULL, Level.FULL, Level.TALKS]),
    )
    def record(self, who, kind, has_proof, ago, level=Level.FULL):
        evidence = PROOF if has_proof else {"quotation": "We say so."}
        values = evidence | ({"level": level} if kind == Kind.COMMITMENT else {})
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
        """Deliver the waiting messages one by one, in an order that doesn't depend on their random keys."""
        now = timezone.now()
        waiting = {one.object_id: one for one in Message.objects.waiting().filter(kind=TO_COMPANY)}
        for notice in Notice.objects.filter(pk__in=waiting).order_by("about", "made_at"):
            waiting[notice.pk].finish(Message.Outcome.SENT if works else Message.Outcome.GAVE_UP, now)
            if works:
                self.delivered.setdefault(notice.about_id, []).append(now)
            record_deliveries(now)

    @rule(who=people, number=some, days=st.integers(0, 40))
    def deliver_by_hand(self, who, number, days):
        entry = self.pick(number, kind__in=[*CLAIMS, Kind.COMMITMENT])
        until = timezone.localdate() + timedelta(days=days)
        record = lambda: self.brand.record(Kind.NOTICE, self.people[who], about=entry, until=until, **PROOF)  # noqa: E731
        if self.attempt(record):
            self.delivered.setdefault(entry.pk, []).append(timezone.now())

    @rule(who=people, number=some, kind=st.sampled_from([Kind.PUBLICATION, Kind.DEADLINE, Kind.NOTICE]))
    def cheat(self, who, number, kind):
        """Add a step directly, with the number of a request or notice that doesn't permit the step."""
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
        self.record_and_check(who, Kind.REMINDER, 9, None)
        self.record_and_check(who, kind, 3, left_out)
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
            self.record(who[0], Kind.COMMITMENT, True, 0, level)
            self.check(who[1], 0)
            self.assert_fair_status()

    def record_and_check(self, who, kind, ago, left_out):
        self.record(who[0], kind, True, ago)
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
