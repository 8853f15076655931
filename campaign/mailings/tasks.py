"""The tasks about mailings on the desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.approvals.models import ApprovalRequest
from campaign.desk.tasks import Task, finds_tasks
from campaign.mail.models import Reason, SuppressedAddress
from campaign.mailings.approvals import MAY_SEND, SEND
from campaign.mailings.models import Delivery, Mailing

MAX_TASKS = 5
MAX_COUNTED = 1000
NEWS = timedelta(days=7)


@finds_tasks
def waiting_for_approval() -> Iterator[Task]:
    """Yield a task, with the number of people, for each mailing that is waiting for a second organiser."""
    for request in ApprovalRequest.objects.filter(kind=SEND, state="waiting").order_by("pk")[:MAX_TASKS]:
        text = ngettext(
            "A mailing to %(people)s person is waiting for approval.",
            "A mailing to %(people)s people is waiting for approval.",
            request.people,
        )
        url = reverse("admin:approvals_approvalrequest_change", args=[request.pk])
        yield Task(text % {"people": intcomma(request.people)}, url, MAY_SEND, urgent=True)


@finds_tasks
def stuck() -> Iterator[Task]:
    """Yield a task for each mailing that the site has halted or somebody has paused."""
    state = Mailing.State
    for mailing in Mailing.objects.filter(state__in=[state.HALTED, state.PAUSED]).order_by("pk")[:MAX_TASKS]:
        is_halted = mailing.state == state.HALTED
        text = (
            _("The site has halted a mailing, because %(reason)s. Decide whether to resume or stop it.")
            % {"reason": mailing.get_halted_because_display()}
            if is_halted
            else _("A mailing is paused. Resume or stop it.")
        )
        yield Task(text, reverse("admin:mailings_mailing_change", args=[mailing.pk]), MAY_SEND, urgent=is_halted)


@finds_tasks
def unknown() -> Iterator[Task]:
    """Yield a task, with the number of people, if messages of the last seven days may not have arrived."""
    since = timezone.now() - NEWS
    rows = Delivery.objects.filter(mailing__started_at__gt=since, state=Delivery.State.UNKNOWN)
    found = list(rows.values_list("mailing", flat=True)[:MAX_COUNTED])
    if found:
        text = ngettext(
            "Nobody knows whether a message reached %(count)s person. See why.",
            "Nobody knows whether messages reached %(count)s people. See why.",
            len(found),
        )
        url = reverse("admin:mailings_mailing_change", args=[max(found)])
        yield Task(text % {"count": intcomma(len(found))}, url, MAY_SEND)


@finds_tasks
def suppressed() -> Iterator[Task]:
    """Yield a task if messages to some addresses have bounced in the last seven days, and one for marks as spam."""
    since = timezone.localdate() - NEWS
    rows = SuppressedAddress.objects.temporary().filter(since__gt=since).order_by().values_list("reason")
    for reason, count in rows.annotate(Count("pk")):
        text = (
            ngettext(
                "%(count)s person has marked our news as spam in the last seven days, and gets no more.",
                "%(count)s people have marked our news as spam in the last seven days, and get no more.",
                count,
            )
            if reason == Reason.SPAM
            else ngettext(
                "We have stopped writing to %(count)s address in the last seven days, because it doesn’t exist.",
                "We have stopped writing to %(count)s addresses in the last seven days, because they don’t exist.",
                count,
            )
        )
        url = f"{reverse('admin:mail_suppressedaddress_changelist')}?reason__exact={reason}"
        yield Task(text % {"count": intcomma(count)}, url, "mail.view_suppressedaddress")
