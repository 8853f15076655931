"""The plan for communities in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from actions.communities.models import AnchorDate, Material, Plan, Step
from actions.communities.models.anchors import MAX_ANCHORS
from actions.communities.models.plan import MAX_MATERIALS, MAX_STEPS
from campaign.media.choosing import ChoosesPictures
from campaign.pages.admin import PUBLISHING, SHARING, PublishedAdmin
from campaign.pages.ordering import RowsInline


class StepInline(RowsInline):
    """The steps of the plan."""

    model = Step
    max_num = MAX_STEPS
    fields = ["title", "takes", "details", "order"]


class MaterialInline(ChoosesPictures, RowsInline):
    """The materials for the steps."""

    model = Material
    max_num = MAX_MATERIALS
    fields = ["step", "title", "document", "picture", "talk", "order"]

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only the steps of this plan."""
        if db_field.name == "step":
            key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            plan = key if key and str(key).isdigit() else None
            kwargs["queryset"] = Step.objects.filter(plan=plan) if plan else Step.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class AnchorDateInline(RowsInline):
    """The days in the calendar on which communities can take a step."""

    model = AnchorDate
    max_num = MAX_ANCHORS
    fields = ["title", "rule", ("day", "month", "hebrew_month"), ("on", "days"), "idea", "order"]


@admin.register(Plan)
class PlanAdmin(PublishedAdmin):
    """The plan, its steps, their materials, and the calendar."""

    empty_message = _("There is no plan yet. Add one with the steps that a community can take.")
    search_fields = ["title", "summary", "steps__title"]
    inlines = [StepInline, MaterialInline, AnchorDateInline]
    fieldsets = [(None, {"fields": ["title", "slug", "summary", "details"]}), SHARING, PUBLISHING]
