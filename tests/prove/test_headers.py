"""Every page has the headers that protect it, whatever kind of page it is. New pages are covered automatically."""

import pytest
from django.test import Client

from tests.accounts.organisers import begin_session, give_authenticator
from tests.prove.routes import build_path, is_admin, routes

# Pages that other sites may put into a frame (campaign/sharing/frames.py), and those that show a page in their own.
FRAMED = {"pledges:badge", "businesses:card"}
TYPES = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
pytestmark = pytest.mark.slow


def answers(site, client, *, admin):
    """Yield the name and the response of each public page, or of each page of the admin, to GET."""
    for view, route in routes():
        if is_admin(route) == admin and not (admin and "<" in route):
            path = build_path(route, lambda name, view=view: site.value_of(view, name))
            answer = client.get(path, secure=True)
            yield view, answer
            answer.close()


def missing(view, answer):
    """Return the names of the headers that a response lacks."""
    policy = answer.get("Content-Security-Policy", "")
    kind = answer.get("Content-Type", "")
    holds = {
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "HSTS": "max-age=31536000; includeSubDomains" in answer.get("Strict-Transport-Security", ""),
        "Referrer-Policy": answer.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "default-src": "default-src 'none'" in policy,
        "base-uri": "base-uri 'none'" in policy or "sandbox" in policy,
        "no unsafe": "unsafe-inline" not in policy.partition("style-src")[0] and "unsafe-eval" not in policy,
        "frame-ancestors": "frame-ancestors" in policy and (view in FRAMED or "frame-ancestors *" not in policy),
        "opener": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
        "charset": not kind.startswith(TYPES[0]) or "charset=utf-8" in kind,
    }
    return [name for name, is_there in holds.items() if not is_there]


def test_every_page_has_the_headers_that_protect_it(site):
    client = Client(raise_request_exception=False)
    faults = {view: missing(view, answer) for view, answer in answers(site, client, admin=False)}

    assert len(faults) > 60
    assert {view: names for view, names in faults.items() if names} == {}


def test_private_pages_are_stored_nowhere(site):
    client = Client(raise_request_exception=False)
    give_authenticator(site.user)
    begin_session(client, site.user)
    seen = 0
    for view, answer in answers(site, client, admin=True):
        if answer.status_code == 200 and view != "admin:jsi18n":  # which is the same for everybody
            seen += 1
            assert "no-store" in answer.get("Cache-Control", ""), view
            assert missing(view, answer) == [], view

    assert seen > 60


def test_trace_is_refused(client, db):
    assert client.trace("/").status_code == 405
