"""The admin's forms as a browser would post them."""

import uuid
from html.parser import HTMLParser


class Fields(HTMLParser):
    """The names and values of the fields of one form, which is found by the end of its id."""

    def __init__(self, id_ends):
        super().__init__()
        self.id_ends, self.inside, self.values = id_ends, False, {}
        self.text = self.select = None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = (found.get("id") or "").endswith(self.id_ends)
        if self.inside and "disabled" not in found:
            self._field(tag, found)

    def _field(self, tag, found):
        if tag == "textarea":
            self.text, self.values[found["name"]] = found["name"], ""
        elif tag == "select":
            self.select = found.get("name")
        elif tag == "option" and "selected" in found and self.select:
            self.values[self.select] = found.get("value", "")
        elif tag == "input":
            self._input(found)

    def _input(self, found):
        kind = found.get("type", "text")
        if kind in ("submit", "button", "file") or "name" not in found:
            return
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        self.values[found["name"]] = found.get("value") or ("on" if kind == "checkbox" else "")

    def handle_data(self, data):
        if self.text:
            self.values[self.text] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None


def filled_in(response, **changes):
    """Return the data that a browser would post from an admin form, with changes; "__" in a name stands for "-"."""
    fields = Fields("_form")
    fields.feed(response.content.decode())
    # A browser leaves out the first line break of a textarea.
    values = {name: value.removeprefix("\n") for name, value in fields.values.items() if "__prefix__" not in name}
    return values | {name.replace("__", "-"): value for name, value in changes.items()}


def begun_with(row):
    """Return the hidden values that an object's form posts: the edition that it began with, and a new form id."""
    row.refresh_from_db()
    return {"edition": row.updated_at.isoformat(), "form_id": str(uuid.uuid4())}
