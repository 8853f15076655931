"""An organiser's work, starting with the first sign-in link, in a real browser under our content security policy."""

import re
from io import StringIO

from content_editor.contents import contents_for_item
from django.core.management import call_command
from playwright.sync_api import expect

from campaign.pages.models import Action, Fact, Page, Text
from tests.accounts.organisers import code
from tests.actions.factories import LetterFactory, OwnLetterFactory
from tests.browser.rich_text import enter, press, wait_until_noticed, write
from tests.factories import PageFactory

NEW = "four quite odd words"
PASTE = """(editor, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
TABLE = (
    "<style>p { color: red }</style><table><tr><td style='color:red'>a<td onclick=x()>b</table><img src=x><img src=y>"
)


def editors(page):
    """Return the text boxes of the rich text editors, in the order of their blocks."""
    return page.locator(".ProseMirror[contenteditable=true]")


def expect_said(page, text):
    """Wait until a status message says this; a page may have several."""
    expect(page.get_by_role("status").filter(has_text=text)).to_have_count(1)


def save(page):
    page.locator("[name=_continue], [name=_save]").first.click()
    page.wait_for_selector(".messagelist .success")


def test_a_new_organiser_signs_in_and_changes_a_page(statement, live_server, page):
    out = StringIO()
    call_command("organiser_sign_in", "--base-url", live_server.url, stdout=out)
    page.goto(re.search(r"http\S+", out.getvalue())[0])
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.get_by_role("button", name="Save password").click()

    qr_code = page.get_by_role("img", name="QR code")
    assert qr_code.evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_text("I cannot scan it").click()
    page.get_by_label("Authenticator code").fill(code(page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()

    assert len(page.locator("pre.codes").inner_text().split()) == 10
    page.get_by_role("link", name="go to the admin").click()
    page.get_by_role("link", name="Change a page").click()
    page.get_by_role("link", name="Our statement").click()
    enter(page, editors(page).first)
    press(page, "ControlOrMeta+a")
    write(page, "New words.")
    page.get_by_role("button", name="Publish now").click()
    page.wait_for_selector(".messagelist .success")

    page.context.clear_cookies()
    page.goto(live_server.url + "/statement/")
    assert page.get_by_text("New words.").is_visible()
    assert page.get_by_text("Old words.").count() == 0


def test_blocks_are_added_formatted_moved_and_deleted_without_a_mouse(organiser, statement, live_server):
    page = organiser
    page.goto(f"{live_server.url}/admin/pages/page/{statement.pk}/change/")
    fact = page.locator(".inline-related.dynamic-pages_fact_set")
    fact.get_by_role("button", name="Move up: It is so.").press("Enter")
    expect_said(page, "Moved to position 1 of 3.")
    page.locator(".dynamic-pages_text_set").first.get_by_label("Delete").press("Space")
    page.get_by_role("button", name="Add a block at the end").press("Enter")
    page.locator(".plugin-buttons").get_by_role("button", name="Call to action", exact=True).press("Enter")
    action = page.locator(".dynamic-pages_action_set")
    action.get_by_label("Title").fill("Sign now")
    action.get_by_label("Text of the button").fill("Sign")
    action.get_by_label("Link").fill("/letters/")
    last = page.locator(".dynamic-pages_text_set").last
    last.get_by_role("button", name="unordered list").press("Enter")
    last.get_by_text("Last words.", exact=True).last.click()
    wait_until_noticed(page)
    press(page, "ControlOrMeta+End")
    press(page, "Enter")
    write(page, "Second point.")
    save(page)

    blocks = contents_for_item(statement, plugins=[Text, Fact, Action])
    assert [type(block) for block in blocks] == [Fact, Text, Action]
    assert list(blocks)[1].html == "<ul><li><p>Last words.</p></li><li><p>Second point.</p></li></ul>"


def test_rows_and_lists_can_be_reordered_without_a_mouse(organiser, live_server):
    page = organiser
    LetterFactory(title="First")
    letter = OwnLetterFactory(title="Second")
    page.goto(f"{live_server.url}/admin/letters/letter/{letter.pk}/change/")
    page.get_by_role("button", name="Move down: Will you act 1?").press("ArrowDown")
    expect_said(page, "Moved to position 2 of 2.")
    page.get_by_role("button", name="Add another Question to ask").press("Enter")
    page.keyboard.type("Will you answer?")
    new = page.get_by_role("button", name="Move up: Will you answer?")
    new.press("ArrowUp")
    expect(new).to_be_focused()
    save(page)
    assert [str(ask) for ask in letter.asks.all()] == ["Will you act 2?", "Will you answer?", "Will you act 1?"]

    page.goto(live_server.url + "/admin/letters/letter/")
    page.get_by_role("link", name="Change the order").press("Enter")
    page.get_by_role("button", name="Move up: Second").press("Enter")
    expect_said(page, "Moved to position 1 of 2.")
    page.get_by_text("First").drag_to(page.get_by_text("Second"))
    expect(page.locator(".ordered .name")).to_have_text(["First", "Second"])
    page.get_by_role("button", name="Move down: First").press("Enter")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator(".ordered .name")).to_have_text(["Second", "First"])


def test_a_new_page_gets_its_slug_from_its_title(organiser, live_server):
    page = organiser
    page.goto(live_server.url + "/admin/pages/page/add/")
    page.locator("#id_title").press_sequentially("What we ask of you")
    assert page.get_by_label("End of the web address").input_value() == "what-we-ask-of-you"
    page.get_by_role("button", name="Add a block at the end").click()
    page.get_by_role("button", name="Text", exact=True).click()
    wait_until_noticed(page)
    write(page, "First words.")
    press(page, "Shift+Enter")
    write(page, "Our statement.")
    press(page, "Shift+Home")
    page.keyboard.press("ControlOrMeta+k")
    box = page.get_by_label("Page on this site, or an address")
    box.press_sequentially("our stat")
    expect(page.locator("dialog #our-pages option[value='/statement/']")).to_have_count(1)
    box.fill("/statement/")
    box.press("Enter")
    expect(editors(page).last.get_by_role("link", name="Our statement.")).to_be_visible()
    press(page, "ControlOrMeta+End")
    press(page, "Enter")
    editor = editors(page).last
    editor.evaluate(PASTE, '<b style="font-weight:normal"><p>Plain <img src="x"><b>bold</b></p></b>')
    expect_said(page, "We left out a picture.")
    editor.evaluate(PASTE, TABLE)
    expect_said(page, "We left out 2 pictures, a table’s layout and colours.")
    assert [editor.get_attribute(name) for name in ("spellcheck", "lang", "dir")] == ["true", "en-gb", "ltr"]
    page.get_by_label("Language").select_option("ug")
    assert [editor.get_attribute(name) for name in ("lang", "dir")] == ["ug", "rtl"]
    page.get_by_label("Language").select_option("en-gb")
    save(page)

    assert Text.objects.get(parent__slug="what-we-ask-of-you").html == (
        '<p>First words.<br><a href="/statement/">Our statement.</a></p><p>Plain <strong>bold</strong>a – b</p>'
    )


def test_a_list_of_pages_is_edited_searched_and_filtered(organiser, statement, live_server):
    page = organiser
    PageFactory(title="Privacy", order=2, published=False)
    page.goto(live_server.url + "/admin/pages/page/")
    page.get_by_label("Shown to visitors: Our statement").uncheck()
    save(page)
    page.get_by_role("link", name="No", exact=True).click()
    page.wait_for_url("**published__exact=0*")
    page.locator("#searchbar").fill("statement")
    page.locator("#searchbar").press("Enter")
    page.wait_for_url("**q=statement*")

    assert not Page.objects.get(pk=statement.pk).published
    assert page.locator("#result_list tbody tr").count() == 1


def test_a_list_keeps_the_roles_of_a_table_when_its_rows_become_cards_on_a_phone(organiser, live_server):
    page = organiser
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/pages/page/")

    row = page.locator("#result_list[role=table] tbody[role=rowgroup] tr[role=row]").first
    expect(row.locator("th[role=rowheader]")).to_have_text("Our statement")
    expect(row.locator("td[role=cell]").first).to_be_visible()


def test_an_old_version_and_a_deleted_page_are_restored_with_their_blocks(organiser, statement, live_server):
    page = organiser
    change = f"{live_server.url}/admin/pages/page/{statement.pk}/change/"
    page.goto(change)
    page.locator(".dynamic-pages_text_set").first.get_by_label("Delete").check()
    save(page)
    assert statement.pages_text_set.count() == 1

    page.goto(change.replace("change", "history"))
    page.get_by_role("link", name="Compare with the draft").last.click()
    page.get_by_role("button", name="Make version 1 the draft again").click()
    page.wait_for_selector(".messagelist .success")
    assert statement.pages_text_set.count() == 2

    page.goto(change)
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("button", name="Yes").click()
    page.wait_for_selector(".messagelist .success")
    page.get_by_role("link", name="Deleted").click()
    page.get_by_role("button", name="Bring back").click()
    page.wait_for_selector(".messagelist .success")
    assert [str(block) for block in contents_for_item(statement, plugins=[Text])] == ["Old words.", "Last words."]


def test_dates_can_be_picked_and_related_pages_looked_up(organiser, live_server):
    page = organiser
    page.goto(live_server.url + "/admin/pledges/pledge/add/")
    page.locator("#calendarlink0").click()
    page.locator(".calendarbox").get_by_role("link", name="15", exact=True).click()
    page.locator("#clocklink0").click()
    page.locator(".clockbox").get_by_role("link", name="Noon").click()
    assert page.locator("#id_closes_at_0").input_value().startswith("15/")
    assert page.locator("#id_closes_at_1").input_value() == "12:00:00"

    page.goto(live_server.url + "/admin/letters/letter/add/")
    page.locator(".field-read_more .select2-selection").click()
    page.get_by_role("option", name="Our statement").click()
    assert "Our statement" in page.locator(".field-read_more .select2-selection").inner_text()
