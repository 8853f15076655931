"""Redirects, broken links, and the list of our pages that link fields offer."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign.links.addresses import is_path
from campaign.links.models import CheckedLink, Redirect
from campaign.links.own import State, choices, nearest, states
from campaign.links.places import Place, places
from campaign.modeladmin import ReadOnlyAdmin

MAX_SHOWN = 200
MAX_TERM = 100
REASONS = {
    State.MISSING: _("there is no such page on this site"),
    State.HIDDEN: _("visitors can’t see this page"),
}


@dataclass(frozen=True)
class Broken:
    """A broken link, the reason, and the address that was probably meant."""

    place: Place
    reason: Any
    nearest: str = ""


@admin.register(Redirect)
class RedirectAdmin(ReadOnlyAdmin):
    """Former addresses of pages. Deleting a redirect frees its address for another page."""

    empty_message = _("There are no redirects yet. One is made when you change the web address of a page.")
    list_display = ["old_address", "leads_to", "created_at"]
    search_fields = ["old_path"]
    fields = readonly_fields = ("old_address", "leads_to", "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("links.delete_redirect")

    @admin.display(description=_("old address"), ordering="old_path")
    def old_address(self, redirect: Redirect) -> str:
        return str(redirect)

    @admin.display(description=_("redirects to"))
    def leads_to(self, redirect: Redirect) -> str:
        target = redirect.target
        if target is None:
            return str(_("nothing: the page has been deleted"))
        return format_html('<a href="{}">{}</a>', target.get_absolute_url(), target)


@admin.register(CheckedLink)
class CheckedLinkAdmin(ReadOnlyAdmin):
    """Broken links: to our own pages as of now, and to other sites as of the last run of `check_links`."""

    empty_message = _("No links have been checked yet. Broken links to our own pages are listed anyway.")
    fields = readonly_fields = ("url", "explanation", "checked_at", "failed_days", "failed_on")

    def get_urls(self) -> list[URLPattern]:
        own = path("pages/", self.admin_site.admin_view(self.pages), name="links_pages")
        return [own, *super().get_urls()]

    def pages(self, request: HttpRequest) -> JsonResponse:
        """Return our pages that match `q`, at most fifty, for link fields to offer."""
        term = request.GET.get("q", "")[:MAX_TERM].strip().lower()
        return JsonResponse({"pages": choices(term, cast(User, request.user))})

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """List the broken links, each with the page on which organisers can change it."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses the request
        written = list(places())
        own = broken_of_ours(written)
        others = broken_elsewhere(written)
        context = self.admin_site.each_context(request) | {
            "title": _("Broken links"),
            "opts": self.opts,
            "own": own[:MAX_SHOWN],
            "others": others[:MAX_SHOWN],
            "is_cut": max(len(own), len(others)) > MAX_SHOWN,
            "checked_at": CheckedLink.objects.order_by("-checked_at").exclude(checked_at=None).first(),
            "failing": CheckedLink.objects.filter(failed_days__gt=0).count() - CheckedLink.objects.broken().count(),
        }
        return render(request, "admin/links/broken.html", context | (extra_context or {}))


def broken_of_ours(written: list[Place]) -> list[Broken]:
    """Return the links to paths on this site that have no page, or a page that visitors can't see."""
    found = states(place.address for place in written if is_path(place.address))
    wrong = [place for place in written if found.get(place.address, State.PAGE) != State.PAGE]
    meant = nearest(place.address for place in wrong if found[place.address] == State.MISSING)
    return [Broken(place, REASONS[found[place.address]], meant.get(place.address, "")) for place in wrong]


def broken_elsewhere(written: list[Place]) -> list[Broken]:
    """Return the links to other sites that have failed on three days."""
    broken = {link.url: link for link in CheckedLink.objects.broken()[:MAX_SHOWN]}
    return [Broken(place, broken[place.address].explanation) for place in written if place.address in broken]
