"""How many actions an organiser needs for common work after signing in, by keyboard only.

Following a link, filling in a field and pressing a button count as one action each. The same work in Wagtail 8.0.1, in
a site made by `wagtail start` with blocks of the same kinds, took 6 and 19 actions.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from campaign.pages.models import Page
from campaign.versions.models import Version
from tests.accounts.organisers import sign_in
from tests.browser.test_editor import carry_session, rich_text, statement  # noqa: F401 - a fixture
from tests.sizes import FULL

IN_WAGTAIL = {"correct a typo": 6, "make and schedule a page": 19}
pytestmark = pytest.mark.skipif(not FULL, reason="`make prove` counts the actions.")


class Actions:
    """Counts an organiser's actions at the keyboard."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, locator):
        """Follow a link or press a button."""
        locator.first.press("Enter")
        self.count += 1

    def fill(self, box, text):
        """Fill in a field."""
        expect(self.page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)  # the editors are set up
        box.press("ControlOrMeta+a")
        self.page.wait_for_timeout(300)  # the editor notices a moment later that the browser has moved the caret
        self.page.keyboard.type(text)
        self.page.wait_for_timeout(300)
        self.count += 1

    def choose(self, box, text):
        """Fill in a date or a time, which a keyboard fills in part by part."""
        box.fill(text)
        self.count += 1


@pytest.fixture
def actions(statement, page, client, live_server):  # noqa: F811
    sign_in(client)
    carry_session(page, client, live_server)
    page.goto("/admin/")
    return Actions(page)


def test_a_typo_on_a_live_page_is_corrected(actions):
    page = actions.page
    actions.press(page.get_by_role("link", name="Change a page"))
    actions.press(page.get_by_role("link", name="Our statement"))
    actions.fill(rich_text(page), "Old words, corrected.")
    actions.press(page.get_by_role("button", name="Publish now"))
    expect(page.locator(".messagelist")).to_contain_text("has been published")

    assert "Old words, corrected." in Client().get("/statement/").content.decode()
    assert actions.count < IN_WAGTAIL["correct a typo"]


def test_a_page_is_made_previewed_and_scheduled(actions):
    page, when = actions.page, timezone.localtime() + timedelta(days=3)
    actions.press(page.get_by_role("link", name="Change a page"))
    actions.press(page.get_by_role("link", name="Add page", exact=True))
    actions.fill(page.locator("#id_title"), "What we ask")
    actions.fill(page.get_by_label("Summary"), "Three things.")
    _add(actions, 0)
    actions.press(page.get_by_role("button", name="blockquote"))
    page.wait_for_timeout(300)
    rich_text(page).focus()
    page.keyboard.type("Never again.")
    actions.count += 1
    _add(actions, 2)
    block = page.locator(".dynamic-pages_action_set")
    for label, text in [("Title", "Sign now"), ("Text of the button", "Sign"), ("Link", "/statement/")]:
        actions.fill(block.get_by_label(label), text)
    with page.context.expect_page() as opened:
        actions.press(page.get_by_role("button", name="Preview"))
    expect(opened.value.frame_locator(".preview").locator("blockquote")).to_have_text("Never again.")
    actions.press(page.get_by_role("button", name="Publish later…"))
    actions.choose(page.locator("#id_live_at_0"), when.strftime("%Y-%m-%d"))
    actions.choose(page.locator("#id_live_at_1"), when.strftime("%H:%M"))
    actions.press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("will be published on")).to_be_visible()

    new = Page.objects.get(slug="what-we-ask")
    assert Version.objects.of(Page, new.pk).scheduled(timezone.now()).count() == 1
    assert actions.count < IN_WAGTAIL["make and schedule a page"]


def _add(actions, kind):
    """Add a block of a kind, given its place in the list of kinds."""
    actions.press(actions.page.get_by_role("button", name="Add a block at the end"))
    actions.press(actions.page.locator(".plugin-buttons .plugin-button").nth(kind))
