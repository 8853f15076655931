"""What of the pledges waits for an organiser."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.desk.tasks import Task, finds_tasks
from pledges.models import Signature

MAX_COUNTED = 1000


@finds_tasks
def signatures_held() -> Iterator[Task]:
    """Yield one task if signatures are held for review: how many, 1,000 at most, and since when the oldest waits."""
    held = Signature.objects.filter(state=Signature.State.SUSPECTED).order_by("confirmed_at")[: MAX_COUNTED + 1]
    found = held.aggregate(count=Count("pk"), oldest=Min("confirmed_at"))
    if not found["count"]:
        return
    text = ngettext(
        "%(count)s signature is held for review.", "%(count)s signatures are held for review.", found["count"]
    )
    text %= {"count": found["count"]}
    if found["count"] > MAX_COUNTED:
        text = _("More than 1,000 signatures are held for review.")
    if found["oldest"]:
        day = date_format(timezone.localdate(found["oldest"]), "j F Y")
        text = f"{text} {_('The oldest was confirmed on %(day)s.') % {'day': day}}"
    url = reverse("admin:pledges_signature_changelist") + "?state__exact=suspected"
    yield Task(text, url, "pledges.change_signature")
