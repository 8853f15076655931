"""An SMTP connection that knows whether the server may have accepted a message for which its answer is missing.

The server may accept a message once it has the last byte. If the connection breaks before that, the message certainly
wasn't sent. If it breaks later, the message is unknown (RFC 5321, 4.5.3.2.6 and RFC 1047).
"""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

# RFC 5321, 4.5.3.2.6 asks for at least ten minutes. If we gave up sooner, the message would be unknown.
ANSWER_TIMEOUT = 600.0


class NotesHandover(smtplib.SMTP):
    """An SMTP connection that notes when the last byte of a message has been sent, and waits longer for the answer."""

    is_handed_over = False

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes):  # `smtplib` sends commands as text, but the message and its final dot as bytes
            self.is_handed_over = True
            if self.sock:
                self.sock.settimeout(ANSWER_TIMEOUT)

    def data(self, msg: Any) -> Any:
        patience, self.is_handed_over = self.timeout, False
        answer = super().data(msg)
        if self.sock:
            self.sock.settimeout(patience)
        return answer


class NotesHandoverSSL(NotesHandover, smtplib.SMTP_SSL):
    """The same connection with TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend with our connections."""

    connection: NotesHandover | None

    @property
    def connection_class(self) -> Any:
        return NotesHandoverSSL if self.use_ssl else NotesHandover

    @property
    def is_handed_over(self) -> bool:
        """Return whether the last byte of the message has been sent."""
        return bool(self.connection and self.connection.is_handed_over)

    def begin(self) -> None:
        """Forget the previous message."""
        if self.connection:
            self.connection.is_handed_over = False
