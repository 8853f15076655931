"""The daily message to the campaign's contact address about tasks waiting for organisers."""

import uuid
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.append_only.chain import CHAINS
from campaign.desk.tasks import all_tasks
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings

DAILY = "desk.daily"
FROM = time(7)
# Two workers that queue the same day's message choose the same key, so the second changes nothing.
DAYS = uuid.UUID("5b0c6b0e-7a3b-4a8e-9d6e-3f1d0b7a9c41")


def queue_daily(now: datetime) -> bool:
    """Queue today's message once, from seven in the morning in the site's time zone; return whether it is past seven.

    `now` is aware. The tasks are read when the message is written; if there are none, nothing is sent.
    """
    local = timezone.localtime(now)
    if local.time() < FROM:
        return False
    key = uuid.uuid5(DAYS, local.date().isoformat())
    Message.objects.bulk_create(
        [Message(id=key, kind=DAILY, object_id=key, created_at=now, due_at=now)], ignore_conflicts=True
    )
    return True


@writes(DAILY, gettext_lazy("Daily list of tasks for organisers"))
def daily(message: Message) -> EmailMessage | None:
    """Return a message listing the waiting tasks, or None if there are none or the site has no contact address."""
    site = SiteSettings.current()
    with translation.override(site.interface_language):
        tasks = [task for task in all_tasks() if not task.before_opening]
        if not tasks or not site.contact_email:
            return None
        desk = settings.SITE_URL + reverse("admin:index")
        body = render_to_string(
            "desk/mail/daily.txt", {"tasks": tasks, "desk": desk, "site": site, "chains": _chains()}
        )
        return EmailMessage(subject=_("Waiting for an organiser"), body=body, to=[site.contact_email])


def _chains() -> list[dict[str, Any]]:
    """Return the name and the newest link of each chain that isn't empty."""
    return [{"name": chain.name, "newest": newest} for chain in CHAINS if (newest := chain.newest())]
