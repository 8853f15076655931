"""An organiser at work, in a real browser under our content security policy, from the first link on."""

import re
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from campaign.pages.models import Fact, Page, Text
from tests.accounts.organisers import PASSWORD, code, give_authenticator, make_organiser
from tests.factories import PageFactory, SiteSettingsFactory

NEW = "four quite odd words"
WIDTHS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture
def statement(transactional_db):
    """A page of three blocks, on a site that has its settings."""
    SiteSettingsFactory(name="A campaign")
    page = PageFactory(title="Our statement", slug="statement")
    Text.objects.create(parent=page, region="main", ordering=10, html="<p>Old words.</p>")
    Fact.objects.create(
        parent=page, region="main", ordering=20, claim="It is so.", source="Them", dated="2026",
        url="https://example.org/",
    )
    Text.objects.create(parent=page, region="main", ordering=30, html="<p>Last words.</p>")
    return page


@pytest.fixture
def organiser(statement, page, live_server):
    """An organiser, signed in with both factors in the browser."""
    secret = give_authenticator(make_organiser(is_superuser=True))
    page.goto(live_server.url + "/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def editors(page):
    """The text boxes of the rich text editor, in the order of their blocks."""
    return page.locator(".ProseMirror[contenteditable=true]")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".messagelist .success")


def check_look(page, name, seen):
    """No WCAG A or AA violation that axe finds, no sideways scrolling."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    for violation in found.response["violations"]:
        seen.append((name, violation["id"], [node["target"] for node in violation["nodes"]]))


def test_from_the_first_link_to_a_changed_page(statement, live_server, page):
    out = StringIO()
    call_command("organiser_sign_in", "--base-url", live_server.url, stdout=out)
    page.goto(re.search(r"http\S+", out.getvalue())[0])
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.get_by_role("button", name="Save the password").click()

    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_text("I cannot scan it").click()
    page.get_by_label("Authenticator code").fill(code(page.locator("code").inner_text()))
    page.get_by_role("button", name="Go on").click()

    assert len(page.locator("pre.codes").inner_text().split()) == 10
    page.get_by_role("link", name="go to the admin").click()
    page.get_by_role("link", name="Pages", exact=True).first.click()
    page.get_by_role("link", name="Our statement").click()
    editors(page).first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("New words.")
    save(page)

    page.context.clear_cookies()
    page.goto(live_server.url + "/statement/")
    assert page.get_by_text("New words.").is_visible()
    assert page.get_by_text("Old words.").count() == 0


