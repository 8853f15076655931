"""The clock of commitments: notices thirty days before a deadline, and entries for delivered notices."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from actions.businesses.drafts import draft_for
from actions.businesses.models import Brand, Entry, Kind
from actions.businesses.models.notice import TO_ORGANISERS, Notice, address_for_notices
from campaign.mail.models import Message
from campaign.periodic import runs_regularly

NOTICE_BEFORE = timedelta(days=30)
LOOK_EVERY = timedelta(hours=1)
MAX_AT_ONCE = 100
looked_at: dict[str, datetime] = {}  # when this process last looked


@runs_regularly
def enter_delivered(now: datetime) -> int:
    """Record in the ledger each notice that was delivered by `now` (aware); return how many."""
    done = 0
    for key in Notice.objects.delivered().values_list("pk", flat=True)[:MAX_AT_ONCE]:
        with transaction.atomic():
            notice = Notice.objects.delivered().select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if notice:
                notice.enter(now)
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
    """Write to company and organisers about each deadline within 30 days of `now` (aware); return how many."""
    soon = timezone.localdate(now) + NOTICE_BEFORE
    written = Notice.objects.filter(about=OuterRef("about"))
    deadlines = Entry.objects.filter(kind=Kind.DEADLINE, until__lte=soon, is_example=False).exclude(Exists(written))
    deciding = Entry.objects.filter(brand__in=deadlines.values("brand")).deciding(now).select_related("brand")
    found = [entry for entry in deciding if entry.deadline and entry.deadline <= soon]
    return sum(_write(entry, now) for entry in found[:MAX_AT_ONCE])


@transaction.atomic
def _write(commitment: Entry, now: datetime) -> int:
    """Queue both messages about a deadline and return 1; return 0 if another worker has done so."""
    brand = Brand.objects.select_for_update(no_key=True).get(pk=commitment.brand_id)
    if Notice.objects.filter(about=commitment).exists():
        return 0
    subject, text = draft_for(commitment)
    words = {"subject": subject, "text": text, "recipient": address_for_notices(brand)}
    notice = Notice.objects.create(brand=brand, about=commitment, made_at=now, **words)
    if notice.recipient:
        notice.send(now)
    Message.objects.create(kind=TO_ORGANISERS, object_id=notice.pk, due_at=now)
    return 1
