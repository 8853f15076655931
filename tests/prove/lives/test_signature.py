"""Run a signature through its life in random order, and compare the site with a model."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from campaign.approvals.acting import act_on_due
from campaign.email_addresses.canonical import canonical
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.mailboxes import hashes_of
from pledges.models import Pledge, Signature
from tests.pledges.conftest import ANSWERS
from tests.prove.lives.machine import Quiet, live
from tests.prove.lives.rows import signature_model, signature_row
from tests.prove.lives.signature_steps import SPELLINGS, SignatureSteps
from tests.prove.lives.signers import CONFIRM, EVER_CONFIRMED, MANAGE, MAY_BECOME
from tests.sizes import FULL

MAILBOXES = st.sampled_from(sorted(SPELLINGS))
SPELLING = st.integers(0, 2)
PLACE = st.sampled_from([1, 1, 2])
WHICH = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 5])
VISIBILITY = st.sampled_from(["public", "public", "private", "private", "count"])
ANSWERED = {"visibility": VISIBILITY, "with_shown": st.booleans(), "updates": st.booleans()}
LATE = st.sampled_from([False, False, False, True])
SLOW = {"minutes": 11}
WAITS = [{"minutes": 2}, SLOW, SLOW, {"hours": 3}, {"hours": 24}, {"hours": 25}, {"days": 13}, {"days": 15}]
CONFIRMATION = precondition(lambda life: life.has_delivered(CONFIRM))
MANAGING = precondition(lambda life: life.has_delivered(MANAGE))
ANY_SIGNATURE = precondition(lambda life: any(box.signatures for box in life.mailboxes.values()))
WITHDRAWN_AFTER = timedelta(hours=24)


class SignatureLife(SignatureSteps):
    """Sign one pledge from two mailboxes, for up to two people each, while organisers and workers do their jobs."""

    @initialize(address=MAILBOXES, is_published=st.sampled_from([True, True, False]), **ANSWERED)
    def begin_with_a_confirmed_signature(self, address, is_published, **choices):
        self.sign(address, spelling=0, hasty=False, is_late=False, **choices)
        self.follow_a_confirmation_link(0, look_first=False)
        self.ask_for_a_manage_link(address, spelling=0, is_late=False)
        if is_published:
            self.publish()

    # --- Signers

    @rule(address=MAILBOXES, spelling=SPELLING, hasty=LATE, is_late=LATE, **ANSWERED)
    def sign(self, address, spelling, hasty, is_late, **choices):
        answers = self.answers(hasty=hasty, **choices)
        posted = ANSWERS | self.posted(answers) | {"email": SPELLINGS[address][spelling]}
        posted["stamp"] = self.stamp(hasty)
        response = self.agree(self.path, posted)
        assert response.status_code == 302
        self.mailboxes[address].sign(answers, self.now)
        if not is_late:
            self.send_mail()

    @CONFIRMATION
    @rule(which=WHICH, look_first=st.booleans())
    def follow_a_confirmation_link(self, which, look_first):
        message, mailbox = self.delivered(which, CONFIRM)
        if look_first:
            self.client.get(message.link)
        response = self.post(message.link)
        assert (response.status_code == 302) == self.confirm(mailbox, message)

    @CONFIRMATION
    @rule(which=WHICH, spelling=SPELLING, wrong=st.sampled_from([False, False, True]))
    def enter_a_code(self, which, spelling, wrong):
        message, mailbox = self.delivered(which, CONFIRM)
        code = "00000000" if wrong else message.code.lower()
        answers = {"email": self.spelt(mailbox, spelling), "code": code, "reason": ""}
        response = self.post(f"{self.path}check-your-email/", answers)
        assert (response.status_code == 302) == (not wrong and self.confirm(mailbox, message))

    @rule(address=MAILBOXES, spelling=SPELLING)
    def ask_for_the_message_again(self, address, spelling):
        self.post(f"{self.path}send-again/", {"email": SPELLINGS[address][spelling]})
        self.mailboxes[address].resend(self.now)

    @rule(address=MAILBOXES, spelling=SPELLING, is_late=LATE)
    def ask_for_a_manage_link(self, address, spelling, is_late):
        self.post(f"{self.path}my-signature/", {"email": SPELLINGS[address][spelling]})
        self.mailboxes[address].ask(self.now)
        if not is_late:
            self.send_mail()

    @MANAGING
    @rule(which=WHICH, place=PLACE, **ANSWERED)
    def change(self, which, place, **choices):
        path, mailbox, signature = self.open_manage_link(which, place)
        answers = self.answers(**choices)
        response = self.agree(path, self.posted(answers))
        assert (response.status_code == 302) == bool(signature and signature.visibility != "count")
        if self.saw("changed", signature):
            mailbox.change(signature, answers)

    @MANAGING
    @rule(which=WHICH, place=PLACE)
    def withdraw(self, which, place):
        path, mailbox, signature = self.open_manage_link(which, place)
        response = self.post(path, {"withdraw": "1"})
        assert response.status_code == (200 if signature else 404)
        if self.saw("withdrawn", signature):
            mailbox.withdraw(signature)

    @CONFIRMATION
    @rule(which=WHICH, **ANSWERED)
    def add_a_second_person_after_confirming(self, which, **choices):
        message, mailbox = self.delivered(which, CONFIRM)
        first = mailbox.places[1]
        is_newest = first is not None and first.message is message and first.state in EVER_CONFIRMED
        self.add(mailbox, message.link, is_newest, self.answers(**choices))

    @MANAGING
    @rule(which=WHICH, **ANSWERED)
    def add_a_second_person_with_a_manage_link(self, which, **choices):
        message, mailbox = self.delivered(which, MANAGE)
        opened = mailbox.opened_by(message.about, self.now)
        self.add(mailbox, message.link, opened is not None and opened is mailbox.places[1], self.answers(**choices))

    @precondition(lambda life: life.has_delivered(CONFIRM, MANAGE))
    @rule(which=WHICH, really=st.sampled_from([False, False, True]))
    def never_write_again(self, which, really):
        message, mailbox = self.delivered(which, CONFIRM, MANAGE)
        about = message.about if message.kind == CONFIRM else message.about.opens
        exists = about in mailbox.signatures
        send = self.post if really else self.client.get
        assert send(message.never).status_code == (200 if exists else 404)
        if self.saw("suppressed", exists and really):
            mailbox.suppress(about)

    # --- Organisers

    @ANY_SIGNATURE
    @rule(which=WHICH, state=st.sampled_from(["confirmed", "confirmed", "held", "rejected"]))
    def decide(self, which, state):
        signature, address, place = self.chosen(which)
        self.act({"confirmed": "count", "held": "hold", "rejected": "reject"}[state], address, place)
        if self.saw(f"made {state}", signature.state in MAY_BECOME[state]):
            signature.state = state
            signature.suspicion = "" if state == "confirmed" else signature.suspicion

    @ANY_SIGNATURE
    @rule(which=WHICH)
    def erase(self, which):
        signature, address, place = self.chosen(which)
        self.act("withdraw", address, place)
        if signature.state != "withdrawn":
            self.withdrawals.append((self.now, self.mailboxes[address], signature))
            signature.state = "held" if signature.counts else signature.state

    # --- Workers, and the clock

    @rule()
    def send_mail(self):
        waiting = [(box, one) for box in self.mailboxes.values() for one in box.messages if one.waits]
        sent = len(mail.outbox)
        while send_waiting():
            pass
        for mailbox, message in sorted(waiting, key=lambda pair: pair[1].queued_at):
            if mailbox.deliver(message, self.now):
                self.read(mail.outbox[sent], mailbox, message)
                sent += 1
        assert len(mail.outbox) == sent, "more was sent than the model expects"

    @rule()
    def publish(self):
        while publish_counts():
            pass
        self.published += sum(mailbox.publish() for mailbox in self.mailboxes.values())

    @rule(time=st.sampled_from(WAITS))
    def let_time_pass(self, time):
        self.wait(**time)
        act_on_due(self.now)
        due = [entry for entry in self.withdrawals if entry[0] + WITHDRAWN_AFTER <= self.now]
        for asked_at, mailbox, signature in due:
            self.withdrawals.remove((asked_at, mailbox, signature))
            still = signature in mailbox.signatures and signature.state != "withdrawn"
            if self.saw("erased", still and signature.sent_at <= asked_at):
                mailbox.withdraw(signature)

    @rule()
    def clean_up(self):
        call_command("retention", verbosity=0, stdout=Quiet())
        for mailbox in self.mailboxes.values():
            mailbox.clean_up(self.now)

    # --- Checks after every step

    @invariant()
    def the_database_agrees(self):
        for address, mailbox in self.mailboxes.items():
            for place, hashed in enumerate(hashes_of(canonical(address)), start=1):
                row = Signature.objects.filter(pledge=self.pledge, email_hash=hashed).first()
                assert signature_row(row) == signature_model(mailbox.places[place]), (address, place)
        waiting = sorted(one.kind for box in self.mailboxes.values() for one in box.messages if one.waits)
        assert sorted(Message.objects.waiting().values_list("kind", flat=True)) == waiting
        assert Pledge.objects.with_count().get(pk=self.pledge.pk).count == self.published

    @invariant()
    def the_public_sees_exactly_what_it_may(self):
        signatures = [one for box in self.mailboxes.values() for one in box.signatures]
        allowed = {one.public_name for one in signatures if one.is_listed}
        for path in (self.path, f"{self.path}signatories/"):
            page = self.page(path)
            assert {name for name in self.names if name in page} == allowed, path
        self.saw("listed", allowed)


@pytest.mark.skipif(not FULL, reason="only in make prove")
@pytest.mark.django_db(transaction=True)
def test_a_signatures_life_follows_the_model(seed, record_property):
    record_property("summary", live(SignatureLife, seed))
