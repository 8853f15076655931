"""The message of a mailing for one person. It is rendered once for everybody; then the personal links are filled in.

Rendering and building every message would take three times as long as sending it. The links are filled in before
the text is encoded, because quoted-printable would break many links at the end of a line.
"""

import re
import secrets
from binascii import b2a_qp
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from campaign.mail.discreet import discreet_sender
from campaign.mail.envelope import message_id, return_to_sender
from campaign.mail.outbox import QUOTED_PRINTABLE
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.rendering import compose
from campaign.mailings.sources import SOURCES
from campaign.mailings.unsubscribing import headers, page_url, token

LINE_END = re.compile(r"\r\n|\r|\n")
PART = b'--%b\r\nContent-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%b'


class Ready:
    """A message that is ready to be sent. It has the one method that the SMTP backend calls."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        """Return the message, in lines that end in CRLF."""
        return self.content


class ReadyMessage(EmailMultiAlternatives):
    """A message whose bytes are ready. If they aren't, Django or a provider's backend builds it from its parts."""

    content: bytes | None = None

    def message(self, **options: Any) -> Any:
        return super().message(**options) if self.content is None else Ready(self.content)


class Template:
    """A mailing that is ready to be sent, except for what differs from person to person."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing.as_sent()
        self.composed = compose(self.mailing)
        self.boundary = f"=_{secrets.token_hex(16)}"  # quoted-printable never contains "=_"
        with translation.override(self.mailing.interface_language):
            self.sender = discreet_sender()
            self.why = {name: str(source.why) for name, source in SOURCES.items()}
        contact = self.mailing.sender()["contact_email"]
        self.common = {"From": self.sender, "List-Id": f"<news.{settings.SITE_HOST}>", "Precedence": "bulk"}
        self.common |= {"Reply-To": contact} if contact else {}

    def message(self, delivery: Delivery, address: str, *, ready: bool) -> ReadyMessage:
        """Return the message for a delivery to a normalised address. With `ready`, build its bytes too."""
        key = token(delivery.source, delivery.row)
        filled_in = self.composed.filled_in(page_url(key), self.why[delivery.source])
        personal = {"Message-ID": message_id(f"news.{delivery.pk}", address), "Date": formatdate()} | headers(key)
        email = ReadyMessage(self.composed.subject, filled_in.text, self.sender, [address])
        email.extra_headers = self.common | personal
        email.attach_alternative(filled_in.html, "text/html")
        email.encoding = QUOTED_PRINTABLE
        return_to_sender(email)
        if ready:
            email.content = self._head + self._personal_head(personal | {"To": address}) + self._body(filled_in)
        return email

    @cached_property
    def _head(self) -> bytes:
        """Return the headers that everybody gets, encoded (RFC 2047)."""
        head = EmailMessage(SMTP)
        for name, text in (self.common | {"Subject": self.composed.subject}).items():
            head[name] = text
        mime = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{self.boundary}"\r\n'
        return head.as_bytes().removesuffix(b"\r\n") + mime.encode()

    def _personal_head(self, personal: dict[str, str]) -> bytes:
        """Return one person's headers, all in ASCII, and the empty line that ends the headers."""
        return "".join(f"{name}: {text}\r\n" for name, text in personal.items()).encode("ascii") + b"\r\n"

    def _body(self, filled_in: Any) -> bytes:
        boundary = self.boundary.encode()
        plain, html = (encoded(text) for text in (filled_in.text, filled_in.html))
        return PART % (boundary, b"plain", plain) + PART % (boundary, b"html", html) + b"--%b--\r\n" % boundary


def encoded(text: str) -> bytes:
    """Return text as quoted-printable, in lines of up to 76 characters that end in CRLF (RFC 2045, 6.7).

    `b2a_qp` uses the line ending of the first line for all lines, so the text must have one.
    """
    return b2a_qp(LINE_END.sub("\r\n", text).encode() + b"\r\n", istext=True)
