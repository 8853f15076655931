"""Functions that read what visitors see on protests' pages, and that change dates."""

import re
from datetime import UTC, date, datetime
from html import unescape

from actions.protests.models import ProtestChange
from tests.actions.factories import ProtestFactory

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
FIRST, SECOND, THIRD = date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8)
PAGE = "/protests/weekly/"


def one_off(slug, day, **fields):
    """Return a protest on a single day."""
    schedule = {"repeats": "dates", "days": [day], "first_on": day, "last_on": day, "weekdays": []}
    return ProtestFactory(slug=slug, **{f"schedule__{name}": value for name, value in schedule.items()}, **fields)


def source_of(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def text_of(client, path=PAGE, part="main"):
    """Return the text of an element on a page, without markup."""
    element = re.search(rf"<{part}\b.*?</{part}>", source_of(client, path), re.DOTALL)[0]
    return re.sub(r" (?=[,.:;])", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", element)).split()))


def panel_of(client, path=PAGE):
    """Return the text of the panel with the next date."""
    panel = re.search(r'<section class="panel".*?</section>', source_of(client, path), re.DOTALL)[0]
    return re.sub(r" (?=[,.:;])", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", panel)).split()))


def cancel(protest, on, note=""):
    ProtestChange.objects.create(protest=protest, on=on, kind="cancelled", note=note)


def move(protest, on, **new):
    ProtestChange.objects.create(protest=protest, on=on, kind="moved", **new)
