"""Telling hard bounces (there is no such mailbox) from soft ones (any other reason) by a mail server's words."""

import re

from campaign.mail.failures import NO_SUCH_RECIPIENT

# Enhanced status codes (RFC 3463), also where a server writes "#5.1.1" or "[5.1.1]". The class x.0.0 says nothing.
CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
UNSPECIFIED = re.compile(r"[245]\.0\.0")
# Servers without enhanced codes say it in words, nearly always in English.
NO_MAILBOX = re.compile(
    r"no such (?:user|mailbox|recipient|address|person)|unknown (?:user|recipient|mailbox)"
    r"|(?:user|recipient|mailbox|address|account)(?: \S+)? (?:is )?(?:unknown|not found|disabled|invalid)"
    r"|do(?:es)? ?n(?:o|')t exist|no mailbox (?:here )?by that name|unrouteable address|invalid (?:recipient|mailbox)"
    r"|(?:couldn|wasn)'t(?: be)? found",
    re.IGNORECASE,
)
# Said for other reasons as well as, or instead of, a missing mailbox.
OTHER_REASON = re.compile(
    r"spam|block(?:ed|list)|blacklist|reputation|policy|quota|(?:mailbox|disk|storage)\S* (?:is )?full"
    r"|over ?size|too large|greylist|try again|temporar|rate limit",
    re.IGNORECASE,
)


def is_hard(words: str) -> bool:
    """Return whether the text of a bounce, or a mail server's reply, says that there is no such mailbox.

    A status code decides or, without one, the wording. A bounce without a clear reason is soft: we would rather write
    once too often than never again to somebody whose mailbox was merely full.
    """
    codes = {code for code in CODE.findall(words) if not UNSPECIFIED.fullmatch(code)}
    if codes:
        return codes <= NO_SUCH_RECIPIENT
    return bool(NO_MAILBOX.search(words)) and not OTHER_REASON.search(words)


def is_inconclusive(words: str) -> bool:
    """Return whether the text contains neither a status code nor a reason that we recognise."""
    codes = [code for code in CODE.findall(words) if not UNSPECIFIED.fullmatch(code)]
    return not codes and not NO_MAILBOX.search(words) and not OTHER_REASON.search(words)
