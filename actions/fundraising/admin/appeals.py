"""Appeals in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from actions.fundraising.admin.redirections import RedirectionAdmin, RedirectionForm
from actions.fundraising.approvals import APPEAL
from actions.fundraising.models import Appeal, Demand, VisitCount
from campaign.modeladmin import ReadOnlyAdmin
from campaign.pages.admin import PUBLISHING, PublishedAdmin
from campaign.pages.ordering import RowsInline


class DemandInline(RowsInline):
    """Purposes of the money, one line each."""

    model = Demand


class AppealForm(RedirectionForm):
    """The form for an appeal. Letting visitors follow a link, by ticking the box, requires a second organiser.

    While the box isn't ticked, visitors see neither the link nor the names, so changes to them are saved at once. Once
    the box is ticked, changing any of them requires a second organiser too. Unticking the box removes the link at once.
    """

    redirection = APPEAL

    def to_ask(self, saved: Appeal) -> dict[str, Any]:
        """Return the changes that need approval: to a link that visitors can follow, or the tick that allows it."""
        if not self.instance.is_checked:
            return {}
        return super().to_ask(saved) if saved.is_checked else {"is_checked": True}


@admin.register(Appeal)
class AppealAdmin(RedirectionAdmin, PublishedAdmin):
    """Organisers describe an appeal, link to it, and keep its figures up to date."""

    empty_message = _("There are no appeals yet. Add one to link to a collection on another site.")
    form = AppealForm
    inlines = [DemandInline]
    list_display = ["title", "state", "is_checked", "raised", "as_of", "published"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "details"]}),
        (_("Web address, name and organiser"), {"fields": ["url", "name_there", "organiser", "is_checked"]}),
        (
            _("Progress"),
            {
                "fields": [("target", "raised", "supporters"), "as_of"],
                "description": _("Copy these from the appeal’s own page. We never fetch them."),
            },
        ),
        (_("Together with donations made here"), {"fields": ["fund", "passed_on"]}),
        PUBLISHING,
    ]

    def save_model(self, request: HttpRequest, obj: Appeal, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.published and not obj.is_checked:
            text = _(
                "Visitors will see “%(title)s” without a link until somebody has checked the link and ticked the box."
            )
            self.message_user(request, text % {"title": obj.title}, messages.WARNING)


@admin.register(VisitCount)
class VisitCountAdmin(ReadOnlyAdmin):
    """How many people followed our link to an appeal, by day."""

    empty_message = _("Nobody has followed a link to an appeal yet. Publish one, and check its link.")
    list_display = ["day", "appeal", "count"]
    list_filter = ["appeal"]
    list_select_related = ["appeal"]
    date_hierarchy = "day"
