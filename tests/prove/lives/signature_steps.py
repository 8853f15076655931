"""Helpers for the steps of a signature's life: filling in forms, reading mail, choosing, and acting as an organiser."""

import itertools
import re

from django.test import Client

from campaign.approvals.models import ApprovalRequest
from campaign.email_addresses.canonical import canonical
from campaign.forms.guard import make_stamp
from pledges.mailboxes import hashes_of
from pledges.models import Signature
from tests.accounts.organisers import sign_in
from tests.crowds import word
from tests.factories import PledgeFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS, post_and_agree
from tests.prove.lives.machine import Life
from tests.prove.lives.signers import CONFIRM, EVER_CONFIRMED, MANAGE, Answers, Mailbox

# Each mailbox, and different ways to type its address.
SPELLINGS = {
    "ruthfeldman@gmail.com": ["ruthfeldman@gmail.com", "Ruth.Feldman@GoogleMail.com", "\ufeffruthfeldman+x@gmail.com"],
    "leah@example.org": ["leah@example.org", "LEAH@Example.org\u200b", "ｌeah＠example．org"],
}
LINKS = {CONFIRM: "confirm", MANAGE: "manage"}
SIGNATURES = "/admin/pledges/signature/"
SECOND = {key: value for key, value in ANSWERS.items() if key not in ("email", "kind")}


class SignatureSteps(Life):
    """Set up one pledge and two mailboxes."""

    def __init__(self):
        super().__init__()
        SiteSettingsFactory()
        self.pledge = PledgeFactory()
        self.path = self.pledge.get_absolute_url()
        self.mailboxes = {address: Mailbox() for address in SPELLINGS}
        self.numbers = itertools.count(1)
        self.names, self.published, self.withdrawals = set(), 0, []

    def confirm(self, mailbox, message):
        is_held = message.about.suspicion
        works = mailbox.open(message, self.now)
        return self.saw("confirmed and held" if is_held else f"confirmed {message.about.visibility}", works)

    def answers(self, visibility, with_shown, updates, hasty=False):
        """Return answers with a name that nobody has used before."""
        number = next(self.numbers)
        name, shown = f"Ruth Zq{word(number)}zq", f"Shown Zx{word(number)}zx" if with_shown else ""
        self.names |= {name, shown} - {""}
        shown = shown if visibility == "public" else ""
        return Answers(name, visibility, shown, updates and visibility != "count", hasty)

    def posted(self, answers):
        news = {"updates": "on"} if answers.updates else {}
        return {"name": answers.name, "visibility": answers.visibility, "shown_name": answers.shown} | news

    def stamp(self, hasty):
        return make_stamp(self.now.timestamp() + (60 if hasty else -120))

    def agree(self, path, answers):
        self.wait(seconds=1)
        return post_and_agree(self.client, path, answers)

    def add(self, mailbox, link, works, answers):
        expected = self.saw("added", works and mailbox.may_add())
        response = self.agree(f"{link}add/", SECOND | self.posted(answers) | {"stamp": self.stamp(False)})
        assert response.status_code == (302 if expected else 404)
        if expected:
            answers.updates = answers.updates and mailbox.places[1].has_email
            mailbox.add(answers, self.now)

    def delivered(self, which, *kinds):
        """Return a delivered message of any of the kinds, usually the newest, and its mailbox."""
        every = ((one, box) for box in self.mailboxes.values() for one in box.messages)
        found = [pair for pair in every if pair[0].link and pair[0].kind in kinds]
        found.sort(key=lambda pair: pair[0].queued_at)
        return found[-1 - which % len(found)]

    def has_delivered(self, *kinds):
        return any(one.link and one.kind in kinds for box in self.mailboxes.values() for one in box.messages)

    def chosen(self, which):
        """Return a signature, the address of its mailbox, and its place in the mailbox."""
        found = [(box.places[place], address, place) for address, box in self.mailboxes.items() for place in (1, 2)]
        found = [entry for entry in found if entry[0]]
        return found[which % len(found)]

    def open_manage_link(self, which, place):
        """Return the path of a manage page, its mailbox, and the signature that it shows, or None."""
        message, mailbox = self.delivered(which, MANAGE)
        opened = mailbox.opened_by(message.about, self.now)
        if place == 1:
            return message.link, mailbox, opened
        second = mailbox.places[2] if opened is mailbox.places[1] else None
        is_there = opened and second and second.state in EVER_CONFIRMED
        return f"{message.link}second/", mailbox, second if is_there else None

    def spelt(self, mailbox, spelling):
        return next(SPELLINGS[address][spelling] for address, box in self.mailboxes.items() if box is mailbox)

    def read(self, delivered, mailbox, message):
        """Read the links and the code from a delivered message."""
        assert self.mailboxes[canonical(delivered.to[0])] is mailbox
        message.link = re.search(rf"https?://[^/]+(/pledges/{LINKS[message.kind]}/\S+)", delivered.body)[1]
        message.never = re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", delivered.body)[1]
        if message.kind == CONFIRM:
            message.code = re.search(r"paste this code: (\S+)", delivered.body)[1]

    def act(self, action, address, place):
        """Run an admin action on one signature, and confirm it if the admin asks.

        Use a new organiser each time, because organisers have a daily limit.
        """
        client = Client()
        sign_in(client, username=f"organiser{next(self.numbers)}")
        row = Signature.objects.get(pledge=self.pledge, email_hash=hashes_of(canonical(address))[place - 1])
        answers = {"action": action, "_selected_action": [row.pk], "reason": "They told us."}
        response = self.post(SIGNATURES, answers, client)
        assert response.status_code == 302
        if action in ("reject", "withdraw"):
            draft = ApprovalRequest.objects.latest("pk")
            answers = {"ask": "1", "number": 1, "reason": "They told us."}
            self.post(f"/admin/approvals/approvalrequest/{draft.pk}/change/", answers, client)
