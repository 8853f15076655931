"""A search of the whole desk: tasks, settings, and the rows of every list that the organiser may see."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaign.desk.registry import Line, shortcuts_for
from campaign.email_addresses.finding import FindsAddresses, may_be_address
from campaign.modeladmin import UNUSABLE, HubModelAdmin, mentions

MAX_SHOWN = 5
MIN_LENGTH, MAX_LENGTH = 2, 100


class SearchForm(forms.Form):
    """The search box. The browser sends it by POST, because a name or an e-mail address must not be part of a URL."""

    q = forms.CharField(
        label=lazy("Search the desk"),
        min_length=MIN_LENGTH,
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "id": "search-again"}),
    )


@dataclass(frozen=True)
class Found:
    """Results of one kind, such as the rows of one list: the first few lines, and the URL of the rest, if any."""

    title: Any
    lines: list[Line]
    more_url: str = ""


def search(site: AdminSite, request: HttpRequest, term: str) -> list[Found]:
    """Return everything that matches the term and that this organiser may see, in the order of the admin's lists."""
    lists = [one for group in site.get_app_list(request) for one in group["models"] if one["admin_url"]]
    admins: list[tuple[str, str, HubModelAdmin]] = [
        (one["name"], one["admin_url"], cast(HubModelAdmin, site.get_model_admin(one["model"]))) for one in lists
    ]
    found = [_tasks_and_settings(request, [model_admin for _name, _url, model_admin in admins], term)]
    found += [_rows(name, url, model_admin, request, term) for name, url, model_admin in admins]
    return [one for one in found if one.lines]


def needs_further_right(site: AdminSite, request: HttpRequest, term: str) -> bool:
    """Return whether the search left out a list because this organiser may not search it for an e-mail address."""
    searched = [one for one in site._registry.values() if isinstance(one, FindsAddresses)]
    return any(not one.may_search(request, term) for one in searched)


def _tasks_and_settings(request: HttpRequest, admins: list[HubModelAdmin], term: str) -> Found:
    user = cast(User, request.user)
    lines = [Line(one.text, one.url) for one in shortcuts_for(user) if mentions(str(one.text), term)]
    lines += [Line(text, url) for model_admin in admins for text, url in model_admin.screens_about(request, term)]
    lines.sort(key=lambda line: not mentions(str(line.text), term))  # lines with the term only in a hint come last
    return Found(_("Tasks and settings"), list(dict.fromkeys(lines))[: 2 * MAX_SHOWN])


def _rows(name: str, url: str, model_admin: HubModelAdmin, request: HttpRequest, term: str) -> Found:
    """Search one list in the same way as the list's own search box, and return the first rows."""
    if not model_admin.get_search_fields(request):
        return Found(name, [])
    try:
        rows = list(_matching(model_admin, request, term)[: MAX_SHOWN + 1])
    except UNUSABLE:
        return Found(name, [])
    change = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_change"
    lines = [Line(model_admin.search_line(row), reverse(change, args=[row.pk])) for row in rows[:MAX_SHOWN]]
    return Found(name, lines, _more(url, model_admin, term) if len(rows) > MAX_SHOWN else "")


def _matching(model_admin: ModelAdmin, request: HttpRequest, term: str) -> QuerySet[Any]:
    everything = model_admin.get_queryset(request)
    matching, has_duplicates = model_admin.get_search_results(request, everything, term)
    if has_duplicates:
        matching = everything.filter(pk__in=matching.order_by().values("pk"))
    related = model_admin.list_select_related
    return matching if isinstance(related, bool) else matching.select_related(*related)


def _more(url: str, model_admin: ModelAdmin, term: str) -> str:
    """Return the URL of the list, with the same search unless the term may identify somebody."""
    is_private = isinstance(model_admin, FindsAddresses) or may_be_address(term)
    return url if is_private else f"{url}?{urlencode({SEARCH_VAR: term})}"
