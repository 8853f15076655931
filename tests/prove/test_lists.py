"""Hostile admin URLs, requested by an organiser. None may respond with 500. `make prove` requests 2,000 lists."""

from random import Random
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse

from campaign.modeladmin import LOOKUP_SUFFIXES
from tests.accounts.organisers import sign_in
from tests.prove import hostile
from tests.prove.recording_client import RecordingClient
from tests.prove.routes import build_path, is_admin, routes
from tests.sizes import size

LISTS = size(80, 2_000)
BATCHES = max(1, LISTS // 250)
PARAMETERS = ["o", "p", "q", "all", "e", "_to_field", "_popup", "_facets", "_changelist_filters", "zzz", "days", "term"]
PARAMETERS += ["app_label", "model_name", "field_name", "constituency", "next", "_saveasnew", "month", "words", "open"]
POSTED = [*PARAMETERS, "column", "value", "charity", "begin", "post"]
ENDS = [*LOOKUP_SUFFIXES, "__in", "__id__exact", "__year", "__month", "__day", "__week", "__hour"]
KEYS = ["1", "_00", "_ff", "9223372036854775808", "zzz", "0"]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_hostile_admin_url_or_post_to_a_list_gets_a_500(site, client, seed, batch, record_property):
    sign_in(client)
    rng, viewed, posted, others = Random(f"{seed}.{batch}"), *(RecordingClient(client) for _ in range(3))  # noqa: S311
    lists = list(admin.site._registry)
    pages = [route for _view, route in routes() if is_admin(route)]
    size = LISTS // BATCHES

    for number in range(batch * size, (batch + 1) * size):
        model = lists[number % len(lists)]
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        query = hostile.encoded(parameters(rng, model))
        viewed.send("GET", f"{path}?{query}")
        posted.send("POST", f"{path}?{query if rng.random() < 0.1 else ''}", *hostile.body(rng, list_post(rng, model)))
        probe_page(rng, others, rng.choice(pages))

    summary = f"{viewed.summary}; posted: {posted.summary}; {len(pages)} admin pages: {others.summary}"
    record_property("summary", f"{size} URLs of {len(lists)} lists, seed {seed}: {summary}")
    faults = viewed.faults | posted.faults | others.faults
    assert not faults, faults


def probe_page(rng, organiser, route):
    """Request an admin page with hostile keys and a hostile query, or post to it."""
    path = build_path(route, lambda _name: quote(rng.choice(KEYS)) if rng.random() < 0.5 else hostile.segment(rng))
    address = f"{path}?{hostile.query(rng, PARAMETERS) if rng.random() < 0.5 else ''}"
    if rng.random() < 0.8:
        organiser.send("GET", address)
    else:
        organiser.send("POST", address, *hostile.body(rng, [(rng.choice(POSTED), hostile.text(rng))]))


def parameters(rng, model):
    """Return one to three query parameters of a list: fields with any look-up, and those the admin itself reads."""
    pairs = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        name = (
            rng.choice(PARAMETERS) if kind < 0.3 else filter_parameter(rng, model) if kind < 0.7 else lookup(rng, model)
        )
        value = rng.choice(["1", "0", "True", *KEYS]) if rng.random() < 0.3 else hostile.text(rng)[:3000]
        pairs.append((name, value))
    return pairs


def filter_parameter(rng, model):
    """Return the parameter in a link of one of the list's filters, or something close to it."""
    model_admin = admin.site._registry[model]
    names = [one if isinstance(one, str) else one.parameter_name for one in model_admin.list_filter]
    names += [model_admin.date_hierarchy] if model_admin.date_hierarchy else []
    return f"{rng.choice(names or ['q'])}{rng.choice(ENDS)}"


def lookup(rng, model):
    """Return a field of the model, or of a related model, with any of its look-ups."""
    field = rng.choice(model._meta.get_fields())
    name = field.name
    if field.is_relation and field.related_model and rng.random() < 0.7:
        field = rng.choice(field.related_model._meta.get_fields())
        name = f"{name}__{field.name}"
    ends = sorted(field.get_lookups()) if hasattr(field, "get_lookups") else ["exact"]
    return f"{name}__{rng.choice(ends)}" if rng.random() < 0.8 else name


def list_post(rng, model):
    """Return a list's post, partly invalid: ticked rows, an action, and rows edited in the list itself."""
    keys = [str(key) for key in model._default_manager.values_list("pk", flat=True)[:2]]
    actions = [*sorted(admin.site._registry[model].actions or []), "delete_selected", "", "zzz"]
    pairs = [("_selected_action", rng.choice([*keys, *KEYS, hostile.text(rng)])) for _ in range(rng.randint(0, 3))]
    pairs += [("action", rng.choice(actions)), ("index", rng.choice(["0", "1", "-1", "zzz", "9" * 30]))]
    more = rng.sample(["why", "select_across", "post", "_save"], rng.randint(0, 2))
    pairs += [(name, hostile.text(rng)) for name in more]
    return pairs if rng.random() < 0.5 else [*(pair for pair in pairs if pair[0] != "index"), *edited_rows(rng, keys)]


def edited_rows(rng, keys):
    """Return rows edited in the list itself, and the number of forms that the post claims."""
    counts = {name: rng.choice(["0", "1", "2", "-1", "9" * 20, "zzz"]) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    pairs = [(f"form-{name}", count) for name, count in counts.items() if rng.random() < 0.9]
    return [*pairs, ("_save", "1"), ("form-0-id", rng.choice([*keys, *KEYS])), ("form-0-order", hostile.text(rng))]
