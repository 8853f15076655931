"""A document as a draft of an e-mail message, which a mail program opens ready to be sent."""

from email.message import EmailMessage
from email.policy import SMTP

from campaign.documents import text
from campaign.documents.addresses import first_address
from campaign.documents.blocks import Document
from campaign.documents.characters import one_line
from campaign.documents.package import language_tag

MIME = "message/rfc822"


def write(document: Document, *, subject: str, to: str = "", sender: str = "") -> bytes:
    """The document as the bytes of an .eml file, to and from the first address in `to` and in `sender`.

    No text can add a header: control characters are left out, and whatever is no address. An address in another
    script is left out too: mail programs do not agree on how a file shows it.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(subject)
    for name, typed in (("To", to), ("From", sender)):
        address = first_address(typed)
        if address.isascii() and address:
            message[name] = address
    # Asks mail programs to open it as a message that has still to be sent.
    message["X-Unsent"] = "1"
    message.set_content(text.write(document), cte="quoted-printable")
    message["Content-Language"] = language_tag(document.language)
    return message.as_bytes()
