"""Odd values that organisers save. Neither the admin nor a public page may respond with 500."""

from collections import Counter
from random import Random

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.accounts.organisers import sign_in
from tests.prove import hostile
from tests.prove.forms.controls import controls
from tests.prove.forms.filling import corrupted, edge_case, plausible_answers, with_extra_rows
from tests.prove.recording_client import RecordingClient
from tests.prove.routes import build_path, is_admin, routes
from tests.sizes import size

SAVES = size(20, 1_000)
BATCHES = max(1, SAVES // 250)
PAGES_AFTER_SAVE = 4


@pytest.mark.parametrize("batch", range(BATCHES))
def test_odd_values_saved_by_an_organiser_never_break_a_page(site, client, seed, batch, record_property):
    organiser = sign_in(client)
    rng, admin_client, visitor = Random(f"{seed}.{batch}"), RecordingClient(client), RecordingClient()  # noqa: S311 - seeded
    models = [model for model in admin.site._registry if has_form(client, model)]
    # Nobody sends the mail that saving asks for, so after two minutes /readyz rightly answers 503.
    pages = [(view, route) for view, route in routes() if not is_admin(route) and route != "readyz"]
    pages = [page for page in pages if "accounts/" not in page[1]]
    lists = [page for page in pages if "<" not in page[1]]
    saved, posts = 0, Counter()

    for number in range(SAVES // BATCHES):
        model = models[number % len(models)]
        path = add_or_change(rng, model, organiser)
        page = admin_client.send("GET", path)
        known = with_extra_rows(rng, controls(page.content.decode())) if page.status_code == 200 else {}
        answers = corrupted(
            rng, with_unique_names(plausible_answers(rng, known), number), sorted(known) or ["a"], edge_case
        )
        response = admin_client.send("POST", path, hostile.encoded(answers).encode(), hostile.FORM)
        posts[f"admin:{model._meta.label_lower}"] += 1
        if response is not None and response.status_code == 302:
            saved += 1
            for view, route in rng.sample(lists, PAGES_AFTER_SAVE) + [rng.choice(pages)]:
                visitor.send("GET", build_path(route, lambda name, view=view: site.value_of(view, name)))
            visit_newest(visitor, model)

    record_property("posts", dict(posts))
    record_property(
        "summary",
        f"{SAVES // BATCHES} forms of {len(models)} models, seed {seed}: {saved} saved; {admin_client.summary}; "
        f"then public pages: {visitor.summary}",
    )
    assert not admin_client.faults | visitor.faults, admin_client.faults | visitor.faults


def has_form(client, model):
    return client.get(address(model, "add")).status_code == 200


def address(model, page, *keys):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=keys)


def add_or_change(rng, model, organiser):
    """Return the URL of the form for a new or an existing object, but never the organiser's own account."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:50])
    keys = [key for key in keys if (model, key) != (type(organiser), organiser.pk)]
    return address(model, "change", rng.choice(keys)) if keys and rng.random() < 0.5 else address(model, "add")


def with_unique_names(answers, number):
    """Return the answers with an empty slug or username filled in, and without the flags for pop-ups and copies."""
    named = [(name, value or f"thing-{number}" if name in ("slug", "username") else value) for name, value in answers]
    return [pair for pair in named if pair[0] not in ("_popup", "_saveasnew")]


def visit_newest(visitor, model):
    """Visit the page of the newest object."""
    newest = model._default_manager.order_by("-pk").first()
    if newest is not None and hasattr(newest, "get_absolute_url"):
        visitor.send("GET", newest.get_absolute_url().partition("#")[0])
