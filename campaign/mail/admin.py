"""The outbox in the admin: organisers see that mail goes out, never to whom."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.parsing import usable_address
from campaign.mail.models import Message, SuppressedAddress, SuppressedAddressQuerySet
from campaign.modeladmin import HubModelAdmin, ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What was sent and what waits."""

    list_display = ["kind", "created_at", "outcome", "attempts", "due_at", "problem"]
    list_filter = ["outcome", "kind"]


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(HubModelAdmin):
    """An organiser finds somebody's address, by the whole of it, and lets us write to them again if they ask for it."""

    list_display = ["since"]
    actions = None  # One at a time: selecting and deleting them all would let us write to everybody again.
    search_fields = ["since"]
    search_help_text = _("Somebody's whole e-mail address.")
    fields = ("since",)
    readonly_fields = ("since",)

    def get_search_results(
        self, request: HttpRequest, queryset: SuppressedAddressQuerySet, search_term: str
    ) -> tuple[SuppressedAddressQuerySet, bool]:
        if search_term:
            queryset = queryset.of_address(usable_address(search_term))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
