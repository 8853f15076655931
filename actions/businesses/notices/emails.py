"""Notices to companies, and messages to organisers about deadlines."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.businesses.models import Notice
from actions.businesses.models.notice import TO_COMPANY, TO_ORGANISERS
from actions.businesses.notices.drafts import fixed_part
from actions.businesses.replies.links import reply_link
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(TO_COMPANY, gettext_lazy("Notice to a company"))
def to_company(message: Message) -> EmailMessage | None:
    """Return the letter as the organiser edited it, followed by the part that nobody can edit.

    Return None if an organiser delivers it, or if the company's contact address has changed since it was written.
    """
    notice = _notice(message)
    if notice is None or not notice.went_to_the_company:
        return None
    reply_to = list(filter(None, [SiteSettings.current().contact_email]))
    subject = " ".join(notice.subject.split())
    return EmailMessage(subject=subject, body=_with_link(notice), to=[notice.recipient or ""], reply_to=reply_to)


@writes(TO_ORGANISERS, gettext_lazy("Reminder to organisers of a commitment’s deadline"))
def to_organisers(message: Message) -> EmailMessage | None:
    """Return the message about a deadline in thirty days or less, or None if the site has no contact address."""
    notice, site = _notice(message), SiteSettings.current()
    if notice is None or not site.contact_email:
        return None
    with translation.override(site.interface_language):
        url = settings.SITE_URL + reverse("admin:businesses_entry_change", args=[notice.about_id])
        context = {"brand": notice.brand.as_published(), "url": url, "site": site, "mailed": bool(notice.recipient)}
        body = render_to_string("businesses/mail/to_organisers.txt", context)
        return EmailMessage(subject=_("A commitment’s deadline is near"), body=body, to=[site.contact_email])


def _with_link(notice: Notice) -> str:
    """Return the letter, followed by the entry and the link with which the company can reply."""
    with translation.override(SiteSettings.current().interface_language):
        invitation = _("You can also reply on our site, with this link:")
    return f"{notice.text}\n\n{fixed_part(notice, timezone.now())}\n\n{invitation}\n{reply_link(notice)}"


def _notice(message: Message) -> Notice | None:
    return Notice.objects.select_related("brand", "about").filter(pk=message.object_id).first()
