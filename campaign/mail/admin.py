"""The outbox in the admin: organisers see that mail goes out, never to whom."""

from django.contrib import admin
from django.http import HttpRequest

from campaign.mail.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Read-only."""

    list_display = ["kind", "created_at", "outcome", "attempts", "due_at", "problem"]
    list_filter = ["outcome", "kind"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
