"""Pledges and signatures in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.pages.admin import PublishedAdmin
from campaign.privacy.addresses import address_hash
from pledges.models import Demand, Pledge, Signature


class DemandInline(admin.TabularInline):
    """The demands, in order."""

    model = Demand
    extra = 0


@admin.register(Pledge)
class PledgeAdmin(PublishedAdmin):
    """Organisers write a pledge, and see how many have signed."""

    list_display = ["title", "published", "order", "goal", "count", "closes_at", "updated_at"]
    inlines = [DemandInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        return super().get_queryset(request).with_count()

    @admin.display(description=_("counted"), ordering="count")
    def count(self, pledge: Pledge) -> int:
        return pledge.count


@admin.register(Signature)
class SignatureAdmin(admin.ModelAdmin):
    """Organisers look after signatures; nobody types one in, and no address is shown."""

    list_display = [
        "public_name",
        "pledge",
        "state",
        "kind",
        "visibility",
        "suspected",
        "country",
        "signed_at",
    ]
    list_display_links = ["signed_at"]
    list_filter = ["pledge", "state", "suspected", "kind", "visibility"]
    list_select_related = ["pledge"]
    search_fields = ["public_name"]
    search_help_text = _("A public name, or somebody's whole e-mail address.")
    show_full_result_count = False
    fields = [
        "pledge",
        "state",
        "kind",
        "name",
        "organisation",
        "visibility",
        "updates",
        "suspected",
        "approved",
        "country",
        "outward",
        "signed_at",
        "confirmed_at",
    ]
    actions = ["count_them", "approve_organisations", "withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        return super().get_queryset(request).defer("name", "email", "organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        """An address is looked up by its keyed hash; the text itself is in no column."""
        if "@" in search_term:
            return queryset.filter(email_hash=address_hash(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.action(description=_("Count these: they are not suspect"), permissions=["change"])
    def count_them(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        queryset.update(suspected=False)

    @admin.action(description=_("Show these organisations in the public list"), permissions=["change"])
    def approve_organisations(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        queryset.filter(kind=Signature.Kind.ORGANISATION).update(approved=True)

    @admin.action(description=_("Withdraw: erase name and address"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        for signature in queryset:
            signature.withdraw()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Signature | None = None) -> Any:
        return self.fields
