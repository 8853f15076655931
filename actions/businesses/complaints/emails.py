"""The answer to a complaint."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.businesses.models import Complaint
from actions.businesses.models.complaints import ANSWER
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(ANSWER, gettext_lazy("Answer to a complaint"))
def answer(message: Message) -> EmailMessage | None:
    """Return the organisers' answer, or None if the complaint has been erased."""
    complaint = Complaint.objects.select_related("entry__brand").filter(pk=message.object_id).first()
    if complaint is None or not complaint.email:
        return None
    site = SiteSettings.current()
    with translation.override(site.interface_language):
        context = {"complaint": complaint, "entry": complaint.entry, "brand": complaint.entry.brand.as_published()}
        body = render_to_string("businesses/mail/answer.txt", context | {"site": site})
        reply_to = [site.contact_email] if site.contact_email else []
        return EmailMessage(subject=_("Your complaint"), body=body, to=[complaint.email], reply_to=reply_to)
