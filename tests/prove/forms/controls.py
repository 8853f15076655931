"""The controls of a page's forms, as a browser would submit them."""

from collections import defaultdict
from html.parser import HTMLParser


class Forms(HTMLParser):
    """The possible values of each control in a page's forms, the current value first."""

    def __init__(self, html):
        super().__init__()
        self.values = defaultdict(list)
        self.inside = self.text = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag in ("input", "button") and name:
            self._add(name, value, first="checked" in attributes)
        elif tag == "select" and name:
            self.inside = name
        elif tag == "option" and self.inside:
            self._add(self.inside, value, first="selected" in attributes)
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
    """Return the possible values of each control in the page's forms, the current value first."""
    return dict(Forms(html).values)
