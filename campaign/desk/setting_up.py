"""Set-up tasks for the organisers' front page: the publisher's details and a mail server."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.tasks import Task, finds_tasks
from campaign.pages.models import SiteSettings


@finds_tasks
def imprint() -> Iterator[Task]:
    """Yield a task for each of the publisher's details that is still missing."""
    texts = {
        "publisher_name": _("Enter who is responsible for the site, so that visitors can see it."),
        "publisher_address": _("Enter the postal address of the person or body responsible for the site."),
        "contact_email": _("Enter a contact e-mail address: the privacy notice and the contact page need one."),
    }
    url = reverse("admin:pages_sitesettings_changelist")  # redirects to the form; the fragment is the field
    for name in SiteSettings.current().missing_imprint:
        yield Task(texts[name], f"{url}#id_{name}", "pages.change_sitesettings", before_opening=True)


@finds_tasks
def mail_server() -> Iterator[Task]:
    """Yield a task if EMAIL_URL is not set, because confirmation messages may then not arrive."""
    if not settings.EMAIL_IS_SET_UP:
        text = _(
            "Ask the person who looks after the server to set up mail: nobody can sign without a confirmation message."
        )
        yield Task(text, reverse("admin:mail_message_changelist"), "mail.view_message", before_opening=True)
