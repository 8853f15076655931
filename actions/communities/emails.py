"""Messages to the contacts of communities.

The subject, the sender and the first 200 characters say nothing about the campaign, because others may see them. No
message repeats anything that was typed, because anybody can type somebody else's address.
"""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.communities.models import Community, ContactChange
from actions.communities.models.contact_change import NEW_CONTACT
from actions.communities.models.messages import CONFIRM, MANAGE, REMINDER, WELCOME
from actions.communities.retention import NOTICE
from campaign.confirming.models import ConfirmedByMail, oldest_confirmable
from campaign.confirming.never import never_token
from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(CONFIRM, gettext_lazy("Confirmation of a community"), anybody_may_ask=True)
def confirmation(message: Message) -> EmailMessage | None:
    """Return the message that asks for confirmation, or None if it has been confirmed or it is too late."""
    row = Community.objects.confirmable(timezone.now()).filter(pk=message.object_id).first()
    if row is None:
        return None
    context = _link_and_days(row, "communities:confirm") | {
        "code": row.code,
        "code_url": _url("communities:inbox"),
    }
    return _message(row, _("Please confirm your e-mail address"), "confirm", context)


@writes(NEW_CONTACT, gettext_lazy("Confirmation of a community’s new contact"), anybody_may_ask=True)
def new_contact(message: Message) -> EmailMessage | None:
    """Return the message that asks a new contact to confirm, or None if they have, or it is too late."""
    row = ContactChange.objects.confirmable(timezone.now()).filter(pk=message.object_id).first()
    if row is None:
        return None
    return _message(row, _("Please confirm your e-mail address"), "contact", _link_and_days(row, "communities:contact"))


@writes(MANAGE, gettext_lazy("Link to a community’s entry"), anybody_may_ask=True)
def manage(message: Message) -> EmailMessage | None:
    """Return the message with the link that the contact asked for."""
    return _with_link(message, _("The link that you asked for"), "manage")


@writes(WELCOME, gettext_lazy("Welcome to an approved community"))
def welcome(message: Message) -> EmailMessage | None:
    """Return the message that says that the community has been approved, with the link."""
    return _with_link(message, _("Your entry has been approved"), "welcome")


@writes(REMINDER, gettext_lazy("Question to a community about whether it is still taking part"))
def reminder(message: Message) -> EmailMessage | None:
    """Return the message that asks whether a community still takes part, or None if its contact has been active."""
    if not Community.objects.filter(pk=message.object_id, reminded_at__isnull=False).exists():
        return None
    return _with_link(message, _("Are you still taking part?"), "reminder", days=NOTICE.days)


def _with_link(message: Message, subject: str, template: str, **context: Any) -> EmailMessage | None:
    """Return a message with the manage link, or None if the community has left."""
    row = Community.objects.confirmed().filter(pk=message.object_id, left_at=None).first()
    if row is None:
        return None
    link = _url("communities:manage", row.manage_token)
    return _message(row, subject, template, {"link": link, **context})


def _link_and_days(row: ConfirmedByMail, view: str) -> dict[str, Any]:
    """Return the link that confirms a row, and the number of days for which it still works."""
    left = row.asked_at - oldest_confirmable(timezone.now())
    return {"link": _url(view, row.token), "days": math.ceil(left / timedelta(days=1))}


def _message(row: ConfirmedByMail, subject: str, template: str, context: dict[str, Any]) -> EmailMessage | None:
    if not row.email:
        return None
    never = _url("communities:unsubscribe", never_token(row))
    site = {"site": SiteSettings.current(), "never": never}
    body = render_to_string(f"communities/mail/{template}.txt", site | context)
    return EmailMessage(subject, body, discreet_sender(), [row.email])


def _url(view: str, *parts: str) -> str:
    return settings.SITE_URL + reverse(view, args=parts)
