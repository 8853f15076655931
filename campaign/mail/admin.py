"""The outbox in the admin: organisers see that messages are sent, but never the recipients."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.parsing import usable_address
from campaign.mail.models import Message, SuppressedAddress
from campaign.modeladmin import HubModelAdmin, ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages that have been sent, and messages that are waiting."""

    list_display = ["kind", "created_at", "outcome", "attempts", "due_at", "problem"]
    list_filter = ["outcome", "kind"]


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(HubModelAdmin):
    """Organisers search for a whole address, and delete it if its owner wants our messages again."""

    list_display = ["since"]
    actions = None  # One at a time: selecting and deleting them all would let us write to everybody again.
    search_fields = ["since"]
    search_help_text = _("Enter a whole e-mail address.")
    fields = ("since",)
    readonly_fields = ("since",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SuppressedAddress], search_term: str
    ) -> tuple[QuerySet[SuppressedAddress], bool]:
        if search_term:
            queryset &= SuppressedAddress.objects.of_address(usable_address(search_term))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
