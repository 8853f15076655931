"""The organisers' admin: Django's own, behind our sign-in, in our order."""

from allauth.account.utils import get_next_redirect_url
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.core.exceptions import PermissionDenied
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

# What the text editor writes into the page as <style>; tests/browser/test_admin.py finds out when a
# new release of it writes something else.
EDITOR_STYLES: list[str] = []
ORDER = ["pages", "pledges", "letters", "protests", "fundraising", "businesses", "mail", "auth"]

# An address typed without its scheme is meant to be https, as it will be by default in Django 6.
FORMFIELD_FOR_DBFIELD_DEFAULTS[URLField]["assume_scheme"] = "https"


class HubAdminSite(AdminSite):
    """Django's admin, but for its sign-in, which knows one factor only."""

    index_title = _("What would you like to change?")

    def admin_view(self, view: object, cacheable: bool = False) -> object:
        return csp_update({"style-src": EDITOR_STYLES})(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        next_url = get_next_redirect_url(request) or reverse("admin:index")
        if self.has_permission(request):
            return redirect(next_url)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('account_login')}?{urlencode({'next': next_url})}")

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The groups in the order in which organisers need them; unknown ones last."""
        groups = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(ORDER)}
        return sorted(groups, key=lambda group: places.get(group["app_label"], len(ORDER)))
