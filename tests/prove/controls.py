"""The controls of a page's forms, as a browser would send them."""

from collections import defaultdict
from html.parser import HTMLParser


class Forms(HTMLParser):
    """Of each name in the page's forms, the values that it may have; first the one that it has."""

    def __init__(self, html):
        super().__init__()
        self.values = defaultdict(list)
        self.inside = self.text = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name, value = found.get("name"), found.get("value") or ""
        if tag in ("input", "button") and name:
            self._add(name, value, first="checked" in found)
        elif tag == "select" and name:
            self.inside = name
        elif tag == "option" and self.inside:
            self._add(self.inside, value, first="selected" in found)
        elif tag == "textarea" and name:
            self.inside, self.text = name, ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.inside:
            self._add(self.inside, self.text.strip(), first=True)
        if tag in ("select", "textarea"):
            self.inside = self.text = None

    def _add(self, name, value, *, first):
        self.values[name].insert(0 if first else len(self.values[name]), value)


def controls(html):
    """Of each name in the page's forms, the values that it may have; first the one that it has."""
    return dict(Forms(html).values)
