"""Hostile addresses of the admin, signed in: none may answer 500. `make prove` asks for 2,000 lists."""

import os
from random import Random
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse

from campaign.modeladmin import LOOKUP_SUFFIXES
from tests.accounts.organisers import sign_in
from tests.prove import hostile
from tests.prove.routes import filled_in, is_organisers, routes
from tests.prove.trying import Stranger

LISTS = int(os.environ.get("PROVE_LISTS", "120"))
BATCHES = max(1, LISTS // 250)
PARAMETERS = ["o", "p", "q", "all", "e", "_to_field", "_popup", "_facets", "_changelist_filters", "zzz", "days", "term"]
PARAMETERS += ["app_label", "model_name", "field_name", "constituency", "next", "_saveasnew", "month", "words", "open"]
POSTED = [*PARAMETERS, "column", "value", "charity", "begin", "post"]
ENDS = [*LOOKUP_SUFFIXES, "__in", "__id__exact", "__year", "__month", "__day", "__week", "__hour"]
KEYS = ["1", "_00", "_ff", "9223372036854775808", "zzz", "0"]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_in_an_address_of_the_admin_or_posted_to_a_list_answers_500(site, client, seed, batch, record_property):
    sign_in(client)
    rng, asked, posted, others = Random(f"{seed}.{batch}"), *(Stranger(client) for _ in range(3))  # noqa: S311
    lists = list(admin.site._registry)
    pages = [route for _view, route in routes() if is_organisers(route)]
    size = LISTS // BATCHES

    for number in range(batch * size, (batch + 1) * size):
        model = lists[number % len(lists)]
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        query = hostile.encoded(parameters(rng, model))
        asked.send("GET", f"{path}?{query}")
        posted.send("POST", f"{path}?{query if rng.random() < 0.1 else ''}", *hostile.body(rng, choices(rng, model)))
        try_page(rng, others, rng.choice(pages))

    told = f"{asked.told}; posted: {posted.told}; {len(pages)} pages of the admin: {others.told}"
    record_property("tried", f"{size} addresses of {len(lists)} lists, seed {seed}: {told}")
    faults = asked.faults | posted.faults | others.faults
    assert not faults, faults


def try_page(rng, organiser, route):
    """Ask for a page of the admin with hostile keys and a hostile query, or post to it."""
    path = filled_in(route, lambda _name: quote(rng.choice(KEYS)) if rng.random() < 0.5 else hostile.segment(rng))
    address = f"{path}?{hostile.query(rng, PARAMETERS) if rng.random() < 0.5 else ''}"
    if rng.random() < 0.8:
        organiser.send("GET", address)
    else:
        organiser.send("POST", address, *hostile.body(rng, [(rng.choice(POSTED), hostile.text(rng))]))


def parameters(rng, model):
    """One to three parameters of a list's address: fields with any look-up, and what the admin reads besides."""
    pairs = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        name = rng.choice(PARAMETERS) if kind < 0.3 else offered(rng, model) if kind < 0.7 else lookup(rng, model)
        value = rng.choice(["1", "0", "True", *KEYS]) if rng.random() < 0.3 else hostile.text(rng)[:3000]
        pairs.append((name, value))
    return pairs


def offered(rng, model):
    """What a filter of the list has in its links, or nearly so."""
    model_admin = admin.site._registry[model]
    names = [one if isinstance(one, str) else one.parameter_name for one in model_admin.list_filter]
    names += [model_admin.date_hierarchy] if model_admin.date_hierarchy else []
    return f"{rng.choice(names or ['q'])}{rng.choice(ENDS)}"


def lookup(rng, model):
    """A field of the model, or of one that it refers to, with any of its look-ups."""
    field = rng.choice(model._meta.get_fields())
    name = field.name
    if field.is_relation and field.related_model and rng.random() < 0.7:
        field = rng.choice(field.related_model._meta.get_fields())
        name = f"{name}__{field.name}"
    ends = sorted(field.get_lookups()) if hasattr(field, "get_lookups") else ["exact"]
    return f"{name}__{rng.choice(ends)}" if rng.random() < 0.8 else name


def choices(rng, model):
    """What a list posts, some of it no list's: rows that are ticked, an action, rows changed in the list itself."""
    keys = [str(key) for key in model._default_manager.values_list("pk", flat=True)[:2]]
    actions = [*sorted(admin.site._registry[model].actions or []), "delete_selected", "", "zzz"]
    pairs = [("_selected_action", rng.choice([*keys, *KEYS, hostile.text(rng)])) for _ in range(rng.randint(0, 3))]
    pairs += [("action", rng.choice(actions)), ("index", rng.choice(["0", "1", "-1", "zzz", "9" * 30]))]
    more = rng.sample(["why", "select_across", "post", "_save"], rng.randint(0, 2))
    pairs += [(name, hostile.text(rng)) for name in more]
    return pairs if rng.random() < 0.5 else [*(pair for pair in pairs if pair[0] != "index"), *rows(rng, keys)]


def rows(rng, keys):
    """Rows changed in the list itself, and how many the form says there are."""
    counts = {name: rng.choice(["0", "1", "2", "-1", "9" * 20, "zzz"]) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    pairs = [(f"form-{name}", count) for name, count in counts.items() if rng.random() < 0.9]
    return [*pairs, ("_save", "1"), ("form-0-id", rng.choice([*keys, *KEYS])), ("form-0-order", hostile.text(rng))]
