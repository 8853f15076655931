"""Forms of drafts as no browser would post them: stale, garbled, or with essential fields missing."""

from itertools import cycle

import pytest

from tests.accounts.organisers import sign_in
from tests.editing.filled_in import filled_in
from tests.prove.admin_addresses import versioned
from tests.prove.site import Site
from tests.sizes import size

GARBAGE = ["\0x", "", "-1", "9" * 40, "<script>", "é" * 3000, "2026-13-45", "[{"]
FIELDS = size(5, None)  # of each form, or None for all
OWN = ("form_id", "edition", "csrfmiddlewaretoken")
MANAGEMENT = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")
KINDS = size(slice(0, 1), slice(None))  # of content: in the gate, only the first


@pytest.fixture
def forms(db, stripe, client):
    """Return the address and the filled-in form of one row of each kind of content."""
    Site()
    sign_in(client)
    found = {}
    for model in versioned()[KINDS]:
        row = model._base_manager.order_by("pk").first()
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        found[address] = filled_in(client.get(address))
    client.raise_request_exception = False
    return found


def test_no_garbled_form_of_a_draft_breaks_the_site(client, forms):
    answers = {}
    for address, form in forms.items():
        for label, bad in garbled(form):
            answers[address, label] = client.post(address, bad | {"_continue": "1"}).status_code

    assert len(answers) >= 10 * len(forms)
    assert {case: status for case, status in answers.items() if status not in (200, 302, 400, 409)} == {}


def garbled(form):
    """Yield named copies of a form with garbage in one field, or without a field that a browser always sends."""
    yield "stale", form | {"edition": "2001-01-01T00:00:00+00:00"}
    yield "of no edition", form | {"edition": "x"}
    yield "without its ids", {name: text for name, text in form.items() if name not in OWN}
    yield "without management", {name: text for name, text in form.items() if not name.endswith(MANAGEMENT)}
    yield "empty", {}
    for name, text in zip(list(form)[:FIELDS], cycle(GARBAGE), strict=False):
        yield f"{name}: {text[:10]!r}", form | {name: text}
