"""Hostile posts to every page of the admin that takes one: forms, buttons, lists with actions, and what scripts send.

None may get a 500. `make prove` sends 15,000.
"""

from collections import Counter
from random import Random

import pytest
from django.contrib.auth.models import User

from tests.accounts.organisers import begin_session, sign_in
from tests.prove import hostile
from tests.prove.admin_addresses import pages
from tests.prove.forms.controls import controls
from tests.prove.forms.filling import corrupted, edge_case, plausible_answers
from tests.prove.forms.test_forms import accepts_posts
from tests.prove.recording_client import RecordingClient
from tests.sizes import size

POSTS = size(120, 15_000)
BATCHES = max(1, POSTS // 1500)
LOOK_AGAIN = 250  # posts after which the addresses may lead to other rows
PAGES_IN_GATE = 60  # which ones depends on the seed


class Organiser:
    """An organiser with all rights, which no post takes away for long."""

    def __init__(self, client):
        self.client, self.number = client, 0
        self.user = sign_in(client)

    def be_signed_in(self):
        """Give back rights and session, or become another organiser once the account is gone."""
        rights = {"is_active": True, "is_staff": True, "is_superuser": True}
        if not User.objects.filter(pk=self.user.pk).update(**rights):
            self.number += 1
            self.user = sign_in(self.client, username=f"ada{self.number}")
        elif self.client.session.get("_auth_user_id") != str(self.user.pk):
            self.user.refresh_from_db()
            begin_session(self.client, self.user)


def addresses():
    """Return the address of each page as it is now, by name."""
    return dict(reversed(list(pages())))  # the first of pages with the same name


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_hostile_post_to_a_page_of_the_admin_answers_500(site, client, seed, batch, record_property):
    rng, attacker = Random(f"admin.{seed}.{batch}"), RecordingClient(client)  # noqa: S311 - seeded
    organiser, posts = Organiser(client), Counter()
    found = addresses()
    names = rng.sample(sorted(found), size(PAGES_IN_GATE, len(found)))
    names = [name for name in names if accepts_posts(attacker.send("PROVE", found[name]))]
    attacker.answers.clear()

    for number in range(POSTS // BATCHES):
        if number and number % LOOK_AGAIN == 0:
            found = addresses()
        name = names[number % len(names)]
        organiser.be_signed_in()
        page = attacker.client.get(found[name])
        known = controls(page.content.decode()) if page.headers.get("Content-Type", "").startswith("text/html") else {}
        text = edge_case if rng.random() < 0.5 else hostile.text
        answers = corrupted(rng, plausible_answers(rng, known), sorted(known) or ["a"], text)
        attacker.send("POST", found[name], *hostile.body(rng, answers))
        posts[f"admin:{name}"] += 1

    record_property("posts", dict(posts))
    record_property("summary", f"{posts.total()} posts to {len(names)} pages, seed {seed}: {attacker.summary}")
    assert not attacker.faults, attacker.faults
