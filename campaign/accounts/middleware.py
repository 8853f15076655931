"""Keeping the admin closed to people who have given only their password."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from campaign.accounts.organisers import next_step


class RequireSecondFactorMiddleware:
    """Redirects organisers who have not given their second factor to the page that asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        if (match and "admin" not in match.app_names) or not request.user.is_staff:
            return None
        step = next_step(request)
        if step is None:
            return None
        return redirect(f"{reverse(step)}?{urlencode({'next': reverse('admin:index')})}")
