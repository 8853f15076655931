"""A document as a draft e-mail message, which a mail program opens ready to send."""

import re
from email.message import EmailMessage
from email.policy import SMTP

from campaign.documents import text
from campaign.documents.blocks import Document
from campaign.documents.characters import one_line
from campaign.documents.package import language_tag
from campaign.email_addresses.parsing import usable_address

MIME = "message/rfc822"
# A line of at most 72 characters, or a single longer word. All but the last keep their trailing space, which marks that
# the paragraph continues.
FLOWED = re.compile(r".{1,72}$|.{0,71} (?=\S)|\S+ (?=\S)|.+")
STUFFED = re.compile(r"(?=[ >]|From )")


def write(document: Document, *, to: str = "") -> bytes:
    """Return the document as the bytes of an .eml file, with its title as the subject. No text can add a header.

    An unusable e-mail address is left out, so that the writer fills it in.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(document.title)
    if address := usable_address(to):
        message["To"] = address
    # Asks mail programs to open the file as a message that hasn't been sent yet.
    message["X-Unsent"] = "1"
    body = "\n".join(map(flowed, text.write(document).split("\n")))
    message.set_content(body, cte="quoted-printable", params={"format": "flowed"})
    message["Content-Language"] = language_tag(document.language)
    return message.as_bytes()


def flowed(line: str) -> str:
    """Wrap a line as format=flowed (RFC 3676, 4.2), so that mail programs can rejoin it."""
    lines = FLOWED.findall(line.rstrip(" "))
    return "\n".join(f" {one}" if STUFFED.match(one) else one for one in lines)
