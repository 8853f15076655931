"""Figures and shortcuts about letters on the organisers' desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actions.letters.models import DownloadCount, SentCount
from campaign.desk.registry import Figure, Group, Item, offer, shows

WEEK = timedelta(days=7)


@shows("letters.view_downloadcount")
def downloads(user: User) -> Iterator[Item]:
    """Yield the number of letters downloaded in the last seven days."""
    of_week = DownloadCount.objects.filter(day__gt=timezone.localdate() - WEEK).order_by()
    count = of_week.aggregate(total=Sum("count"))["total"] or 0
    url = reverse("admin:letters_downloadcount_changelist")
    yield Figure(_("Letters downloaded"), intcomma(count), url, _("in the last seven days"))


@shows("letters.view_sentcount")
def sent(user: User) -> Iterator[Item]:
    """Yield the number of letters that people say they have sent."""
    url = reverse("admin:letters_sentcount_changelist")
    yield Figure(_("Letters sent"), intcomma(SentCount.objects.total()), url, _("so far, according to their writers"))


offer(
    Group.EVENTS,
    (lazy("Change a letter"), "letters_letter_changelist", "letters.change_letter"),
    (lazy("Correct an MP’s e-mail address"), "letters_recipient_changelist", "letters.change_recipient"),
)
