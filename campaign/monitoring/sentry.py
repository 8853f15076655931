"""Reports of errors to Sentry, or to a server that speaks its protocol, if SENTRY_DSN is set.

A report is made of the same fields as the line in the log (`campaign.monitoring.log_lines`). Whatever else Sentry's
package has collected is thrown away.
"""

import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from campaign.db import is_unavailable
from campaign.monitoring import log_lines

TAGS = ("request", "job", "method", "route", "status", "at")


def start(dsn: str) -> None:
    """Report each error that is logged from now on. Raises ImproperlyConfigured if the package is not installed."""
    try:
        import sentry_sdk  # large, and needed only here
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError as error:
        raise ImproperlyConfigured("Run: .venv/bin/pip install -r requirements-sentry.txt") from error
    sentry_sdk.init(
        dsn=dsn,
        before_send=allowed,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        default_integrations=False,  # they read requests, and change how other libraries work
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_default_pii=False,
        send_client_reports=False,
        auto_session_tracking=False,
        server_name="",
        release=log_lines.RELEASE,
    )


def allowed(event: Any, hint: dict[str, Any]) -> Any:
    """Return the report for a line in the log. Return None, which sends nothing, if the database is unavailable.

    During an outage every request fails for that reason, and `/readyz` says so.
    """
    record = hint.get("log_record")
    if record is None or (record.exc_info and is_unavailable(record.exc_info[1])):
        return None
    line = log_lines.line(record)
    return {
        "event_id": event["event_id"],
        "timestamp": event["timestamp"],
        "platform": "python",
        "level": event["level"],
        "logger": line["logger"],
        "release": line["release"],
        "logentry": {"message": line.get("event", line["at"])},
        "tags": {name: str(line[name]) for name in TAGS if name in line},
        "exception": {"values": [_exception(fields) for fields in reversed(line.get("exception", []))]},
    }


def _exception(fields: dict[str, Any]) -> dict[str, Any]:
    module, _dot, name = fields["type"].rpartition(".")
    frames = [_frame(text) for text in fields.get("frames", [])]
    return {"type": name, "module": module, "value": fields.get("message", ""), "stacktrace": {"frames": frames}}


def _frame(text: str) -> dict[str, Any]:
    place, _space, function = text.rpartition(" ")
    path, _colon, number = place.rpartition(":")
    return {"filename": path, "lineno": int(number), "function": function}
