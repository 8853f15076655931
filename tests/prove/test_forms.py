"""Thousands of hostile posts to every public form: none may answer 500. `make prove` sends 20,000."""

import os
from random import Random

import pytest

from tests.prove import hostile
from tests.prove.controls import controls
from tests.prove.filling import filled, spoiled
from tests.prove.routes import filled_in, is_organisers, routes
from tests.prove.trying import Stranger

POSTS = int(os.environ.get("PROVE_POSTS", "400"))
BATCHES = max(1, POSTS // 500)
SHARP = 0.05  # how often an address or a header is hostile as well


class Page:
    """A page that takes posts, and what its forms hold."""

    def __init__(self, site, view, route):
        self.site, self.view, self.route = site, view, route

    def path(self, rng=None, names=()):
        """Its address; for a stranger, now and then with a hostile part, and a query of these names or others."""

        def value_of(parameter):
            is_sharp = rng and rng.random() < SHARP
            return hostile.segment(rng) if is_sharp else self.site.value_of(self.view, parameter)

        path = filled_in(self.route, value_of)
        return f"{path}?{hostile.query(rng, names)}" if rng and rng.random() < 4 * SHARP else path

    def fields(self, stranger):
        """Of each name in its forms, the values that it may have."""
        response = stranger.client.get(self.path(), follow=True)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return controls(response.content.decode()) if is_page else {}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_hostile_post_to_a_public_form_answers_500(site, seed, batch, record_property):
    rng, stranger, visitor = Random(f"{seed}.{batch}"), Stranger(), Stranger()  # noqa: S311 - must be had again
    everything = [Page(site, view, route) for view, route in routes() if not is_organisers(route)]
    pages = [page for page in everything if takes_posts(visitor.send("PROVE", page.path()))]
    visitor.answers.clear()
    reached = set()
    known = {page: page.fields(stranger) for page in pages}
    pool = sorted({name for found in known.values() for name in found})

    for number in range(POSTS // BATCHES):
        page = pages[number % len(pages)]
        if number % 100 == 0:
            known[page] = page.fields(stranger)
        answers = spoiled(rng, filled(rng, known[page]), pool)
        headers = hostile.headers(rng) if rng.random() < 2 * SHARP else {}
        response = stranger.send("POST", page.path(rng, sorted(known[page])), *hostile.body(rng, answers), headers)
        if response is not None and response.status_code not in (404, 405):
            reached.add(page.view)
        if number % 4 == 0:
            other = rng.choice(everything)
            visitor.send("GET", other.path(rng, sorted(known.get(other, ()))), headers=hostile.headers(rng))

    told = f"{stranger.told}; asked for {len(everything)} pages: {visitor.told}"
    record_property("tried", f"{POSTS // BATCHES} posts to {len(pages)} forms, seed {seed}: {told}")
    faults = stranger.faults | visitor.faults
    assert not faults, faults
    assert {page.view for page in pages} == reached, "no post got further than 404 there: see tests/prove/site.py"


def takes_posts(response):
    """Whether a page takes posts: one that says so, or that refuses no method."""
    return response.status_code != 405 or "POST" in response.headers["Allow"]
