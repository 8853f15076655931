"""Subscribers in the admin: organisers see how many there are, and can find and erase one, but never see an address."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.finding import may_be_address
from campaign.email_addresses.parsing import usable_address
from campaign.modeladmin import HubModelAdmin
from campaign.news.models import Subscriber

FIND = "news.find_subscriber"


@admin.register(Subscriber)
class SubscriberAdmin(HubModelAdmin):
    """Organisers with permission can search for a subscriber by their whole address, and erase one at a time."""

    empty_message = _("There are no subscribers yet. Share the link to the page where people can ask for news.")
    list_display = ["day"]
    list_display_links = ["day"]
    actions = None
    search_help_text = _("Enter a whole e-mail address.")
    fields = readonly_fields = ("day",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        rows: QuerySet[Subscriber] = super().get_queryset(request).defer("email")
        return rows.filter(confirmed_at__isnull=False)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Return no fields without permission to search, which hides the search box."""
        return ["pk"] if request.user.has_perm(FIND) else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """Look the address up by its keyed hash, because none is stored in plain text."""
        if not search_term:
            return queryset, False
        if not (may_be_address(search_term) and request.user.has_perm(FIND)):
            return queryset.none(), False
        return queryset.filter(email_hash=Subscriber.email_hash_of(usable_address(search_term))), False

    @admin.display(description=_("subscriber since"), ordering="confirmed_at")
    def day(self, subscriber: Subscriber) -> date | None:
        """Return only the day. An exact time could be matched to the time of a signature."""
        return timezone.localdate(subscriber.confirmed_at) if subscriber.confirmed_at else None

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Erase the subscriber, and record it so that restoring a backup doesn't bring them back."""
        Subscriber.objects.filter(pk=obj.pk).erase(timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
