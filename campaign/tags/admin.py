"""Tags in the admin, with the number of signatures that each has brought."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.modeladmin import HubModelAdmin
from campaign.small_numbers import MIN_SHOWN
from campaign.tags.counts import signatures_by_tag
from campaign.tags.links import VIA
from campaign.tags.models import Tag

LIMITS = _(
    "Share a link to the pledge itself, such as /pledges/stop-it/?via=leeds-leaflet. From the home page and from "
    "updates, the tag goes along to the pledge in browsers that run JavaScript. From any other page, it is lost: the "
    "signature counts, but not for the tag."
)


@admin.register(Tag)
class TagAdmin(HubModelAdmin):
    """Tags. The word in the link can't be changed, because links with it are already in use."""

    empty_message = _("There are no tags yet. Add one for a leaflet or a post to see how many signatures it brings.")
    list_display = ["name", "end_of_link", "signatures", "created_at"]
    search_fields = ["name", "slug"]
    fieldsets = [(None, {"fields": ["name", "slug"], "description": LIMITS})]
    prepopulated_fields: ClassVar[dict[str, Any]] = {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list with the number of signatures of each tag. One query counts them all."""
        shown: Any = super().get_changelist_instance(request)
        counts = signatures_by_tag([tag.pk for tag in shown.result_list])
        for tag in shown.result_list:
            tag.count = counts.get(tag.pk, 0)
        return shown

    @admin.display(description=_("end of the link"), ordering="slug")
    def end_of_link(self, tag: Tag) -> str:
        return f"?{VIA}={tag.slug}"

    @admin.display(description=_("signatures"))
    def signatures(self, tag: Any) -> str:
        """Return the number of signatures in tens. A smaller number could reveal who signed."""
        words = gettext("%(count)s or more") if tag.count else gettext("fewer than %(count)s")
        return words % {"count": tag.count or MIN_SHOWN}
