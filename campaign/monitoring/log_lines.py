"""Log lines as JSON, made of allowed fields only.

The text of a line is the template that our own code logs. Only arguments of harmless types are filled in: numbers,
UUIDs, and texts that the caller has marked as `Safe`. Other libraries put paths, addresses and values from the
database into their texts, so their lines say only where they were logged. A traceback has files, lines and functions,
but neither values nor messages.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from campaign.db import is_unavailable
from campaign.monitoring import context

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASE = ROOT.name[:12]  # `deploy/install` names the folder of a release by its commit
OURS = {"campaign", "pledges", "actions"}
HIDDEN = "…"
MAX_CHAIN = 5
PHRASES = {status.value: status.phrase for status in HTTPStatus}
# What gunicorn's master says about its workers.
KNOWN = re.compile(r"WORKER TIMEOUT \(pid:\d+\)|Worker \(pid:\d+\) (?:exited with code \d+|was sent SIG[A-Z]+!)")
log = logging.getLogger(__name__)


class Safe(str):
    """A text that may be logged because it contains no personal data, such as the name of a function."""

    __slots__ = ()


class JsonFormatter(logging.Formatter):
    """A formatter that writes one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line(record))


def line(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a line. Those without a value are left out."""
    fields = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": event(record),
        "at": f"{short(record.pathname)}:{record.lineno}",
        "job": context.current_job.get(),
        **context.describe(getattr(record, "request", None) or context.current_request.get()),
        "status": getattr(record, "status_code", None),
        "exception": list(exceptions(record.exc_info[1])) if record.exc_info and record.exc_info[1] else None,
        "release": RELEASE,
    }
    return {name: value for name, value in fields.items() if value is not None}


def event(record: logging.LogRecord) -> str | None:
    """Return what happened, without anything that could identify somebody. Return None if that isn't known."""
    if record.name.partition(".")[0] in OURS:
        return _filled_in(str(record.msg), record.args)
    if status := getattr(record, "status_code", None):
        return PHRASES.get(status)
    known = KNOWN.match(record.getMessage())
    return known[0] if known else None


def exceptions(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield the type and the frames of an exception, and then of each exception that caused it.

    An unavailable database has no frames, because every request logs it during an outage. Only errors in the
    configuration keep their message, which is about no visitor.
    """
    for _number in range(MAX_CHAIN):
        if error is None:
            return
        fields: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
        if isinstance(error, ImproperlyConfigured):
            fields["message"] = str(error)
        if is_unavailable(error):
            yield fields
            return
        yield fields | {"frames": frames(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def frames(tb: TracebackType | None) -> list[str]:
    """Return the frames of a traceback, such as "pledges/views/sign.py:31 sign", the outermost first."""
    return [f"{short(f.f_code.co_filename)}:{number} {f.f_code.co_name}" for f, number in traceback.walk_tb(tb)]


def short(path: str) -> str:
    """Return the path of a module below the checkout or the installed packages, or its name if it is elsewhere."""
    _before, found, below = path.rpartition("/site-packages/")
    if found:
        return below
    return path[len(str(ROOT)) + 1 :] if path.startswith(f"{ROOT}/") else path.rpartition("/")[2]


def log_uncaught(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
    """Log an exception that ends a process: Python's own report would print its message, and perhaps a name in it."""
    if issubclass(kind, Exception):
        log.critical("The process ends with an error.", exc_info=(kind, error, tb))
    else:
        sys.__excepthook__(kind, error, tb)


def replace_reports() -> None:
    """Stop Python from reporting errors in its own way, with their messages and with what could not be logged."""
    sys.excepthook = log_uncaught
    threading.excepthook = lambda args: log_uncaught(args.exc_type, args.exc_value or SystemExit(), args.exc_traceback)
    logging.raiseExceptions = False


def _filled_in(template: str, args: Any) -> str:
    """Return a template with those of its arguments that may be logged."""
    if not isinstance(args, tuple) or not args:
        return template
    try:
        return template % tuple(_shown(argument) for argument in args)
    except (TypeError, ValueError):  # a hidden argument where the template needs a number
        return template


def _shown(argument: Any) -> Any:
    return argument if argument is None or isinstance(argument, int | float | UUID | Safe) else HIDDEN
