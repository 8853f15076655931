"""Steps that organisers take with a mailing in the admin, and mailings in any state."""

import os
import uuid

from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from campaign.mailings.models import Delivery, Mailing
from tests.mailings.drafts import make_draft

State = Mailing.State
LIST = "/admin/mailings/mailing/"


def path(mailing, end):
    return f"{LIST}{mailing.pk}/{end}/"


def ask(client, mailing, people=3, **planned):
    """Press *Send…*, then enter the number and a reason. Return the last response."""
    begun = client.post(path(mailing, "send"), planned, follow=True)
    return client.post(begun.redirect_chain[-1][0], {"ask": "1", "number": people, "reason": "March"}, follow=True)


def approve(client):
    request = ApprovalRequest.objects.latest("pk")
    return client.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", {"approve": "1"}, follow=True)


def step(client, mailing, name, **more):
    return client.post(path(mailing, "step"), {"step": name} | more, follow=True)


def state_of(mailing):
    return Mailing.objects.get(pk=mailing.pk).state


def in_state(state, **fields):
    """Return a mailing that was submitted and is now in this state."""
    mailing = make_draft()
    number = mailing.keep(None, "").number
    Mailing.objects.filter(pk=mailing.pk).update(state=state, version=number, **fields)
    return Mailing.objects.get(pk=mailing.pk)


def deliver(mailing, **counts):
    """Create deliveries of a mailing. `counts` says how many in each state."""
    for state, count in counts.items():
        for _number in range(count):
            Delivery.objects.create(
                mailing=mailing,
                person=os.urandom(32),
                source="x",
                row=uuid.uuid4(),
                domain_hash=b"",
                state=state,
                done_at=timezone.now() if state == "sent" else None,
            )
