"""The draft editor in a real browser, which loses nothing that anybody types, and saves nothing twice."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from campaign.audit.models import AuditEntry
from campaign.editing.models import WorkingCopy
from campaign.pages.models import Action, Fact, Page, Text
from campaign.versions.models import Version
from tests.accounts.organisers import sign_in
from tests.browser.rich_text import enter, press, write
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, SiteSettingsFactory

CONTENT = """() => [...new FormData(document.querySelector("#page_form"))]
  .filter(([name]) => !/csrfmiddlewaretoken|__prefix__/.test(name)).map(String).sort()"""
CONFLICT = re.compile("status of 409")
LONGER_THAN_A_KEEP = 4500  # milliseconds
LONGER_THAN_A_SCROLL = 400  # the content editor scrolls back after 200 milliseconds


@pytest.fixture
def statement(transactional_db):
    """Return a published page of three blocks."""
    SiteSettingsFactory()
    statement = PageFactory(title="Our statement", slug="statement", publish=False)
    blocks = {"parent": statement, "region": "main"}
    Text.objects.create(ordering=10, html="<p>Old words.</p>", **blocks)
    Fact.objects.create(ordering=20, claim="It is so.", source="Them", dated="2026", url="https://un.org/a", **blocks)
    Text.objects.create(ordering=30, html="<p>Last words.</p>", **blocks)
    statement.publish()
    return statement


@pytest.fixture
def desk(statement, page, client, live_server, allowed_errors):
    """Open the form of the page in a signed-in browser; afterwards, check that no script has logged a warning."""
    warnings = []
    page.context.on("console", lambda line: warnings.append(line.text))
    sign_in(client)
    carry_session(page, client, live_server)
    page.address = f"/admin/pages/page/{statement.pk}/change/"
    page.goto(page.address)
    expect(page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)  # wait until the editors are set up
    yield page
    assert [line for line in warnings if not any(pattern.search(line) for pattern in allowed_errors)] == []


def carry_session(page, client, live_server):
    """Give the browser the session of a signed-in client."""
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def rich_text(page, number=0):
    return page.locator(".ProseMirror[contenteditable=true]").nth(number)


def wait_until_kept(page):
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_unsaved_text_survives_a_crash(desk, statement):
    page = desk
    page.wait_for_timeout(LONGER_THAN_A_KEEP)
    assert not WorkingCopy.objects.exists()  # nobody has typed anything

    page.locator("#id_title").press("End")
    page.keyboard.type(" of today")
    enter(page, rich_text(page))
    press(page, "ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+b")
    page.locator(".dynamic-pages_text_set").last.get_by_label("Delete").press("Space")
    button(page, "Move up: It is so.").press("Enter")
    button(page, "Add a block at the end").press("Enter")
    page.locator(".plugin-buttons").get_by_role("button", name="Call to action", exact=True).press("Enter")
    page.locator(".dynamic-pages_action_set").get_by_label("Title").fill("Sign now")
    typed = page.evaluate(CONTENT)
    wait_until_kept(page)

    again = page.context.new_page()
    page.close()  # without asking
    again.goto(page.address)
    again.get_by_role("link", name="Continue with that text").press("Enter")
    expect(again.get_by_text("This is what you typed")).to_be_visible()
    expect(rich_text(again, 1)).to_be_attached()
    assert again.evaluate(CONTENT) == typed
    assert Page.objects.get().title == "Our statement"

    button(again, "Save the draft").press("Enter")
    again.wait_for_selector(".messagelist .success")
    assert again.get_by_text("that you did not save").count() == 0
    assert Page.objects.get().title == "Our statement of today"
    assert [text.html for text in Text.objects.all()] == ["<p><strong>Old words.</strong></p>"]
    assert Fact.objects.get().ordering < Text.objects.get().ordering < Action.objects.get().ordering


def test_leaving_with_unsaved_text_warns_and_double_clicks_do_no_harm(desk, statement):
    page, asked = desk, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Summary").press_sequentially("Now")
    page.get_by_role("link", name="History").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]

    button(page, "Save the draft").dblclick()
    page.wait_for_selector(".messagelist .success")
    button(page, "Publish now").dblclick()
    page.wait_for_selector(".messagelist .success:has-text('has been published')")
    page.go_back()
    expect(page.get_by_label("Summary")).to_have_value(re.compile("Now"))
    page.get_by_label("Summary").fill("Later")
    button(page, "Save the draft").click()
    page.wait_for_selector(".messagelist .success:has-text('changed')")
    page.get_by_role("link", name="History").click()
    page.wait_for_url("**/history/")

    assert asked == ["beforeunload"]
    assert Version.objects.of(Page, statement.pk).count() == 2
    assert AuditEntry.objects.filter(model="pages.page", act="change").count() == 3
    assert (Page.objects.get().summary, WorkingCopy.objects.count()) == ("Later", 0)


def test_a_refusal_shows_the_first_problem_even_far_down_the_form(desk, statement):
    page = desk
    page.locator("#id_slug").fill("what is this?")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate("scrollY") > 0

    button(page, "Publish now").click()
    expect(page.locator(".errorlist")).to_have_text(re.compile("Enter a valid"))
    page.wait_for_timeout(LONGER_THAN_A_SCROLL)
    expect(page.locator(".errorlist")).to_be_in_viewport()
    expect(page.locator("#id_slug")).to_be_focused()


def test_publishing_says_that_it_is_going_on_and_what_came_of_it(desk, statement):
    page = desk
    page.route(f"**{page.address}", lambda route: route.fulfill(status=204))  # the browser stays where it is
    page.locator("#id_title").press_sequentially("!")
    wait_until_kept(page)

    button(page, "Publish now").click()
    expect(page.locator("[data-kept]")).to_have_text("Saving…")
    expect(page.locator("[data-kept]")).to_contain_text("The site hasn’t answered", timeout=20000)

    page.unroute(f"**{page.address}")
    button(page, "Publish now").click()
    page.wait_for_selector(".messagelist .success:has-text('has been published')")


def test_a_second_editor_sees_both_texts_and_can_then_save(desk, statement, allow_errors):
    allow_errors(CONFLICT)
    page, colleague = desk, Client()
    sign_in(colleague, username="ruth", first_name="Ruth", last_name="Feldman")
    theirs = filled_in(colleague.get(page.address), title="Their statement")
    colleague.post(page.address.replace("change", "presence"), theirs)
    page.reload()
    expect(page.get_by_text("Ruth Feldman is editing this too.")).to_be_visible()
    enter(page, rich_text(page))
    press(page, "End")
    write(page, " Mine.")
    colleague.post(page.address, theirs | {"_continue": "1"})
    wait_until_kept(page)
    expect(page.get_by_text("Somebody has saved a newer draft")).to_be_visible()

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    button(page, "Save the draft").click()
    conflict = page.get_by_role("region", name="Nothing has been saved yet")
    page.wait_for_timeout(LONGER_THAN_A_SCROLL)
    expect(conflict).to_be_in_viewport()
    expect(conflict.locator("del").first).to_contain_text("Their")
    expect(conflict.locator("ins").last).to_contain_text("Mine.")
    button(page, "Save the draft").click()
    page.wait_for_selector(".messagelist .success")
    assert Page.objects.get().title == "Our statement"
    assert Text.objects.first().html == "<p>Old words. Mine.</p>"


def test_unsaved_text_is_previewed_on_a_phone_and_in_the_dark(desk):
    page = desk
    page.locator("#id_title").fill("Only typed")
    with page.context.expect_page() as opened:
        button(page, "Preview").press("Enter")
    preview = opened.value
    inside = preview.frame_locator(".preview:not(.preview-card)")
    expect(inside.get_by_role("heading", name="Only typed")).to_be_visible()
    paper = inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    preview.get_by_label("on a phone").press("Space")
    preview.get_by_label("in dark colours").press("Space")

    assert preview.locator(".preview:not(.preview-card)").evaluate("frame => frame.contentWindow.innerWidth") == 390
    assert inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") != paper
    assert inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(14, 22, 32)"
    button(page, "Preview").click()
    preview.wait_for_load_state()
    assert len(page.context.pages) == 2


def test_unsaved_text_of_several_new_pages_is_kept_apart(desk):
    first, second = desk, desk.context.new_page()
    for page, title in ((first, "First"), (second, "Second")):
        page.goto("/admin/pages/page/add/")
        page.locator("#id_title").press_sequentially(title)
        wait_until_kept(page)
    assert WorkingCopy.objects.count() == 2

    button(second, "Save the draft").click()
    second.wait_for_selector(".messagelist .success")
    second.goto("/admin/pages/page/add/")
    second.get_by_role("link", name="Continue with that text").click()
    expect(second.locator("#id_title")).to_have_value("First")
    button(first, "Publish later…").click()
    expect(first.get_by_role("heading", name="Publish: First")).to_be_visible()
    second.goto("/admin/pages/page/add/")
    assert second.get_by_text("that you did not save").count() == 0
