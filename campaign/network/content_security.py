"""The Content-Security-Policy header, by django-csp."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from campaign.network.middleware import Answer


class ContentSecurityMiddleware(CSPMiddleware):
    """Middleware that builds the usual policy once. On its own, django-csp builds it again for every response.

    django-csp still builds the policy of a response that has a nonce or changes the policy.
    """

    def __init__(self, get_response: Answer) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
