"""Every admin page, as every role: it opens, or is refused, as docs/organisers/roles.md says. Nothing answers 500.

`make prove` requests each page as every role; the gate requests most of them, each as one role.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from campaign.approvals.kinds import KINDS
from campaign.roles import ROLES
from tests.accounts import matrix
from tests.accounts.organisers import sign_in, sign_in_as
from tests.prove.routes import build_path, is_admin, routes
from tests.prove.site import Site
from tests.sizes import size

VERBS = {
    **dict.fromkeys(["changelist", "change", "history", "compare", "preview", "preview_page", "preview_card"], "view"),
    **dict.fromkeys(["add", "deleted", "keep_new", "discard_new"], "add"),
    **dict.fromkeys(["preview_new", "preview_new_page", "preview_new_card"], "add"),
    **dict.fromkeys(["publish", "cancel", "restore", "keep", "discard", "presence", "order"], "change"),
    "delete": "delete",
}
STEP = size(8, 1)  # in the gate, five pages in eight are each requested by one role, and by an owner
# What opens the pages that are not of Django's usual kinds.
SPECIAL = {
    "pledges_pledge_trends": ["pledges.change_signature"],
    "pledges_export_download": ["pledges.export_signature"],
    "pledges_lostmailbox_withdraw": ["pledges.handle_lostmailbox"],
    "letters_letter_preview": ["letters.view_letter"],
    "fundraising_fund_dashboard": ["fundraising.view_donation", "fundraising.view_payment"],
    "fundraising_payment_csv": ["fundraising.view_payment"],
    "fundraising_claim_make": ["fundraising.claim_gift_aid"],
    "fundraising_claim_download": ["fundraising.claim_gift_aid"],
    "fundraising_claim_sent": ["fundraising.claim_gift_aid"],
    "approvals_lost_phone": [matrix.FOR_OWNERS],
    "audit_auditentry_redact": ["audit.redact_auditentry"],
    "joint_publishing_end": [matrix.FOR_OWNERS],
    "media_picture_choose": ["media.view_picture"],
    "pledges_signature_hide_name": ["pledges.change_signature"],
    "public_names_hide": ["public_names.hide_names"],
    "public_names_show": ["public_names.hide_names"],
    "public_names_hiding_changelist": ["public_names.hide_names"],
    "public_names_hiding_change": ["public_names.hide_names"],
    "public_names_hiding_history": ["public_names.hide_names"],
}
# They show what each organiser may see, or lead elsewhere.
FOR_ALL = {
    *("index", "login", "logout", "password_change", "password_change_done", "jsi18n", "view_on_site", "autocomplete"),
    *("app_list", "search", "token", "tour", "close-tour", "links_pages"),
}
# What each action of a list needs.
ACTIONS = {
    **dict.fromkeys(["count", "reject", "hold", "approve_organisations", "withdraw"], "pledges.change_signature"),
    **dict.fromkeys(["show", "hide"], "fundraising.change_donation"),
    **dict.fromkeys(["mail_link", "make_link"], matrix.FOR_OWNERS),
    "cancel": "fundraising.change_declaration",
    "mark_reported": "fundraising.claim_gift_aid",
    "send_again": "mail.change_message",
}
REQUESTS = {kind.permission for kind in KINDS.values()}


class Walk:
    """Requests admin pages in the name of one organiser, undoing whatever they change."""

    def __init__(self, promised=None):
        self.client, self.promised = Client(), promised
        self.client.raise_request_exception = False

    def may(self, name):
        """Return whether the page promises that this role may open the admin page of this name; owners may."""
        if self.promised is None or name in FOR_ALL:
            return True
        if name in SPECIAL:
            return self.promised.issuperset(SPECIAL[name])
        label, verb = parse(name)
        if label == matrix.BY_KIND:
            return bool(self.promised & REQUESTS)
        needed = matrix.GOVERNED.get(label) or f"{label.partition('.')[0]}.{verb}_{label.partition('.')[2]}"
        return label != matrix.FOR_OWNERS and needed in self.promised

    def may_act(self, action, label):
        """Return whether the page promises this action of a list."""
        app, _dot, model = label.partition(".")
        needed = ACTIONS.get(action) or matrix.GOVERNED.get(label) or f"{app}.delete_{model}"
        return self.promised is None or needed in self.promised

    def send(self, method, path):
        """Return the last response after redirects: a list of one row leads to its form."""
        with transaction.atomic():
            response = getattr(self.client, method)(path, {"post": "yes"} if method == "post" else None, follow=True)
            transaction.set_rollback(True)
        return response


def parse(name):
    """Return the model and the verb that an admin page is about."""
    models = {f"{model._meta.app_label}_{model._meta.model_name}_": model for model in admin.site._registry}
    prefix = next(prefix for prefix in models if name.startswith(prefix))
    return models[prefix]._meta.label_lower, VERBS[name.removeprefix(prefix)]


def pages(site):
    """Yield the name and the path of each admin page, with the key of a row that exists if there is one."""
    for view, route in routes():
        name = view.partition(":")[2]
        if is_admin(route) and name:  # the nameless ones only redirect
            yield name, build_path(route, lambda parameter, name=name: value_of(name, parameter))


def value_of(name, parameter):
    """Return the key of a row of the model whose page it is."""
    model = next(
        (one for one in admin.site._registry if name.startswith(f"{one._meta.app_label}_{one._meta.model_name}_")), None
    )
    if name == "approvals_lost_phone" or model is None:
        return {"app_label": "pledges"}.get(parameter, "1")
    row = model._default_manager.order_by("pk").first()
    return str(admin.utils.quote(row.pk)) if row else "1"


def offered(response):
    """Return the names of the actions that a list offers."""
    form = (response.context or {}).get("action_form")
    return {name for name, _label in form.fields["action"].choices if name} if form else set()


def links(response):
    """Return the names of the admin pages that a page links to or sends forms to."""
    found = set()
    for address in re.findall(r'(?:href|action)="([^"#]*)', response.content.decode()):
        path = urlsplit(address).path
        if path.startswith("/admin/"):
            try:
                found.add(resolve(path).url_name or "")
            except Resolver404:
                found.add(f"nothing at {path}")
    return found


def opened(response):
    """Return whether the page is there to see; a row that is missing, or hidden, leads to the front page instead."""
    return response.status_code == 200 and response.request["PATH_INFO"] != "/admin/"


@pytest.fixture(scope="module")
def promised_to(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return matrix.written()


def test_every_role_opens_exactly_the_pages_that_it_may_and_is_offered_no_others(db, stripe, promised_to):
    site, owner, wrong = Site(), Walk(), []
    sign_in(owner.client)
    every = list(pages(site))

    for turn, role in enumerate(ROLES):
        walk = Walk(promised_to[str(role.label)])
        sign_in_as(walk.client, role.name)
        for name, path in every[turn % STEP :: STEP]:
            wrong += [(role.name, path, problem) for problem in problems(walk, owner, name, path)]

    assert wrong == []


def problems(walk, owner, name, path):
    """Yield what is wrong with one page for one organiser, compared with what the owner sees there."""
    found = walk.send("get", path)
    sent = walk.send("post", path) if name not in FOR_ALL else found
    if found.status_code >= 500 or sent.status_code >= 500:
        yield "fails"
    if walk.may(name):
        shown = owner.send("get", path)
        if opened(found) != opened(shown):
            yield f"answers {found.status_code}, and the owner {shown.status_code}"
        yield from (f"links to {one}" for one in links_beyond(walk, found))
        yield from (f"offers or lacks {one}" for one in wrong_actions(walk, found, shown, name))
    elif opened(found) or opened(sent):
        yield "lets them in"


def links_beyond(walk, response):
    """Return the names of pages that a page links to although this organiser may not open them."""
    if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
        return []
    return [one for one in sorted(links(response)) if one.startswith("nothing") or not walk.may(one)]


def wrong_actions(walk, response, as_owner, name):
    """Return the actions that a list offers wrongly, or wrongly leaves out, compared with what it offers an owner."""
    if response.status_code != 200 or not name.endswith("_changelist"):
        return set()
    label = parse(name)[0]
    return offered(response) ^ {one for one in offered(as_owner) if walk.may_act(one, label)}
