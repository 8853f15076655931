"""Telling hard bounces (there is no such mailbox) from soft ones (any other reason) by what the mail server wrote."""

import re

from campaign.mail.failures import NO_SUCH_RECIPIENT

# Enhanced status codes (RFC 3463), even written as "#5.1.1" or "[5.1.1]". Codes such as 5.0.0 give no reason.
CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
UNSPECIFIED = re.compile(r"[245]\.0\.0")
# Servers without enhanced codes give the reason in words, nearly always in English.
NO_MAILBOX = re.compile(
    r"no such (?:user|mailbox|recipient|address|person)|unknown (?:user|recipient|mailbox)"
    r"|(?:user|recipient|mailbox|address|account)(?: \S+)? (?:is )?(?:unknown|not found|disabled|invalid)"
    r"|do(?:es)? ?n(?:o|')t exist|no mailbox (?:here )?by that name|unrouteable address|invalid (?:recipient|mailbox)"
    r"|(?:couldn|wasn)'t(?: be)? found",
    re.IGNORECASE,
)
# If one of them occurs, the bounce is soft: the reason may be something other than a missing mailbox.
OTHER_REASON = re.compile(
    r"spam|block(?:ed|list)|blacklist|reputation|policy|quota|(?:mailbox|disk|storage)\S* (?:is )?full"
    r"|over ?size|too large|greylist|try again|temporar|rate limit",
    re.IGNORECASE,
)


def is_hard(words: str) -> bool:
    """Return whether the text of a bounce, or a mail server's reply, means that there is no such mailbox.

    The status code decides. Without one, the wording does. A bounce without a clear reason is soft, because it is
    better to write once too often than to stop writing to somebody whose mailbox was only full.
    """
    codes = {code for code in CODE.findall(words) if not UNSPECIFIED.fullmatch(code)}
    if codes:
        return codes <= NO_SUCH_RECIPIENT
    return bool(NO_MAILBOX.search(words)) and not OTHER_REASON.search(words)


def is_inconclusive(words: str) -> bool:
    """Return whether the text has neither a status code nor a reason that we recognise."""
    codes = [code for code in CODE.findall(words) if not UNSPECIFIED.fullmatch(code)]
    return not codes and not NO_MAILBOX.search(words) and not OTHER_REASON.search(words)
