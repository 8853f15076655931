"""Notices thirty days before each deadline, and the record of every delivered notice in the ledger."""

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from actions.businesses.models import Brand, Entry, Kind
from actions.businesses.models.notice import TO_ORGANISERS, Notice, address_for_notices
from actions.businesses.notices.drafts import draft_for
from campaign.mail.models import Message
from campaign.periodic import runs_regularly

NOTICE_BEFORE = timedelta(days=30)
LOOK_EVERY = timedelta(hours=1)
MAX_AT_ONCE = 100
looked_at: dict[str, datetime] = {}  # when this process last looked


@runs_regularly
def record_deliveries(now: datetime) -> int:
    """Record in the ledger each notice that had been delivered by `now` (aware); return how many."""
    done = 0
    for key in Notice.objects.delivered().values_list("pk", flat=True)[:MAX_AT_ONCE]:
        with transaction.atomic():
            notice = Notice.objects.delivered().select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if notice:
                notice.record_delivery(now)
                done += 1
    return done


@runs_regularly
def give_notice_hourly(now: datetime) -> int:
    """Call `give_notice` at most once an hour in each worker."""
    if now - looked_at.get("deadlines", now - LOOK_EVERY) < LOOK_EVERY:
        return 0
    looked_at["deadlines"] = now
    return give_notice(now)


def give_notice(now: datetime) -> int:
    """Write to the company and organisers about each deadline within 30 days of `now` (aware); return how many.

    A company without an address for notices gets its letter once it has one.
    """
    soon = timezone.localdate(now) + NOTICE_BEFORE
    mailed = Notice.objects.filter(about=OuterRef("about")).exclude(recipient=None)
    deadlines = Entry.objects.filter(kind=Kind.DEADLINE, until__lte=soon, is_example=False).exclude(Exists(mailed))
    deciding = Entry.objects.filter(brand__in=deadlines.values("brand")).deciding(now).select_related("brand")
    found = (entry for entry in deciding if entry.deadline and entry.deadline <= soon)
    return sum(islice(filter(None, (_write(entry, now) for entry in found)), MAX_AT_ONCE))


@transaction.atomic
def _write(commitment: Entry, now: datetime) -> int:
    """Queue the messages about a deadline that haven't been queued yet; return 1, or 0 if there are none."""
    brand = Brand.objects.select_for_update(no_key=True).get(pk=commitment.brand_id)
    notice, address = Notice.objects.filter(about=commitment).first(), address_for_notices(brand)
    if notice is None:
        subject, text = draft_for(commitment)
        notice = Notice.objects.create(
            brand=brand, about=commitment, made_at=now, subject=subject, text=text, recipient=address
        )
        Message.objects.create(kind=TO_ORGANISERS, object_id=notice.pk, due_at=now)
    elif notice.recipient or not address or Entry.objects.delivered_notices(now, commitment.pk).exists():
        return 0
    if address:
        notice.mail_to(address, now)
    return 1
