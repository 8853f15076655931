"""The mailbox that receives our bounces: on a mail server (IMAP), or a Maildir folder or mbox file on this machine."""

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

# The report comes before the returned message, so the beginning is enough. Anybody can send us a message that is
# made to be slow to read: even one of this size can take ten seconds.
MAX_BYTES = 256 * 1024
IMAPS_PORT = 993
TIMEOUT = 20  # seconds
MAX_AT_ONCE = 1000
WRONG = (
    "BOUNCES_URL must look like imaps://name:password@mail.example/INBOX, maildir:///var/mail/bounces or "
    "mbox:///var/mail/bounces. In the name and the password, write @ as %40, / as %2F and : as %3A."
)


class SettingError(Exception):
    """BOUNCES_URL can't be used. The message says what we expect, without repeating the URL."""


class BounceMailbox(Protocol):
    """An open mailbox."""

    def keys(self) -> list[str]:
        """Return the keys of up to 1,000 messages. Leave out messages that have been deleted or set aside."""

    def read(self, key: str) -> bytes:
        """Return the first 256 kilobytes of a message."""

    def delete(self, key: str) -> None:
        """Delete a message."""

    def set_aside(self, key: str) -> None:
        """Leave a message for the operator to look at. It isn't read again."""


@dataclass(frozen=True)
class ImapServer:
    """A folder on a mail server, reached by IMAP over TLS (RFC 8314, section 3.2)."""

    host: str
    port: int
    user: str
    password: str
    folder: str

    @contextmanager
    def opened(self) -> Iterator["ImapFolder"]:
        """Sign in and yield the open folder. Raises OSError or `imaplib.IMAP4.error`."""
        context = ssl.create_default_context()
        with imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT) as connection:
            connection.login(self.user, self.password)
            _expect_ok(connection.select(f'"{self.folder}"'))
            yield ImapFolder(connection)
            _expect_ok(connection.expunge())


class ImapFolder:
    """An open IMAP folder. Messages set aside are flagged."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def keys(self) -> list[str]:
        """Return the unique identifiers of up to 1,000 messages."""
        [found] = _expect_ok(self.connection.uid("SEARCH", "UNFLAGGED", "UNDELETED"))
        return (found or b"").decode("ascii").split()[:MAX_AT_ONCE]

    def read(self, key: str) -> bytes:
        """Return the first 256 kilobytes of a message, or b"" if it has gone."""
        answer = _expect_ok(self.connection.uid("FETCH", key, f"(BODY.PEEK[]<0.{MAX_BYTES}>)"))
        return next((each[1] for each in answer if isinstance(each, tuple)), b"")

    def delete(self, key: str) -> None:
        """Mark a message as deleted. It disappears when the folder is next closed."""
        _expect_ok(self.connection.uid("STORE", key, "+FLAGS.SILENT", r"(\Deleted)"))

    def set_aside(self, key: str) -> None:
        """Flag a message."""
        _expect_ok(self.connection.uid("STORE", key, "+FLAGS.SILENT", r"(\Flagged)"))


@dataclass(frozen=True)
class LocalMailbox:
    """A Maildir folder or an mbox file, into which this machine's own mail server delivers."""

    path: Path
    kind: type[mailbox.Maildir] | type[mailbox.mbox]

    @contextmanager
    def opened(self) -> Iterator["LocalFolder"]:
        """Lock the mailbox and yield it. Raises OSError or `mailbox.Error`."""
        box = self.kind(str(self.path), create=False)
        box.lock()
        try:
            yield LocalFolder(box, self)
        finally:
            with suppress(KeyError):
                box.flush()
            box.close()

    def aside(self) -> mailbox.Mailbox[Any]:
        """Return the second mailbox, which holds messages that can't be read. Create it if there is none."""
        return self.kind(f"{self.path}.unreadable", create=True)


class LocalFolder:
    """An open local mailbox. Messages set aside are moved to a second mailbox beside it."""

    def __init__(self, box: mailbox.Mailbox[Any], place: LocalMailbox) -> None:
        self.box, self.place = box, place

    def keys(self) -> list[str]:
        """Return the keys of up to 1,000 messages."""
        return list(self.box.keys())[:MAX_AT_ONCE]

    def read(self, key: str) -> bytes:
        """Return the first 256 kilobytes of a message."""
        file: Any = self.box.get_file(key)
        with file:
            return bytes(file.read(MAX_BYTES))

    def delete(self, key: str) -> None:
        """Delete a message."""
        self.box.discard(key)

    def set_aside(self, key: str) -> None:
        """Move a message to the second mailbox."""
        aside = self.place.aside()
        aside.add(self.read(key))
        aside.close()
        self.box.discard(key)


def open_mailbox(url: str) -> ImapServer | LocalMailbox | None:
    """Return the mailbox that BOUNCES_URL names, or None if that setting is empty. Raises SettingError."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or IMAPS_PORT
    except ValueError:
        raise SettingError(WRONG) from None
    kinds = {"maildir": mailbox.Maildir, "mbox": mailbox.mbox}
    if parts.scheme in kinds and parts.path.startswith("/") and not parts.netloc:
        return LocalMailbox(Path(unquote(parts.path)), kinds[parts.scheme])
    if parts.scheme != "imaps" or not (parts.hostname and parts.username and parts.password):
        raise SettingError(WRONG)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or '"' in folder or "\\" in folder:
        raise SettingError(WRONG)
    return ImapServer(parts.hostname, port, unquote(parts.username), unquote(parts.password), folder)


def _expect_ok(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return the data in a server's response. Raises `imaplib.IMAP4.error` unless the response is OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
