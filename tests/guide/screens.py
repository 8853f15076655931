"""The screens that the guide's pictures show. Each function opens a screen and returns a picture of part of it."""

from playwright.sync_api import expect

from tests.accounts.organisers import PASSWORD
from tests.browser.rich_text import wait_until_noticed
from tests.guide.camera import photograph


def the_desk(page, site):
    page.goto("/admin/")
    return photograph(page, page.locator("#header"), page.locator("#tasks"), page.locator(".desk-plot"))


def shortcuts(page, site):
    page.goto("/admin/")
    return photograph(page, page.locator("section[aria-labelledby=shortcuts]"))


def search(page, site):
    page.goto("/admin/")
    page.get_by_role("searchbox").first.fill("library")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Who we are")).to_be_visible()
    return photograph(page, page.locator("#header"), page.locator("#content"), height=620)


def pages(page, site):
    page.goto("/admin/pages/page/")
    return photograph(page, page.locator("#content"))


def a_page(page, site):
    _open(page, site.who)
    return photograph(page, page.locator("#content"), height=560)


def buttons(page, site):
    _open(page, site.who)
    return photograph(page, page.locator(".submit-row").last)


def blocks(page, site):
    _open(page, site.plans)
    return photograph(page, page.locator(".dynamic-pages_text_set").first, page.locator(".dynamic-pages_fact_set"))


def menu_of_blocks(page, site):
    _open(page, site.plans)
    page.get_by_role("button", name="Add a block at the end").click()
    return photograph(page, page.locator(".plugin-buttons"))


def choosing_a_picture(page, site):
    _open(page, site.who)
    row = page.locator(".dynamic-pages_pictureblock_set")
    row.evaluate("(row) => scrollBy({ top: row.getBoundingClientRect().top - 150, behavior: 'instant' })")
    row.locator(".select2-selection").click()
    expect(page.locator(".select2-results__option img")).to_have_count(4)
    _wait_for_pictures(page)
    return photograph(page, row, page.locator(".select2-dropdown"))


def pictures(page, site):
    page.goto("/admin/media/picture/")
    _wait_for_pictures(page)
    return photograph(page, page.locator("#content"))


def main_point(page, site):
    page.goto(f"/admin/media/picture/{site.pictures[3].pk}/change/")
    _wait_for_pictures(page)
    return photograph(page, page.locator("#content"), height=760)


def link(page, site):
    _open(page, site.who)
    text = page.locator(".ProseMirror[contenteditable=true]").first
    text.get_by_text("Neighbours").dblclick()
    wait_until_noticed(page)
    page.keyboard.press("ControlOrMeta+k")
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("input[name=href]").fill("/what-the-council-plans/")
    return photograph(page, dialog)


def checks(page, site):
    _open(page, site.memories)
    page.get_by_role("button", name="Save and check this page").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    return photograph(page, page.locator(".checks"))


def missing(page, site):
    page.goto(f"/admin/pages/page/{site.memories.pk}/publish/")
    return photograph(page, page.locator("#content"))


def publish_later(page, site):
    page.goto(f"/admin/pages/page/{site.plans.pk}/publish/")
    _as_a_british_browser_shows(page, "30/11/2026", "07:00")
    page.get_by_label("What has changed").fill("The date of the vote")
    return photograph(page, page.locator("#content"))


def shared_link(page, site):
    page.goto(f"/admin/pages/page/{site.who.pk}/preview/")
    card = page.locator(".preview-card")
    expect(card.content_frame.locator("img")).to_be_visible()
    return photograph(page, page.get_by_role("heading", name="As a shared link"), card)


def preview(page, site):
    page.goto(f"/admin/pages/page/{site.who.pk}/preview/")
    page.get_by_label("on a phone").check()
    frame = page.locator("iframe.preview").first
    expect(frame.content_frame.get_by_role("heading", name="Who we are")).to_be_visible()
    return photograph(page, page.locator(".preview-choice"), frame, height=700)


def history(page, site):
    page.goto(f"/admin/pages/page/{site.plans.pk}/history/")
    return photograph(page, page.locator("#content"))


def comparison(page, site):
    page.goto(f"/admin/pages/page/{site.plans.pk}/compare/?old=1")
    return photograph(page, page.locator("#content"))


def two_editors(page, site):
    _open(page, site.who)
    page.get_by_label("Summary").fill("Neighbours who want to keep their library open.")
    site.who.summary = "Readers who want to keep their library."
    site.who.save()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator(".conflict")).to_be_visible()
    return photograph(page, page.locator(".conflict"))


def held(page, site):
    page.goto("/admin/pledges/signature/?state__exact=held")
    return photograph(page, page.locator("#content"), height=620)


def approval(page, site):
    page.goto(f"/admin/approvals/approvalrequest/{site.request.pk}/change/")
    return photograph(page, page.locator("#content"))


def panic_switch(page, site):
    page.goto("/admin/public_names/hiding/hide/")
    return photograph(page, page.locator("#content"))


def sealed_names(page, site):
    page.goto("/admin/sealing/restoretest/")
    return photograph(page, page.locator("#content"))


def roles(page, site):
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill("ruben")
    page.get_by_role("textbox", name="E-mail address").fill("ruben@library.example")
    page.get_by_label("Events").check()
    return photograph(page, *(page.locator(f".field-{name}") for name in ("username", "groups", "is_superuser")))


def new_wording(page, site):
    site.pledge.statement = "We want Wick Lane Library to stay open, with a librarian, seven days a week."
    site.pledge.save()
    page.goto(f"/admin/pledges/pledge/{site.pledge.pk}/publish/")
    _as_a_british_browser_shows(page, "dd/mm/yyyy", "--:--")
    return photograph(page, page.locator("#content"))


def audit_log(page, site):
    page.goto("/admin/audit/auditentry/")
    return photograph(page, page.locator("#content"), height=560)


def sign_in(page, site):
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("miriam")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    return photograph(page, page.locator("main"))


# The pictures in docs/organisers/pictures/, and the function that takes each. Functions that change the site come last.
SCREENS = {
    "the-desk": the_desk,
    "shortcuts": shortcuts,
    "search": search,
    "pages": pages,
    "a-page": a_page,
    "buttons": buttons,
    "blocks": blocks,
    "menu-of-blocks": menu_of_blocks,
    "choosing-a-picture": choosing_a_picture,
    "pictures": pictures,
    "main-point": main_point,
    "link": link,
    "missing": missing,
    "publish-later": publish_later,
    "preview": preview,
    "shared-link": shared_link,
    "history": history,
    "comparison": comparison,
    "held": held,
    "approval": approval,
    "panic-switch": panic_switch,
    "sealed-names": sealed_names,
    "roles": roles,
    "audit-log": audit_log,
    "checks": checks,
    "two-editors": two_editors,
    "new-wording": new_wording,
    "sign-in": sign_in,
}


def _open(page, row):
    """Open the form of a page of the site, and wait until its editors are set up."""
    page.goto(f"/admin/pages/page/{row.pk}/change/")
    expect(page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def _wait_for_pictures(page):
    page.wait_for_function("[...document.images].every((image) => image.complete)")


def _as_a_british_browser_shows(page, day, time):
    """Fill in the first date and time as text, because browsers format them in the machine's language."""
    for kind, text in (("date", day), ("time", time)):
        boxes = page.locator(f"[type={kind}]")
        boxes.evaluate_all("(boxes) => boxes.forEach((box) => (box.type = 'text'))")
        page.locator(f"[name$=_{'0' if kind == 'date' else '1'}]").first.fill(text)
