"""Every admin page opens for a role, or refuses it, as docs/organisers/roles.md says, and never responds with 500.

`make prove` requests every page as every role; the gate requests a sample of the pages, each as one role.
"""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.editing.models import WorkingCopy
from campaign.links.models import CheckedLink, Redirect
from campaign.roles import ROLES
from campaign.versions.models import Version
from tests.accounts import matrix
from tests.accounts.organisers import sign_in, sign_in_as
from tests.actions.factories import FundFactory
from tests.factories import PledgeFactory, make_document
from tests.prove import rights
from tests.prove.admin_addresses import form_id, pages, versioned
from tests.prove.routes import is_admin, routes
from tests.prove.site import Site
from tests.sizes import size

STEP = size(90, 1)  # in the gate, each role requests every STEPth page
MIN_LINKS = 6  # fewer would mean that the front page was not parsed properly
DELETED = 10**6  # the number of an object that has been deleted
TOGETHER = size([ROLES], [[role] for role in ROLES])  # separate parameters, so that several processors share the work
NOTHING_SELECTED = "No action selected."
# The data posted to every page: a search, the number of a version, an object to bring back.
POSTED = {
    "post": "yes",
    "q": "appeal",
    "number": "1",
    "object_id": str(DELETED),
    "form_id": str(uuid5(NAMESPACE_URL, "")),
}


class Walk:
    """Requests admin pages as one organiser, and undoes any changes that they make."""

    def __init__(self, promised=None):
        self.client, self.promised, self.answers = Client(), promised, {}
        self.client.raise_request_exception = False

    def sign_in(self, role=None):
        """Sign in as this role, or as an owner, with unsaved text in a form for each kind of content."""
        user = sign_in_as(self.client, role) if role else sign_in(self.client)
        for model in versioned():
            label = model._meta.label_lower
            WorkingCopy.keep(form_id(model), user, QueryDict(), model=label, object_id=None)

    def may(self, name, method="get"):
        """Return whether roles.md lets this role open a page or post to it; owners may do everything."""
        return self.promised is None or rights.may(self.promised, name, method)

    def may_act(self, action):
        """Return whether this walk's role may carry out an action of a list."""
        return self.promised is None or rights.ACTIONS[action] in self.promised

    def send(self, method, path, data=POSTED):
        """Send a request and undo its changes; return the last response after redirects, as from a list of one row."""
        with transaction.atomic():
            response = getattr(self.client, method)(path, data if method == "post" else None, follow=True)
            transaction.set_rollback(True)
        return response

    def seen(self, method, path):
        """Return the response from `send`, or the remembered one if the request was sent before."""
        if (method, path) not in self.answers:
            self.answers[method, path] = self.send(method, path)
        return self.answers[method, path]


def links(response):
    """Return the names of the admin pages that a page links to or submits forms to."""
    found = set()
    for address in re.findall(r'(?:href|action)="([^"#]*)', response.content.decode()):
        path = urlsplit(address).path
        if path.startswith("/admin/"):
            try:
                found.add(resolve(path).url_name or "")
            except Resolver404:
                found.add(f"nothing at {path}")
    return found


def answer(response):
    """Return the status, or "desk" if the response redirected to the front page because a row is missing or hidden.

    Organisers who delete a row but may not change others are redirected there too: a message of success means 200.
    """
    if response.request["PATH_INFO"] != "/admin/":
        return response.status_code
    return 200 if not response.redirect_chain or "success" in [one.level_tag for one in said(response)] else "desk"


def said(response):
    """Return the messages that a page shows."""
    return list((response.context or {}).get("messages", ()))


def offered(response):
    """Return the names of the actions that a list offers."""
    form = (response.context or {}).get("action_form")
    return {name for name, _label in form.fields["action"].choices if name} if form else set()


@pytest.fixture(scope="module")
def promised_to(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return matrix.written()


@pytest.fixture
def site(db, stripe):
    """Return a site with a row of each model, and a deleted object of each kind that has versions."""
    site = Site()
    make_document()
    PledgeFactory(), FundFactory()  # these can be deleted, because nobody has signed or donated
    Redirect.objects.create(old_path="/before", model="pages.page", object_id=1)
    CheckedLink.objects.create(url="https://example.org/")
    record(site.user, Act.CHANGE, site.pledge)
    for model in versioned():
        row = model._base_manager.order_by("pk").first()
        Version.objects.create(
            model=model._meta.label_lower, object_id=DELETED, number=1, title="Gone", content=row.freeze()
        )
    return site


def test_no_two_pages_of_the_admin_share_a_name():
    names = Counter(view for view, route in routes() if is_admin(route) and view.partition(":")[2])

    assert [name for name, count in names.items() if count > 1] == ["admin:view_on_site"]  # ours and Django's


@pytest.mark.parametrize("roles", TOGETHER, ids=lambda roles: roles[0].name)
def test_every_role_opens_exactly_the_pages_that_it_may_and_is_offered_no_others(site, promised_to, roles):
    owner, wrong = Walk(), []
    owner.sign_in()
    every = list(pages())

    for turn, role in enumerate(roles):
        walk = Walk(promised_to[str(role.label)])
        walk.sign_in(role.name)
        for name, path in every[turn % STEP :: STEP]:
            wrong += [(role.name, path, problem) for problem in problems(walk, owner, name, path)]

    assert wrong == [], "\n".join(map(str, wrong))


def problems(walk, owner, name, path):
    """Yield each problem with a page for one organiser, compared with the owner's view of the same page."""
    for method in ("get", "post"):
        found = walk.send(method, path)
        if found.status_code >= 500:
            yield f"fails ({method}: {found.status_code})"
        elif walk.may(name, method):
            yield from problems_if_allowed(walk, owner, name, (method, path), found)
        else:
            yield from problems_if_refused(owner, (method, path), found)
    if name.endswith("_changelist") and walk.may(name):
        yield from wrong_actions(walk, owner, path)
    if name == "index":
        yield from closed_links(walk)


def problems_if_allowed(walk, owner, name, request, found):
    """Yield each problem with the response to an organiser who may open a page."""
    method, shown = request[0], owner.seen(*request)
    if answer(found) != answer(shown):
        yield f"answers {method} with {answer(found)}, and the owner with {answer(shown)}"
    elif rights.must_open(name, method) and answer(found) in (403, 404, "desk"):
        yield f"is promised, but answers {method} with {answer(found)}"
    yield from (f"links to {one}" for one in links_beyond(walk, found))


def problems_if_refused(owner, request, found):
    """Yield the status if a page opens for an organiser who may not open it; 405 is right if the owner gets it too."""
    if answer(found) not in (403, "desk", 405) or answer(found) == 405 != answer(owner.seen(*request)):
        yield f"answers {request[0]} with {answer(found)}"


def links_beyond(walk, response):
    """Return the names of linked pages that don't exist or that this organiser may not open."""
    if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
        return []
    return [one for one in sorted(links(response)) if one.startswith("nothing") or not any_way(walk, one)]


def any_way(walk, name):
    """Return whether an organiser may open a page or post to it."""
    return walk.may(name) or walk.may(name, "post")


def wrong_actions(walk, owner, path):
    """Yield each problem with a list's actions: which ones it offers, and how it responds when each is posted."""
    shown, found = owner.seen("get", path), walk.send("get", path)
    every = offered(shown)
    if offered(found) != {one for one in every if walk.may_act(one)}:
        yield f"offers {sorted(offered(found))}"
    row = shown.context["cl"].result_list[0].pk if every else None
    for action in sorted(every):
        done = walk.send("post", path, {"action": action, "index": "0", "_selected_action": str(row)})
        is_refused = answer(done) in (403, "desk") or NOTHING_SELECTED in map(str, said(done)) or not offered(found)
        if done.status_code >= 400 and done.status_code != 403 or is_refused == walk.may_act(action):
            yield f"answers {action} with {answer(done)} and {said(done)}"


def closed_links(walk):
    """Yield each link of the menu and the front page that doesn't open for the organiser who sees it."""
    desk = walk.send("get", "/admin/").content.decode()
    found = {unescape(one) for one in re.findall(r'<a\b[^>]*href="(/[^"#]+)', desk)}
    if len(found) < MIN_LINKS:
        yield f"has only {len(found)} links"
    for one in sorted(found - {"/admin/"}):
        response = walk.send("get", one)
        if answer(response) != 200:
            yield f"links to {one}, which answers {answer(response)}"
