"""A mail backend for development, whose messages go to `/dev/mailbox/` and nowhere else."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from campaign.mail.models import DevMessage

MAX_KEPT = 200


class EmailBackend(BaseEmailBackend):
    """A backend that keeps the newest 200 messages in the database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            DevMessage.objects.create(
                to=", ".join(email.recipients()), subject=str(email.subject), body=str(email.body)
            )
        oldest = DevMessage.objects.values_list("pk", flat=True)[MAX_KEPT - 1 : MAX_KEPT].first()
        DevMessage.objects.filter(pk__lt=oldest or 0).delete()
        return len(email_messages)
