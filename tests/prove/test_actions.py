"""The number of actions that common tasks take an organiser after signing in, with the keyboard alone.

Following a link, filling in a field and pressing a button count as one action each. Pressing Tab isn't counted. The
same two tasks in Wagtail 8.0.1, on a site made by `wagtail start` with blocks of the same kinds, took 6 actions and at
least 19. If RECORDINGS is set to a folder, a Playwright trace of each task is stored in it.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from campaign.pages.models import Page, Text
from campaign.versions.models import Version
from tests.accounts.organisers import sign_in
from tests.browser.test_editor import carry_session, rich_text
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory, make_picture
from tests.sizes import FULL

IN_WAGTAIL = {"correct a typo": 6, "make and schedule a page": 19}
MAX_TABS = 300
IS_FOCUSED = "element => element === document.activeElement"
pytestmark = pytest.mark.skipif(not FULL, reason="`make prove` counts the actions.")


class Actions:
    """Counts an organiser's actions at the keyboard."""

    def __init__(self, page):
        self.page, self.keys, self.count = page, page.keyboard, 0

    def reach(self, locator):
        """Press Tab until the element has the focus, if it hasn't already."""
        expect(locator).to_be_visible()
        for _ in range(MAX_TABS):
            if locator.evaluate(IS_FOCUSED):
                return
            self.keys.press("Tab")
        pytest.fail(f"Tab does not reach {locator}.")

    def press(self, locator):
        """Follow a link or press a button."""
        self.reach(locator)
        self.keys.press("Enter")
        self.count += 1

    def fill(self, locator, text):
        """Fill in an empty field."""
        self.reach(locator)
        self.keys.type(text)
        self.count += 1

    def add_block(self, kind):
        """Add a block at the end, which moves the focus into the block."""
        self.press(self.page.get_by_role("button", name="Add a block at the end"))
        self.press(self.page.locator(".plugin-buttons").get_by_role("button", name=kind, exact=True))


@pytest.fixture
def actions(transactional_db, page, client, live_server, request):
    SiteSettingsFactory()
    sign_in(client)
    carry_session(page, client, live_server)
    folder = os.environ.get("RECORDINGS")
    if folder:
        page.context.tracing.start(screenshots=True, snapshots=True)
    page.goto("/admin/")
    yield Actions(page)
    if folder:
        page.context.tracing.stop(path=Path(folder) / f"{request.node.name}.zip")


def test_a_typo_on_a_live_page_is_corrected(transactional_db, actions):
    statement = PageFactory(title="Our statement", slug="statement", publish=False)
    Text.objects.create(parent=statement, region="main", ordering=10, html="<p>We stand with teh Uyghurs.</p>")
    statement.publish()
    page = actions.page
    actions.press(page.get_by_role("link", name="Change a page"))
    actions.press(page.get_by_role("link", name="Our statement"))
    actions.reach(rich_text(page))
    page.keyboard.press("Control+Home")
    for key in [*["ArrowRight"] * len("We stand with "), *["Delete"] * len("teh")]:
        page.keyboard.press(key)
    actions.fill(rich_text(page), "the")
    actions.press(page.get_by_role("button", name="Publish now"))
    expect(page.locator(".messagelist")).to_contain_text("has been published")

    assert "We stand with the Uyghurs." in Client().get("/statement/").content.decode()
    assert actions.count == 4 < IN_WAGTAIL["correct a typo"]


def test_a_page_is_made_previewed_and_scheduled(transactional_db, actions):
    make_picture()
    PledgeFactory(title="Stop the persecution")
    page, when = actions.page, timezone.localtime() + timedelta(days=3)
    actions.press(page.get_by_role("link", name="Write a new page"))
    actions.fill(page.locator("#id_title"), "What we ask")

    actions.add_block("Picture")
    actions.press(page.locator("#pages_pictureblock_set-0").get_by_role("combobox", name="Picture"))
    actions.fill(page.locator(".select2-search__field"), "Banners")
    expect(page.locator(".select2-results__option--highlighted")).to_have_text("Banners")
    page.keyboard.press("Enter")
    actions.add_block("Quotation")
    actions.fill(page.locator("#id_pages_quotation_set-0-words"), "Never again.")
    actions.add_block("Card of a pledge, letter, protest, appeal, brand, plan or update")
    actions.fill(page.locator("#id_pages_embed_set-0-target"), "Stop")

    with page.context.expect_page() as opened:
        actions.press(page.get_by_role("button", name="Preview"))
    _expect_all(opened.value.frame_locator("iframe[title*='visitors']"))
    opened.value.close()
    actions.press(page.get_by_role("button", name="Publish later…"))
    actions.fill(page.locator("#id_live_at_0"), when.strftime("%m%d%Y"))
    actions.fill(page.locator("#id_live_at_1"), when.strftime("%I%M%p"))
    actions.press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("will be published on")).to_be_visible()

    new = Page.objects.get(slug="what-we-ask")
    version = Version.objects.of(Page, new.pk).scheduled(timezone.now()).get()
    assert version.live_at == when.replace(second=0, microsecond=0)
    assert Client().get("/what-we-ask/").status_code == 404
    with time_machine.travel(version.live_at):
        page.set_content(Client().get("/what-we-ask/").content.decode())
    _expect_all(page)
    assert actions.count == 17 < IN_WAGTAIL["make and schedule a page"]


def _expect_all(shown):
    """Check that the picture with its alternative text, the quotation and the card of the pledge are shown."""
    expect(shown.get_by_role("img", name="Forty people with banners")).to_be_visible()
    expect(shown.locator("blockquote")).to_contain_text("Never again.")
    expect(shown.get_by_role("heading", name="Stop the persecution")).to_be_visible()
