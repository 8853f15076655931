"""The message that `check_mail` sends on request."""

import smtplib
from uuid import uuid4

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from campaign.mail.checking.findings import Finding, good, wrong
from campaign.mail.envelope import message_id, return_to_sender
from campaign.mail.failures import Failure

SIGNS = "Where it arrives, look for spf=pass, dkim=pass and dmarc=pass in its header Authentication-Results."


def send_sample(address: str) -> Finding:
    """Send a test message to a normalised address, as the site sends any other. Return whether it was accepted."""
    body = _("This message was sent by an operator of this site, to test whether its mail arrives.")
    email = EmailMessage(_("Test message"), body, settings.DEFAULT_FROM_EMAIL, [address])
    email.extra_headers = {"Message-ID": message_id(uuid4(), address), "Auto-Submitted": "auto-generated"}
    return_to_sender(email)
    try:
        email.send()
    except (OSError, smtplib.SMTPException, AnymailError, ValueError) as error:
        return wrong(f"The test message was not accepted ({Failure.of(error)}).", "See the lines above.")
    return good(f"The test message was accepted. {SIGNS}")
