"""Sending by the news worker, and the state of each delivery afterwards."""

from django.core.management import CommandError, call_command

from campaign.mailings.sending import sender

SENT, QUEUED, REFUSED, UNKNOWN, SKIPPED = "sent", "queued", "refused", "unknown", "skipped"


def send():
    """Run the worker once. Return whether the mail server could be used."""
    try:
        call_command("send_news", "--once")
    except CommandError:
        return False
    return True


def turn():
    """Send one batch with a new worker."""
    one = sender.Sender(1, sender.Server(), sender.Event())
    try:
        one.turn()
    finally:
        one.close()


def rows(mailing, field="state"):
    """Return one field of each delivery, in the order of the crowd."""
    return list(mailing.deliveries.order_by("row").values_list(field, flat=True))
