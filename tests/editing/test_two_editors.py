"""Two organisers with two tabs each: nobody overwrites text that they have not seen."""

import random

from campaign.pages.models import Page
from tests.editing.filled_in import filled_in
from tests.editing.test_editing import change
from tests.factories import PageFactory
from tests.sizes import size


def test_two_editors_with_two_tabs_each_never_overwrite_silently(organiser, colleague, db):
    page = PageFactory(publish=False)
    for seed in range(size(5, 200)):
        chance = random.Random(seed)  # noqa: S311 - not a secret
        tabs = [(client, []) for client in (organiser, organiser, colleague, colleague)]
        for step in range(4):
            client, opened = chance.choice(tabs)
            if not opened:
                opened.append(filled_in(client.get(change(page))))
                continue
            _save_one(client, page, opened.pop(), f"{seed}-{step}")


def _save_one(client, page, form, words):
    """Save a form; if the save is accepted, check that the form began with the last saved text."""
    before = Page.objects.get()
    response = client.post(change(page), form | {"summary": words, "_continue": "1"})
    after = Page.objects.get()

    assert response.status_code in (302, 409)
    if response.status_code == 302:
        assert form["edition"] == before.updated_at.isoformat()
        assert after.summary == words
    else:
        assert (after.summary, after.updated_at) == (before.summary, before.updated_at)
        assert words in response.content.decode()
