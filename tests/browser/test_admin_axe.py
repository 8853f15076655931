"""The admin in a real browser, checked by axe in both sizes and both colour schemes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import resolve
from nacl.public import PrivateKey
from playwright.sync_api import expect

from campaign.sealing.forms import PhraseForm
from tests.sealing.organisers import public_text
from tests.sizes import size

OPEN_EVERY, AXE_EVERY = size((3, 6), (1, 1))  # models
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]

PATHS = {
    "index": "/admin/",
    "search": "/admin/search/",
    "tour": "/admin/tour/",
    "list": "/admin/pages/page/",
    "page": "/admin/pages/page/{pk}/change/",
    "history": "/admin/pages/page/{pk}/history/",
    "delete": "/admin/pages/page/{pk}/delete/",
    "deleted": "/admin/pages/page/deleted/",
    "publish": "/admin/pages/page/{pk}/publish/",
    "preview": "/admin/pages/page/{pk}/preview/",
    "compare": "/admin/pages/page/{pk}/compare/?old=1",
    "settings": "/admin/pages/sitesettings/",
    "broken links": "/admin/links/checkedlink/",
    "accounts": "/admin/auth/user/",
    "password": "/accounts/password/change/",
    "second factor": "/accounts/2fa/",
    "recovery codes": "/accounts/2fa/recovery-codes/",
    "sign out": "/accounts/logout/",
}


def faults(page):
    """Return violations of WCAG 2.2 A and AA that axe finds, and how far the page scrolls sideways."""
    expect(page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)  # wait until the editors are set up
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = Axe().run(page, options={"runOnly": rules, "preload": False})  # preloading violates the CSP
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    faults = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in result.response["violations"]]
    return faults + ([("too wide", wide)] if wide > 0 else [])


# In the gate, one sign-in serves several pages.
@pytest.mark.parametrize("names", size([list(PATHS)[first::3] for first in range(3)], [[name] for name in PATHS]))
def test_every_kind_of_admin_page_passes_axe_on_desktop_and_phone(organiser, statement, live_server, names):
    page = organiser
    violations = []
    for name in names:
        for width, scheme in looks_of(name, PATHS):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + PATHS[name].format(pk=statement.pk))
            violations += [(name, width, scheme, *fault) for fault in faults(page)]
    assert violations == []


def looks_of(name, paths):
    """Return the sizes and colour schemes in which to check a page: one in turn in the gate, all in `make prove`."""
    return size([LOOKS[list(paths).index(name) % len(LOOKS)]], LOOKS)


def test_every_list_and_form_opens_and_passes_axe_without_csp_violations(organiser, live_server):
    """Open every third model in the gate, and show every sixth to axe."""
    page = organiser
    violations = []
    for number, (model, model_admin) in list(enumerate(admin.site._registry.items()))[::OPEN_EVERY]:
        start = f"{live_server.url}/admin/{model._meta.app_label}/{model._meta.model_name}/"
        request = RequestFactory().get("/")
        request.user = User.objects.get()
        request.resolver_match = resolve("/admin/")
        paths = ["", "add/"] if model_admin.has_add_permission(request) else [""]
        for path in paths:
            assert page.goto(start + path).status == 200
            if number % AXE_EVERY == 0:
                violations += [(start + path, *fault) for fault in faults(page)]

    assert not violations, violations


def test_the_pages_that_test_the_key_to_sealed_names_pass_axe(organiser, live_server, settings):
    page, phrase = organiser, PhraseForm.base_fields["phrase"]
    page.goto(f"{live_server.url}/admin/sealing/restoretest/")
    violations = faults(page)  # without a key
    settings.SEALING_KEY = public_text(PrivateKey.generate())
    for width, scheme in size(LOOKS[-1:], LOOKS):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{live_server.url}/admin/sealing/restoretest/")
        violations += faults(page)
        page.get_by_role("button", name="Test this key").click()
        expect(page.get_by_label("The phrase in the box")).to_have_accessible_description(str(phrase.help_text))
        violations += faults(page)

    assert violations == []
