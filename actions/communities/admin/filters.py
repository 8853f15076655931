"""Filters for the lists of communities, reports and complaints."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _


class CommunityState(SimpleListFilter):
    """A filter for communities by whether they are waiting for approval or take part."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waiting for approval")), ("part", _("taking part"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.taking_part() if self.value() == "part" else queryset


class Open(SimpleListFilter):
    """A filter for rows by whether an organiser has dealt with them."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to deal with")), ("done", _("dealt with"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        done = f"{self._column(queryset.model)}__isnull"
        return queryset.filter(**{done: self.value() == "open"}) if self.value() in ("open", "done") else queryset

    @staticmethod
    def _column(model: Any) -> str:
        return "read_at" if hasattr(model, "read_at") else "answered_at"
