"""Figures and shortcuts about signatures on the organisers' desk."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaign.desk.registry import Figure, Group, Item, Plot, offer, shows
from pledges.models import PublishedCount, Signature

DAYS = 30
DAY = timedelta(days=1)
CACHE_KEY = "pledges.desk.signatures_by_day"
FRESH_FOR = timedelta(minutes=1)
# The confirmation rate covers at most this many signatures, whose signers have had time to read the message.
MAX_SAMPLE = 1000
SAMPLE_OF = timedelta(days=7)
TIME_TO_CONFIRM = timedelta(hours=1)
MAX_COUNTED = 1000


@shows("pledges.view_signature")
def signatures(user: User) -> Iterator[Item]:
    """Yield the numbers of signatures today, by day, counted and held for review, and the share that is confirmed."""
    now = timezone.now()
    days = signatures_by_day(now)
    signed = reverse("admin:pledges_signature_changelist")
    yield Figure(_("Signed today"), intcomma(days[-1][1]), signed, _("confirmed or not"))
    total = PublishedCount.objects.aggregate(total=Sum("count"))["total"] or 0
    yield Figure(_("Counted in all"), intcomma(total), reverse("admin:pledges_pledge_changelist"))
    yield Figure(_("Confirmed"), _confirmation_rate(now), signed, _("of this week’s, after an hour or more"))
    yield Figure(_("Held for review"), _held(), f"{signed}?state__exact=held")
    yield Plot(_("Signatures by day"), days)


def signatures_by_day(now: datetime) -> list[tuple[date, int]]:
    """Return the number of signatures on each of the 30 days up to `now` (aware), oldest first, confirmed or not.

    The numbers are kept in the shared cache, because counting a million signatures takes a second or two on a busy
    machine. After a minute, only days that hadn't ended when they were last counted are counted again.
    """
    today = timezone.localdate(now)
    span = [today - DAY * ago for ago in reversed(range(DAYS))]
    counted: tuple[datetime | None, dict[date, int]] = cache.get(CACHE_KEY) or (None, {})
    counted_at, counts = counted
    if counted_at is None or not timedelta(0) <= now - counted_at < FRESH_FOR or timezone.localdate(counted_at) < today:
        since = max(span[0], min(today, timezone.localdate(counted_at))) if counted_at else span[0]
        counts = {day: count for day, count in counts.items() if span[0] <= day < since} | _count_since(since)
        cache.set(CACHE_KEY, (now, counts), timeout=None)
    return [(day, counts.get(day, 0)) for day in span]


def _count_since(day: date) -> dict[date, int]:
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    signed = Signature.objects.filter(signed_at__gte=midnight).order_by().values_list(TruncDate("signed_at"))
    return dict(signed.annotate(count=Count("*")))  # not Count("pk"), which the index alone couldn't answer


def _confirmation_rate(now: datetime) -> str:
    """Return the share of the newest signatures whose signers have confirmed, such as "83%"."""
    signed = Signature.objects.filter(signed_at__gt=now - SAMPLE_OF, signed_at__lt=now - TIME_TO_CONFIRM)
    sample = signed.order_by("-signed_at").values("state")[:MAX_SAMPLE]
    counts = sample.aggregate(signed=Count("state"), pending=Count("state", filter=Q(state="pending")))
    if not counts["signed"]:
        return "–"
    return _("%(percent)s%%") % {"percent": 100 * (counts["signed"] - counts["pending"]) // counts["signed"]}


def _held() -> str:
    """Return the number of signatures held for review, or "1,000+"."""
    held = Signature.objects.filter(state=Signature.State.HELD_FOR_REVIEW).order_by()
    count = held[: MAX_COUNTED + 1].count()
    return intcomma(count) if count <= MAX_COUNTED else f"{intcomma(MAX_COUNTED)}+"


offer(
    Group.SIGNATURES,
    (lazy("Change a pledge"), "pledges_pledge_changelist", "pledges.change_pledge"),
    (lazy("Write a new pledge"), "pledges_pledge_add", "pledges.add_pledge"),
    (lazy("Find a signature"), "pledges_signature_changelist", "pledges.view_signature"),
    (
        lazy("Review held signatures"),
        "pledges_signature_changelist",
        "pledges.change_signature",
        "?state__exact=held",
    ),
    (lazy("Read why people signed"), "pledges_reason_changelist", "pledges.change_reason"),
    (lazy("See signatures by tag"), "tags_tag_changelist", "tags.view_tag"),
    (lazy("Record signatures on paper"), "pledges_pledge_changelist", "pledges.change_pledge"),
    (lazy("Reject many signatures at once"), "pledges_bulkinvalidation_add", "pledges.add_bulkinvalidation"),
    (lazy("Export signatures for delivery"), "pledges_export_add", "pledges.export_signature"),
    (lazy("Help somebody who lost their mailbox"), "pledges_lostmailbox_changelist", "pledges.handle_lostmailbox"),
)
