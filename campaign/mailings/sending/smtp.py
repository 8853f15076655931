"""An SMTP connection that knows whether a message whose answer is missing may have been accepted.

The server may accept a message as soon as it has the last byte of it. A connection that breaks before that leaves the
message unsent for certain; one that breaks later leaves it unknown (RFC 5321, 4.5.3.2.6 and RFC 1047).
"""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

# RFC 5321, 4.5.3.2.6: at least ten minutes. If we gave up sooner, the message would be unknown.
ANSWER_TIMEOUT = 600.0


class NotesHandover(smtplib.SMTP):
    """An SMTP connection that notes when a message's last byte has been handed over, and then waits longer."""

    is_handed_over = False

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes):  # `smtplib` sends the message as bytes, with its final dot, and commands as text
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
    """The same, with TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend, with such connections."""

    connection: NotesHandover | None

    @property
    def connection_class(self) -> Any:
        return NotesHandoverSSL if self.use_ssl else NotesHandover

    @property
    def is_handed_over(self) -> bool:
        """Return whether the last message has been handed over completely."""
        return bool(self.connection and self.connection.is_handed_over)

    def begin(self) -> None:
        """Forget the previous message."""
        if self.connection:
            self.connection.is_handed_over = False
