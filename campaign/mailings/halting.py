"""The rule that halts sending, before mail providers begin to treat all our messages as spam."""

from collections.abc import Mapping

MIN_ACCEPTED = 500
# Gmail asks bulk senders to stay below 0.3 % (support.google.com/mail/answer/81126). The limits are whole numbers:
# as a float, 0.3 % of some numbers comes out slightly too high.
MAX_SPAM_PER_MILLE = 3
MAX_HARD_BOUNCES_PER_CENT = 5


def reason_to_halt(numbers: Mapping[str, int]) -> str:
    """Return "spam" or "bounces" if a mailing with these statistics has to halt, or "" if it may continue.

    It has to halt if at least 500 messages were accepted and either 0.3 % were marked as spam or 5 % bounced hard. A
    message that the mail server refused at once counts as a hard bounce.
    """
    accepted = numbers["sent"]
    if accepted < MIN_ACCEPTED:
        return ""
    if numbers["spam"] * 1000 >= accepted * MAX_SPAM_PER_MILLE:
        return "spam"
    hard_bounces = numbers["bounced"] + numbers["refused"]
    return "bounces" if hard_bounces * 100 >= accepted * MAX_HARD_BOUNCES_PER_CENT else ""
