"""Thousands of hostile posts to every public form, none of which may get a 500. `make prove` sends 35,000."""

from collections import Counter
from random import Random

import pytest

from tests.prove import hostile
from tests.prove.forms.controls import controls
from tests.prove.forms.filling import corrupted, plausible_answers
from tests.prove.recording_client import RecordingClient
from tests.prove.routes import build_path, is_admin, routes
from tests.sizes import size

POSTS = size(400, 35_000)
BATCHES = max(1, POSTS // 500)
HOSTILE_SHARE = 0.05  # how often a segment of the path is hostile; queries and headers are more often


class Page:
    """A page that accepts posts, and the fields of its forms."""

    def __init__(self, site, view, route):
        self.site, self.view, self.route = site, view, route

    def path(self, rng=None, names=()):
        """Return its URL; with `rng`, sometimes with a hostile segment or a hostile query for these names."""

        def value_of(parameter):
            is_hostile = rng and rng.random() < HOSTILE_SHARE
            return hostile.segment(rng) if is_hostile else self.site.value_of(self.view, parameter)

        path = build_path(self.route, value_of)
        return f"{path}?{hostile.query(rng, names)}" if rng and rng.random() < 4 * HOSTILE_SHARE else path

    def fields(self, attacker):
        """Return the possible values of each field in its forms."""
        response = attacker.client.get(self.path(), follow=True)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return controls(response.content.decode()) if is_page else {}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_hostile_post_to_a_public_form_answers_500(site, seed, batch, record_property):
    rng, attacker, visitor = Random(f"{seed}.{batch}"), RecordingClient(), RecordingClient()  # noqa: S311 - seeded
    everything = [Page(site, view, route) for view, route in routes() if not is_admin(route)]
    pages = [page for page in everything if accepts_posts(visitor.send("PROVE", page.path()))]
    visitor.answers.clear()
    reached, posts = set(), Counter()
    known = {page: page.fields(attacker) for page in pages}
    pool = sorted({name for fields in known.values() for name in fields})

    for number in range(POSTS // BATCHES):
        page = pages[number % len(pages)]
        posts[page.view or page.route] += 1
        if number % 100 == 0:
            known[page] = page.fields(attacker)
        answers = corrupted(rng, plausible_answers(rng, known[page]), pool)
        headers = hostile.headers(rng) if rng.random() < 2 * HOSTILE_SHARE else {}
        response = attacker.send("POST", page.path(rng, sorted(known[page])), *hostile.body(rng, answers), headers)
        if response is not None and response.status_code not in (404, 405):
            reached.add(page.view)
        if number % 4 == 0:
            other = rng.choice(everything)
            visitor.send("GET", other.path(rng, sorted(known.get(other, ()))), headers=hostile.headers(rng))

    summary = f"{attacker.summary}; requested {len(everything)} pages: {visitor.summary}"
    record_property("posts", dict(posts))
    record_property("summary", f"{POSTS // BATCHES} posts to {len(pages)} forms, seed {seed}: {summary}")
    faults = attacker.faults | visitor.faults
    assert not faults, faults
    assert {page.view for page in pages} == reached, "some forms only ever answered 404 or 405: see tests/prove/site.py"


def accepts_posts(response):
    """Return whether a page accepts posts: it lists POST in Allow, or refuses no method."""
    return response.status_code != 405 or "POST" in response.headers["Allow"]
