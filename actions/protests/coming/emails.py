"""Messages to people who have said that they are coming.

The subject, the sender and the first 200 characters reveal nothing about the campaign, because other people may see
them over somebody's shoulder or on a locked phone. The templates in `templates/protests/coming/mail` follow this rule.
"""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.protests.coming.queuing import NEWS, REMINDER
from actions.protests.models import Arrangement, Attendee, Occasion, Protest
from actions.protests.models.attendee import CONFIRM
from campaign.confirming.models import oldest_confirmable
from campaign.confirming.never import never_token
from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import once, writes
from campaign.pages.models import SiteSettings


@writes(CONFIRM, gettext_lazy("Confirmation that somebody is coming to a protest"), anybody_may_ask=True)
def confirmation(message: Message) -> EmailMessage | None:
    """Return the message that asks somebody to confirm, or None if they no longer need to, or no longer can.

    It repeats nothing that was typed, because anybody can enter somebody else's address.
    """
    now = timezone.now()
    attendee = Attendee.objects.confirmable(now).filter(pk=message.object_id).first()
    occasion = _occasion(attendee) if attendee else None
    if attendee is None or occasion is None or occasion.cancelled:
        return None
    protest: Protest = occasion.protest
    with translation.override(protest.interface_language):
        context = {
            "link": settings.SITE_URL + reverse("protests:coming-confirm", args=[attendee.token]),
            "code": attendee.code,
            "code_url": settings.SITE_URL + reverse("protests:coming-check-your-email", args=[protest.slug]),
            "days": math.ceil((attendee.asked_at - oldest_confirmable(now)) / timedelta(days=1)),
            "now": occasion.when,
            "never": settings.SITE_URL + reverse("protests:coming-never", args=[never_token(attendee)]),
        }
        return _message(attendee, protest, _("Please confirm your e-mail address"), "confirm", context)


@writes(REMINDER, gettext_lazy("Reminder to somebody who is coming to a protest"))
def reminder(message: Message) -> EmailMessage | None:
    """Return the reminder, or None once the date has begun. If the date has changed, return news of that instead."""
    attendee = _confirmed(message)
    if attendee is None:
        return None
    occasion = _occasion(attendee)
    present = Arrangement.of(occasion)
    if present != Arrangement.stored(attendee.told):
        return _news(attendee, occasion)
    if occasion is None or present.starts is None or present.starts <= timezone.now():
        return None
    with translation.override(occasion.protest.interface_language):
        context = {"now": occasion.when, "place": present.place}
        return _message(attendee, occasion.protest, _("A reminder that you asked for"), "reminder", context)


@writes(NEWS, gettext_lazy("News of a changed date for somebody who is coming to a protest"))
def news(message: Message) -> EmailMessage | None:
    """Return the message about a change. Return None if it was undone, they know about it, or the date is over."""
    attendee = _confirmed(message)
    return _news(attendee, _occasion(attendee)) if attendee else None


def _confirmed(message: Message) -> Attendee | None:
    return Attendee.objects.confirmed().filter(pk=message.object_id).first()


def _occasion(attendee: Attendee) -> Occasion | None:
    """Return the current occasion. If it changes a moment later, another message says so."""
    return once((Occasion, attendee.protest_id, attendee.on), attendee.occasion)


def _news(attendee: Attendee, occasion: Occasion | None) -> EmailMessage | None:
    known, present, now = Arrangement.stored(attendee.told), Arrangement.of(occasion), timezone.now()
    if present == known or (known.is_over(now) and present.is_over(now)):
        return None
    # This is part of the transaction that sends the message: if sending fails, they haven't heard of it yet.
    Attendee.objects.filter(pk=attendee.pk).update(told=present.as_json())
    protest = occasion.protest if occasion else attendee.protest.as_published()
    with translation.override(protest.interface_language):
        context = {
            "before": known.in_words(protest.timezone),
            "place_before": known.place,
            "now": present.in_words(protest.timezone),
            "place": present.place,
            "reason": occasion.note if occasion else "",
            "is_off_site": occasion is None,
        }
        return _message(attendee, protest, _("A change to a date in your diary"), "news", context)


def _message(
    attendee: Attendee, protest: Protest, subject: str, template: str, context: dict[str, Any]
) -> EmailMessage:
    drop_out = settings.SITE_URL + reverse("protests:coming-drop-out", args=[attendee.manage_token])
    context |= {"protest": protest, "drop_out": drop_out, "site": once(SiteSettings, SiteSettings.current)}
    context["url"] = settings.SITE_URL + protest.get_absolute_url()
    body = render_to_string(f"protests/coming/mail/{template}.txt", context)
    # RFC 8058: mail programs may show a button that posts to this address. Opening the address changes nothing.
    headers = {"List-Unsubscribe": f"<{drop_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(subject, body, discreet_sender(), [attendee.email or ""], headers=headers)
