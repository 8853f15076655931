"""Atom feeds (RFC 4287)."""

from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class AtomFeed(Atom1Feed):
    """An Atom feed whose entries may have a language and HTML content.

    An empty feed has a fixed date, so that its bytes never change.
    """

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else BEGAN

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Return the attributes of an entry, which are its language, if it has one."""
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the elements of an entry, and its content, if it has any."""
        super().add_item_elements(handler, item)
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})
