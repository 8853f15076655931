"""The normalised form of an e-mail address, made from what was typed before it is hashed, counted, stored or sent.

It is sent as ASCII, because Django rewrites other domains by IDNA 2003, which turns straße.example into
strasse.example.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from campaign.email_addresses.scripts import mixes_scripts
from campaign.text.invisible import INVISIBLE, UNSEEN

MAX_ADDRESS = 254  # octets: RFC 5321, section 4.5.3.1.3, less the angle brackets
MAX_LOCAL_PART = 64  # octets: RFC 5321, section 4.5.3.1.1
MAX_TYPED = 1000

# The beginning of an encoded word, which RFC 2047, section 5, forbids in addresses. Django decodes it on sending: mail
# to "=?utf-8?q?v=69ctim?=@example.org" would go to victim@example.org.
ENCODED_WORD = "=?"
ENDS = re.compile(rf"\A[ {UNSEEN}]+|[ {UNSEEN}]+\Z")

REASONS = {
    "invalid": _("Enter an e-mail address like name@example.org"),
    "invisible": _("The address contains an invisible character: type it again by hand"),
    "letters": _("Before the @, use only unaccented letters a to z, digits, and symbols such as . - _"),
    "mixed": _("The part after the @ mixes letters from different alphabets: type the address again by hand"),
    "too_long": _("This address is too long: use no more than 64 characters before the @, and 254 in total"),
}


def normalise(typed: str) -> str:
    """Return the form used everywhere, such as "Ruth@xn--bcher-kva.example" for " Ｒuth@BÜCHER.example".

    White space and invisible characters at the ends are removed, full-width letters become plain ones (NFKC), and the
    domain becomes lower-case ASCII (IDNA 2008). Does not check whether the mailbox exists. Raises ValidationError, with
    one of the codes in REASONS, if mail can't or shouldn't be sent to it.
    """
    text = trim(typed)
    if len(text) > MAX_ADDRESS:
        raise _refusal("too_long")
    if INVISIBLE.search(text):
        raise _refusal("invisible")
    text = unicodedata.normalize("NFKC", text)
    local_part = text.rpartition("@")[0]
    if not local_part.isascii():
        raise _refusal("letters")
    if len(local_part) > MAX_LOCAL_PART:
        raise _refusal("too_long")
    address = _validated(text)
    if any(mixes_scripts(label) for label in address.domain.split(".")):
        raise _refusal("mixed")
    return f"{address.ascii_local_part}@{address.ascii_domain}"


def usable_address(typed: str) -> str:
    """Return the normalised address, or "" if it is unusable. Use this when nobody can be asked to type it again."""
    try:
        return normalise(typed)
    except ValidationError:
        return ""


def normalise_domain(typed: str) -> str:
    """Return "xn--bcher-kva.example" for "Bücher.example". Raises ValidationError if no address can end that way."""
    address = usable_address(f"x@{trim(typed)}")
    if not address:
        raise ValidationError(_("Enter a domain like example.org"), "invalid")
    return address.rpartition("@")[2]


def trim(typed: str) -> str:
    """Return the text without white space and invisible characters at its ends, or unchanged if it is far too long."""
    return ENDS.sub("", typed) if len(typed) <= MAX_TYPED else typed


def _validated(text: str) -> ValidatedEmail:
    if ENCODED_WORD in text:
        raise _refusal("invalid")
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise _refusal("invalid") from None  # its text may contain part of the address


def _refusal(code: str) -> ValidationError:
    return ValidationError(REASONS[code], code)
