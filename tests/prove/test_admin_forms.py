"""What organisers can save, however odd: the admin answers, and no public page breaks on it."""

import os
from random import Random

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.accounts.organisers import sign_in
from tests.prove import hostile
from tests.prove.controls import controls
from tests.prove.filling import edge, filled, spoiled, with_rows
from tests.prove.routes import filled_in, is_organisers, routes
from tests.prove.trying import Stranger

SAVES = int(os.environ.get("PROVE_SAVES", "40"))
BATCHES = max(1, SAVES // 250)
LOOKED_AT = 4


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_that_an_organiser_saves_answers_500_or_breaks_a_page(site, client, seed, batch, record_property):
    organiser = sign_in(client)
    rng, stranger, visitor = Random(f"{seed}.{batch}"), Stranger(client), Stranger()  # noqa: S311 - must be had again
    models = [model for model in admin.site._registry if has_form(client, model)]
    pages = [(view, route) for view, route in routes() if not is_organisers(route) and "accounts/" not in route]
    lists = [page for page in pages if "<" not in page[1]]
    saved = 0

    for number in range(SAVES // BATCHES):
        model = models[number % len(models)]
        path = add_or_change(rng, model, organiser)
        page = stranger.send("GET", path)
        known = with_rows(rng, controls(page.content.decode())) if page.status_code == 200 else {}
        answers = spoiled(rng, fresh(filled(rng, known), number), sorted(known) or ["a"], edge)
        answer = stranger.send("POST", path, hostile.encoded(answers).encode(), hostile.FORM)
        if answer is not None and answer.status_code == 302:
            saved += 1
            for view, route in rng.sample(lists, LOOKED_AT) + [rng.choice(pages)]:
                visitor.send("GET", filled_in(route, lambda name, view=view: site.value_of(view, name)))
            look_at_newest(visitor, model)

    record_property(
        "tried",
        f"{SAVES // BATCHES} forms of {len(models)} models, seed {seed}: {saved} saved; {stranger.told}; "
        f"then public pages: {visitor.told}",
    )
    assert not stranger.faults | visitor.faults, stranger.faults | visitor.faults


def has_form(client, model):
    return client.get(address(model, "add")).status_code == 200


def address(model, page, *keys):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=keys)


def add_or_change(rng, model, organiser):
    """The form for a new row, or for one of those that there are; not that of the organiser's own account."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:50])
    keys = [key for key in keys if (model, key) != (type(organiser), organiser.pk)]
    return address(model, "change", rng.choice(keys)) if keys and rng.random() < 0.5 else address(model, "add")


def fresh(answers, number):
    """The answers with a name of its own for a new page, and published."""
    named = [(name, value or f"thing-{number}" if name in ("slug", "username") else value) for name, value in answers]
    return [pair for pair in named if pair[0] not in ("_popup", "_saveasnew")]


def look_at_newest(visitor, model):
    """Visit the page of what was made or changed last."""
    newest = model._default_manager.order_by("-pk").first()
    if newest is not None and hasattr(newest, "get_absolute_url"):
        visitor.send("GET", newest.get_absolute_url().partition("#")[0])
