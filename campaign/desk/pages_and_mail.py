"""Items on the desk about pages and mail. The desk imports these apps, so they can't register the items themselves."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from campaign.desk.registry import Group, offer
from campaign.desk.tasks import Task, finds_tasks
from campaign.mail.models import Message

MAX_COUNTED = 1000
NEWS = timedelta(days=3)


@finds_tasks
def mail_stalled() -> Iterator[Task]:
    """Yield an urgent task if all mail has stopped: no worker is running, or the mail server refuses every message."""
    if Message.objects.is_stalled(timezone.now()):
        text = _("No mail is being sent. Tell the person who looks after the server: nobody can confirm a signature.")
        yield Task(text, reverse("admin:mail_message_changelist"), "mail.view_message", urgent=True)


@finds_tasks
def messages_given_up() -> Iterator[Task]:
    """Yield a task if we gave up on messages in the last three days, with their number (up to 1,000)."""
    given_up = Message.objects.given_up().filter(done_at__gt=timezone.now() - NEWS)
    count = given_up.order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s message of the last three days could not be delivered. See why.",
            "%(count)s messages of the last three days could not be delivered. See why.",
            count,
        )
        url = reverse("admin:mail_message_changelist") + "?outcome__exact=gave-up"
        yield Task(text % {"count": count}, url, "mail.view_message")


offer(
    Group.PAGES,
    (lazy("Change a page"), "pages_page_changelist", "pages.change_page"),
    (lazy("Write an update"), "pages_update_add", "pages.add_update"),
    (lazy("Change an update"), "pages_update_changelist", "pages.change_update"),
    (lazy("Write a new page"), "pages_page_add", "pages.add_page"),
    (lazy("Change the home page and the footer"), "pages_sitesettings_changelist", "pages.change_sitesettings"),
)
offer(
    Group.PEOPLE,
    (
        lazy("See why a message did not arrive"),
        "mail_message_changelist",
        "mail.view_message",
        "?outcome__exact=gave-up",
    ),
    (
        lazy("Let the site write to somebody again"),
        "mail_suppressedaddress_changelist",
        "mail.find_suppressed_address",
    ),
)
