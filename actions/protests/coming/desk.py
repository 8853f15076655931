"""How many are coming to the next date, on the organisers' desk."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.protests.models import Attendee
from campaign.desk.registry import Figure, Item, shows


@shows("protests.view_protest")
def coming(user: User) -> Iterator[Item]:
    """Yield how many people are coming to the next date that anybody has said they are coming to, if any."""
    coming = Attendee.objects.confirmed().filter(ends_at__gt=timezone.now()).order_by("ends_at")
    first = coming.values_list("protest", "on", "protest__title", "ends_at").first()
    if first:
        key, on, title, ends_at = first
        count = coming.filter(protest=key, on=on).count()
        label = _("Coming on %(day)s") % {"day": date_format(timezone.localtime(ends_at), "l")}
        yield Figure(label, intcomma(count), reverse("admin:protests_protest_coming", args=[key]), title)
