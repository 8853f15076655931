"""A client that sends hostile requests, and records any that got the status 500 or no response."""

import logging
import traceback
from collections import Counter
from pathlib import Path

from django.test import Client

OURS = tuple(str(Path(__file__).resolve().parents[2] / folder) for folder in ("campaign", "pledges", "actions"))
MAX_SHOWN = 300


class RecordingClient:
    """A test client that counts response statuses; `faults` holds failures that no request may cause."""

    def __init__(self, client=None):
        self.client = client or Client()
        self.client.raise_request_exception = False
        self.answers = Counter()
        self.faults = {}
        self.logged = Errors()

    def send(self, method, path, data=b"", content_type="application/octet-stream", headers=None):
        """Send one request; return the response, or None if there was none."""
        self.logged.clear()
        try:
            response = self.client.generic(method, path, data, content_type, headers=headers)
            if response.streaming:
                response.getvalue()
        except Exception as error:  # noqa: BLE001 - any exception that escapes is what we are looking for
            self._record(error, method, path, data, content_type, headers)
            return None
        self.answers[response.status_code] += 1
        if response.status_code >= 500 or self.logged.errors:
            raised = getattr(response, "exc_info", None)
            error = raised[1] if raised else RuntimeError(self.logged.errors)
            self._record(error, method, path, data, content_type, headers)
        return response

    @property
    def summary(self):
        """Number of responses by status, such as "200: 14, 302: 2"."""
        return ", ".join(f"{status}: {count}" for status, count in sorted(self.answers.items()))

    def _record(self, error, *request):
        """Keep the first request that caused each kind of fault."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if frame.filename.startswith(OURS)]
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in (*ours[-1:], *frames[-1:])]
        kind = f"{type(error).__name__} at {', '.join(where)}"
        self.faults.setdefault(kind, (str(error)[:MAX_SHOWN], *(repr(part)[:MAX_SHOWN] for part in request)))


class Errors(logging.Handler):
    """A log handler that keeps errors logged while a request is handled."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.errors = []
        logging.getLogger("django.request").addHandler(self)

    def clear(self):
        self.errors = []

    def emit(self, record):
        self.errors.append(record.getMessage()[:MAX_SHOWN])
