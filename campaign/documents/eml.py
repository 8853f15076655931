"""A document as a draft of an e-mail message, which a mail program opens ready to send."""

from email.message import EmailMessage
from email.policy import SMTP

from campaign.documents import text
from campaign.documents.blocks import Document
from campaign.documents.characters import one_line
from campaign.documents.package import language_tag
from campaign.email_addresses.parsing import usable_address

MIME = "message/rfc822"


def write(document: Document, *, to: str = "") -> bytes:
    """Return the document as the bytes of an .eml file, with its title as the subject. No text can add a header.

    An unusable e-mail address is left out, for the writer to fill in.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(document.title)
    if address := usable_address(to):
        message["To"] = address
    # Asks mail programs to open it as a message that has not been sent yet.
    message["X-Unsent"] = "1"
    message.set_content(text.write(document), cte="quoted-printable")
    message["Content-Language"] = language_tag(document.language)
    return message.as_bytes()
