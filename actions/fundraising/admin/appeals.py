"""Appeals in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import Appeal, Demand, VisitCount
from campaign.modeladmin import ReadOnlyAdmin
from campaign.pages.admin import PUBLISHING, PublishedAdmin


class DemandInline(admin.TabularInline):
    """Purposes of the money, one line each."""

    model = Demand
    extra = 0


@admin.register(Appeal)
class AppealAdmin(PublishedAdmin):
    """Organisers describe an appeal, link to it, and keep its figures up to date."""

    inlines = [DemandInline]
    list_display = ["title", "raised", "as_of", "published", "order"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "details", "url"]}),
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


@admin.register(VisitCount)
class VisitCountAdmin(ReadOnlyAdmin):
    """How many people followed our link to an appeal, by day."""

    list_display = ["day", "appeal", "count"]
    list_filter = ["appeal"]
    list_select_related = ["appeal"]
    date_hierarchy = "day"
