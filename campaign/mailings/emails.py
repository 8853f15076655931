"""The test of a mailing, which the outbox sends to the organiser who asked for it."""

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.accounts.models import OrganiserAddress
from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.mailings.models import TestMessage
from campaign.mailings.models.test_message import TEST
from campaign.mailings.rendering import as_example, compose


@writes(TEST, gettext_lazy("Test of a mailing, sent to an organiser"))
def test(message: Message) -> EmailMessage | None:
    """Return the mailing for the organiser who asked. Return None if either is deleted or the account is closed."""
    asked = TestMessage.objects.filter(pk=message.object_id).select_related("mailing").first()
    address = (
        OrganiserAddress.objects.filter(organiser=asked.organiser_id, organiser__is_active=True).first()
        if asked
        else None
    )
    if asked is None or address is None:
        return None
    mailing = asked.mailing.as_sent()
    composed = as_example(mailing, compose(mailing))
    with translation.override(mailing.interface_language):
        subject = _("[Test] %(subject)s") % {"subject": composed.subject}
    email = EmailMultiAlternatives(subject, composed.text, discreet_sender(), [str(address.email)])
    email.attach_alternative(composed.html, "text/html")
    return email
