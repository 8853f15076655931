"""The mail server through which we send: its encryption, our sign-in, and whether it accepts our sender."""

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from campaign.mail.checking.findings import Finding, good, remark, wrong
from campaign.mail.failures import Failure

MIN_VALID_DAYS = 14
MIN_SIZE = 1024 * 1024  # bytes; our messages are much smaller
LOCAL = ("localhost", "127.0.0.1", "::1")
LOOK = "Check EMAIL_URL."
ACCEPTED = 250  # RFC 5321, 4.2.3
SECONDS_A_DAY = 24 * 60 * 60


def server(sender: str) -> Iterator[Finding]:
    """Connect to the mail server and yield findings. Stop at the first problem that would prevent sending."""
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection = _connect()
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            f"The certificate of {where} isn't valid: {error.verify_message}.", "Renew it, or correct the name."
        )
        return
    except (OSError, smtplib.SMTPException, ValueError) as error:
        yield wrong(f"The mail server at {where} can't be reached ({Failure.of(error)}).", LOOK)
        return
    try:
        yield good(f"The mail server at {where} answers.")
        yield from _visit(connection, sender)
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            f"The certificate of {where} isn't valid: {error.verify_message}.", "Renew it, or correct the name."
        )
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(f"The mail server ended the connection ({Failure.of(error)}).", LOOK)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()


def _connect() -> smtplib.SMTP:
    """Connect and send the greeting, as Django does for each message."""
    name, host, port = DNS_NAME.get_fqdn(), settings.EMAIL_HOST, settings.EMAIL_PORT
    timeout = settings.EMAIL_TIMEOUT
    if settings.EMAIL_USE_SSL:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
    return smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)


def _visit(connection: smtplib.SMTP, sender: str) -> Iterator[Finding]:
    connection.ehlo()
    if settings.EMAIL_USE_TLS:
        if not connection.has_extn("starttls"):
            yield wrong(
                "The mail server doesn't offer encryption (STARTTLS).", "Use smtp+ssl:// in EMAIL_URL, port 465."
            )
            return
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    yield from _encryption(connection)
    if settings.EMAIL_HOST_USER:
        sign_in = _sign_in(connection)
        yield sign_in
        if not sign_in.is_good:
            return
    yield from _abilities(connection)
    yield _sender(connection, sender)


def _encryption(connection: smtplib.SMTP) -> Iterator[Finding]:
    """Yield findings about the encryption and about how long the certificate is still valid."""
    certificate: Any = getattr(connection.sock, "getpeercert", dict)()
    if certificate:
        left = int(ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()) // SECONDS_A_DAY
        text = f"The connection is encrypted, and the certificate is valid for {left} days"
        yield good(f"{text}.") if left >= MIN_VALID_DAYS else wrong(f"{text} only.", "Have it renewed.")
    elif settings.EMAIL_HOST in LOCAL:
        yield remark("The mail server is on this machine, so the connection needs no encryption.")
    else:
        yield wrong(
            "The connection is not encrypted.", "Use smtp+tls:// (port 587) or smtp+ssl:// (port 465) in EMAIL_URL."
        )


def _sign_in(connection: smtplib.SMTP) -> Finding:
    try:
        connection.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except smtplib.SMTPNotSupportedError:
        return wrong("The mail server doesn't let anybody sign in on this connection.", LOOK)
    except (smtplib.SMTPResponseException, UnicodeError) as error:
        return wrong(f"The mail server refuses our name or password ({Failure.of(error)}).", LOOK)
    return good("The mail server accepts our name and password.")


def _abilities(connection: smtplib.SMTP) -> Iterator[Finding]:
    """Yield findings about extensions that are missing or unusual."""
    size = connection.esmtp_features.get("size", "").split(" ")[0]
    if size.isdecimal() and 0 < int(size) < MIN_SIZE:
        yield wrong(f"The mail server accepts only {size} bytes in a message.", "Make it accept at least a megabyte.")
    if not connection.has_extn("8bitmime"):
        yield remark("The mail server doesn't offer 8BITMIME, which we don't need.")


def _sender(connection: smtplib.SMTP, sender: str) -> Finding:
    """Return a finding about whether the server accepts our envelope's sender. Send nothing."""
    code, answer = connection.mail(sender)
    connection.rset()
    if code == ACCEPTED:
        return good(f"The mail server accepts {sender} as the sender.")
    failure = Failure.of(smtplib.SMTPSenderRefused(code, answer, sender))
    return wrong(f"The mail server refuses {sender} as the sender ({failure.codes}).", "Check DEFAULT_FROM_EMAIL.")
