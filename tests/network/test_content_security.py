"""Our middleware sends the same policy as django-csp's own."""

import pytest
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from campaign.network.content_security import ContentSecurityMiddleware


def plain(request):
    return HttpResponse()


def with_nonce(request):
    return HttpResponse(request.csp_nonce)


def with_header(request):
    return HttpResponse(headers={"Content-Security-Policy": "default-src 'self'"})


changed = [
    csp_update({"style-src": "https://style.example"})(plain),
    csp_replace({"frame-ancestors": None})(plain),
    csp_exempt()(plain),
]


@pytest.mark.parametrize("view", [plain, with_header, *changed])
def test_the_policy_is_the_one_of_django_csp(rf, view):
    ours = ContentSecurityMiddleware(view)(rf.get("/"))
    theirs = CSPMiddleware(view)(rf.get("/"))

    assert ours.headers.get("Content-Security-Policy") == theirs.headers.get("Content-Security-Policy")


def test_a_page_with_a_nonce_has_it_in_its_policy(rf):
    response = ContentSecurityMiddleware(with_nonce)(rf.get("/"))

    assert f"'nonce-{response.content.decode()}'" in response.headers["Content-Security-Policy"]


def test_one_page_with_a_nonce_leaves_the_next_without(rf):
    views = iter([with_nonce, plain])
    middleware = ContentSecurityMiddleware(lambda request: next(views)(request))

    policies = [middleware(rf.get("/")).headers["Content-Security-Policy"] for _ in range(2)]

    assert ["nonce" in policy for policy in policies] == [True, False]
