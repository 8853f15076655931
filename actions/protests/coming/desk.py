"""The desk's figure for how many people are coming to the next date."""

from collections.abc import Iterator
from datetime import date, datetime

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.protests.models import Attendee, Protest, read_each
from campaign.desk.registry import Figure, Item, shows


@shows("protests.view_protest")
def coming(user: User) -> Iterator[Item]:
    """Yield how many people are coming to the first date that anybody is coming to, if there is one."""
    coming = Attendee.objects.confirmed().filter(ends_at__gt=timezone.now()).order_by()
    dates = coming.values_list("protest", "on", "protest__title").annotate(number=Count("*"), ends=Max("ends_at"))
    first = dates.order_by("ends").first()
    if first:
        key, on, title, number, _ends = first
        label = _("Coming on %(day)s") % {"day": date_format(_starts(key, on) or on, "l")}
        yield Figure(label, intcomma(number), reverse("admin:protests_protest_coming", args=[key]), title)


def _starts(key: int, on: date) -> datetime | None:
    """Return the start of a protest's date in its local time, or None if it no longer takes place."""
    read = read_each([Protest(pk=key)], lambda _protest: Attendee(protest_id=key, on=on).occasion())
    return read[0][1].starts if read and read[0][1] else None
