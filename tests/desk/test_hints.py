"""Every field of the admin has a hint in plain words, which screen readers read out with the field."""

import pytest
from django.contrib import admin
from django.urls import reverse
from lxml import html

from tests.accounts.organisers import sign_in
from tests.prove.conftest import site, stripe  # noqa: F401 - fixtures

INPUTS = "self::input[not(@type='hidden' or @type='submit')] or self::select or self::textarea"
CONTROLS = f"//main//form[@method='post']//*[{INPUTS}]"
# Tick boxes that Django adds to a row or a list: their labels need no hint.
OTHERS = ("-DELETE", "_selected_action", "action-toggle")


@pytest.fixture
def organiser(site, client):  # noqa: F811
    """Sign an organiser in on a site with a row of each model."""
    sign_in(client)
    return client


def forms(client):
    """Yield the address and the content of every form for adding or changing a row."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)[:1]
        for address in [reverse(f"{name}_add"), *(reverse(f"{name}_change", args=[key]) for key in keys)]:
            response = client.get(address)
            if response.status_code == 200:
                yield address, html.fromstring(response.content)


def without_hint(page):
    """Return the names of the controls without a hint, or whose hint isn't on the page."""
    texts = {element.get("id"): element.text_content().strip() for element in page.xpath("//*[@id]")}
    controls = [one for one in page.xpath(CONTROLS) if one.get("name") and not one.get("name").endswith(OTHERS)]
    return sorted({one.get("name") for one in controls if not any(map(texts.get, described_by(one)))})


def described_by(control):
    """Return the ids of the texts that describe a control, or the group that it belongs to."""
    groups = control.xpath("ancestor-or-self::*[@aria-describedby]/@aria-describedby")
    return " ".join(groups).split()


def test_every_field_has_a_hint_that_describes_it(organiser):
    found = {address: names for address, page in forms(organiser) if (names := without_hint(page))}

    assert found == {}
