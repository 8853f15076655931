"""On a phone, no list in the admin scrolls sideways, and every heading and value is on the screen."""

import pytest
from django.contrib import admin

from tests.accounts.organisers import sign_in_by_hand
from tests.factories import PageFactory
from tests.sizes import FULL

PHONE = {"width": 390, "height": 844}
LONG = "Counter-demonstrations_without_a_space_" * 3
OUTSIDE = """cells => cells
  .filter(cell => cell.innerText.trim() || cell.querySelector("input, img, a"))
  .map(cell => [cell.className, cell.getBoundingClientRect(), cell.scrollWidth - cell.clientWidth])
  .filter(([name, box, hidden]) => box.width === 0 || box.left < 0 || box.right > innerWidth || hidden > 1)
  .map(([name, box, hidden]) => [name, box.left, box.right, hidden])"""


@pytest.mark.skipif(not FULL, reason="only in make prove")
def test_every_list_and_its_values_fit_a_phone(site, page, live_server):
    PageFactory(title=LONG[:100], slug="long")
    sign_in_by_hand(page, live_server.url)
    page.set_viewport_size(PHONE)

    faults = {}
    for model in admin.site._registry:
        page.goto(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        outside = page.locator("#result_list :is(th, td)").evaluate_all(OUTSIDE)
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if outside or wide > 0:
            faults[model._meta.label] = (wide, outside)
    assert faults == {}
