"""What is missing before the site can be opened: who answers for it, a mail server, postcodes."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.tasks import Task, finds_tasks
from campaign.pages.models import SiteSettings
from campaign.places.models import Sector


@finds_tasks
def imprint() -> Iterator[Task]:
    """Yield a task for each empty field that should say who answers for the site."""
    texts = {
        "publisher_name": _("Say who is responsible for the site: visitors must be able to see it."),
        "publisher_address": _("Give the postal address of the person or body that is responsible."),
        "contact_email": _("Give a contact e-mail address: the privacy notice and the contact page need one."),
    }
    url = reverse("admin:pages_sitesettings_changelist")  # it leads to the form, which the browser opens at the field
    for name in SiteSettings.current().missing_imprint:
        yield Task(texts[name], f"{url}#id_{name}", "pages.change_sitesettings", before_opening=True)


@finds_tasks
def mail_server() -> Iterator[Task]:
    """Yield a task if the operator has set no EMAIL_URL: then confirmations may reach nobody."""
    if not settings.EMAIL_IS_SET_UP:
        text = _(
            "Ask the person who looks after the server to set up mail: nobody can sign without a confirmation message."
        )
        yield Task(text, reverse("admin:mail_message_changelist"), "mail.view_message", before_opening=True)


@finds_tasks
def postcodes() -> Iterator[Task]:
    """Yield a task if no postcodes have been imported."""
    if not Sector.objects.exists():
        text = _(
            "Ask the person who looks after the server to import postcodes: without them, no constituency is found."
        )
        yield Task(text, reverse("admin:places_edition_changelist"), "places.view_edition", before_opening=True)
