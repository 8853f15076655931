"""Tasks about donations and appeals on the organisers' desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.fundraising.models import Appeal, Dispute, Notice, OverClaim
from campaign.desk.tasks import Task, finds_tasks

MAX_COUNTED = 100
MAX_APPEALS = 5
NEWS = timedelta(days=3)


@finds_tasks
def disputes_to_answer() -> Iterator[Task]:
    """Yield one task if disputes of the current mode, live or test, are waiting for an answer."""
    count = Dispute.objects.unanswered().filter(payment__is_live=settings.STRIPE_LIVE)[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "A dispute is waiting: answer it at Stripe, or it will be lost.",
            "%(count)s disputes are waiting: answer them at Stripe, or they will be lost.",
            count,
        )
        url = reverse("admin:fundraising_dispute_changelist") + "?open=1"
        yield Task(text % {"count": count}, url, "fundraising.view_dispute", urgent=True)


@finds_tasks
def over_claims_to_report() -> Iterator[Task]:
    """Yield one task if Gift Aid was claimed on money that was later refunded or disputed."""
    count = OverClaim.objects.to_report()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s Gift Aid over-claim has to be reported to HMRC.",
            "%(count)s Gift Aid over-claims have to be reported to HMRC.",
            count,
        )
        url = reverse("admin:fundraising_overclaim_changelist")
        yield Task(text % {"count": count}, url, "fundraising.claim_gift_aid", urgent=True)


@finds_tasks
def payments_gone_wrong() -> Iterator[Task]:
    """Yield a task for each kind of bad news in the last three days: payments refused, refunds and failed refunds."""
    of_mode = Notice.objects.filter(created_at__gt=timezone.now() - NEWS, payment__is_live=settings.STRIPE_LIVE)
    counts = dict(of_mode.values_list("kind").annotate(Count("pk")))
    texts = {
        Notice.Kind.FAILED: _("Promised payments refused by banks in the last three days: %(count)s."),
        Notice.Kind.REFUND: _("Refunds in the last three days: %(count)s."),
        Notice.Kind.REFUND_FAILED: _("Refunds that failed in the last three days: %(count)s. We still have the money."),
    }
    for kind, text in texts.items():
        if kind in counts:
            lists = "payment" if kind == Notice.Kind.FAILED else "refund"
            url = reverse(f"admin:fundraising_{lists}_changelist")
            yield Task(text % {"count": counts[kind]}, url, f"fundraising.view_{lists}")


@finds_tasks
def appeals_to_check() -> Iterator[Task]:
    """Yield a task for each published appeal (at most five) that visitors see without a link."""
    for appeal in Appeal.objects.unchecked()[:MAX_APPEALS]:
        text = _("Visitors see the appeal “%(title)s” without a link until you have checked the link.")
        url = reverse("admin:fundraising_appeal_change", args=[appeal.pk])
        yield Task(text % {"title": appeal.title}, url, "fundraising.change_appeal")
