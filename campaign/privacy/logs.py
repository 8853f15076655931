"""Code that keeps secrets out of the logs."""

import logging
import re
from typing import Any

from campaign.db import is_unavailable

SECRET_PATH = re.compile(r"(/(?:confirm|manage|unsubscribe|never|sign-in|drafts|gift-aid|statement)/)[^/\s\"'?]+")
SEARCHED = re.compile(r"(/search/\?)[^\s\"']+")  # a search may contain somebody's name
# It starts matching only where a word begins, and never backtracks. Otherwise a line of 100,000 letters would take 40
# seconds.
ADDRESS = re.compile(r"(?<![^\s<>\"'(),;:@])[^\s<>\"'(),;:@]++@[^\s<>\"'(),;:]+")


def mask(line: str) -> str:
    """Return the line with a mark in place of link tokens, e-mail addresses and what people search for."""
    return ADDRESS.sub("[address]", SEARCHED.sub(r"\1[query]", SECRET_PATH.sub(r"\1[token]", line)))


class MaskingFormatter(logging.Formatter):
    """A formatter that masks the whole line, including tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - its name in the standard library
        """Log an unavailable database in one line, because every request logs it during an outage."""
        return str(ei[1]).partition("\n")[0] if is_unavailable(ei[1]) else super().formatException(ei)
