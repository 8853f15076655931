"""The organisers' admin: Django's own, behind our sign-in and ordered our way."""

from typing import Any, cast

from allauth.account.utils import get_next_redirect_url
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.contrib.auth.models import User
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateTimeField, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.desk import tour
from campaign.desk.registry import Figure, Panel, Plot, items_for, shortcuts_for
from campaign.desk.search import SearchForm, needs_further_right, search
from campaign.desk.tasks import tasks_for
from campaign.forms.date_and_time import NamedSplitDateTime, NamedSplitDateTimeField

# The <style> that the text editor and the block editor each write into the page. A new release of
# either may change it: then tests/browser/test_admin_axe.py fails, and Chromium names the new hash.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]
ORDER = [
    "pages",
    "links",
    "media",
    "tags",
    "pledges",
    "mailings",
    "news",
    "letters",
    "protests",
    "fundraising",
    "businesses",
    "communities",
    "approvals",
    "joint_publishing",
    "public_names",
    "sealing",
    "audit",
    "places",
    "public_data",
    "mail",
    "subject_access",
    "auth",
]

# A URL typed without a scheme is taken to be https, as it will be by default in Django 6.
FORMFIELD_FOR_DBFIELD_DEFAULTS[URLField]["assume_scheme"] = "https"
FORMFIELD_FOR_DBFIELD_DEFAULTS[DateTimeField] = {"form_class": NamedSplitDateTimeField, "widget": NamedSplitDateTime}


class HubAdminSite(AdminSite):
    """Django's admin without its sign-in, which supports only one factor."""

    index_title = _("The desk")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_update({"style-src": EDITOR_STYLES})(super().admin_view(view, cacheable))

    @method_decorator(never_cache)
    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        return super().password_change_done(request, extra_context)

    def get_urls(self) -> list[Any]:
        own = [
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"),
            path("search/", self.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.search)), name="search"),
            path("tour/", self.admin_view(require_safe(self.tour)), name="tour"),
            path("tour/close/", self.admin_view(require_POST(self.close_tour)), name="close-tour"),
        ]
        return [*own, *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Redirect to a row's page. Raises Http404 for a key that no row can have, such as a malformed UUID."""
        try:
            return shortcut(request, content_type_id, object_id)
        except (TypeError, ValidationError) as error:  # TypeError: the key of a row is bytes
            raise Http404 from error

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        next_url = get_next_redirect_url(request) or reverse("admin:index")
        if self.has_permission(request):
            return redirect(next_url)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('account_login')}?{urlencode({'next': next_url})}")

    # The next two methods redirect. They return Any, because django-stubs expects Django's own TemplateResponse.
    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """Show this organiser's tasks, figures, panels and shortcuts above the admin's lists."""
        user = cast(User, request.user)
        tasks, items = tasks_for(user), items_for(user)
        context = {
            "tasks": [task for task in tasks if not task.before_opening],
            "before_opening": [task for task in tasks if task.before_opening],
            "figures": [item for item in items if isinstance(item, Figure)],
            "plots": [item for item in items if isinstance(item, Plot)],
            "panels": [item for item in items if isinstance(item, Panel)],
            "shortcuts": shortcuts_for(user),
            "steps": [] if tour.is_closed_by(user) else tour.steps_for(user),
        }
        return super().index(request, context | (extra_context or {}))

    def search(self, request: HttpRequest) -> HttpResponse:
        """Show the results of a search; for a GET, show the search box and say what it can find."""
        form = SearchForm(request.POST if request.method == "POST" else None)
        context = self.each_context(request) | {"title": _("Search"), "form": form}
        if form.is_valid():
            term = form.cleaned_data["q"]
            context |= {"found": search(self, request, term), "term": term}
            context["needs_further_right"] = needs_further_right(self, request, term)
        return render(request, "admin/desk/search.html", context)

    def tour(self, request: HttpRequest) -> HttpResponse:
        """Show the tour, even to an organiser who has closed it."""
        context = self.each_context(request) | {"title": _("A tour of the desk")}
        return render(request, "admin/desk/tour.html", context | {"steps": tour.steps_for(cast(User, request.user))})

    def close_tour(self, request: HttpRequest) -> HttpResponse:
        """Stop offering the tour to this organiser, and redirect to the desk."""
        tour.close(cast(User, request.user))
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Return the groups in the order that organisers need, with unknown ones last."""
        groups = super().get_app_list(request, app_label)
        for group in groups:
            group["name"] = _("Accounts") if group["app_label"] == "auth" else capfirst(group["name"])
        places = {label: place for place, label in enumerate(ORDER)}
        return sorted(groups, key=lambda group: places.get(group["app_label"], len(ORDER)))
