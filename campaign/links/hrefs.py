"""Links in HTML, read by the parser that also sanitises it."""

from collections.abc import Callable
from typing import Any

import nh3

# Schemes that somebody might type. They are read so that they can be refused with a reason.
READ = {"http", "https", "mailto", "javascript", "data", "vbscript", "file", "ftp", "tel", "sms", "blob"}


def hrefs(html: str) -> list[str]:
    """Return the targets of all links in order, except those with a scheme that isn't in `READ`."""
    found: list[str] = []

    def keep(_tag: str, _attribute: str, value: str) -> str:
        found.append(value)
        return value

    if "<a" in html.lower():
        nh3.clean(html, tags={"a"}, attributes={"a": {"href"}}, url_schemes=READ, attribute_filter=keep, link_rel=None)
    return found


def with_hrefs(html: str, change: Callable[[str], str], **allowed: Any) -> str:
    """Return the HTML with each target changed, sanitised with the options of `nh3.clean` in `allowed`.

    Empty attributes are removed, because the editor's dialog leaves an empty title.
    """

    def changed(_tag: str, attribute: str, value: str) -> str | None:
        return (change(value) if attribute == "href" else value) or None

    return nh3.clean(html, attribute_filter=changed, **allowed) if "<a" in html else html
