"""Funds, the settings of giving, and how giving goes, in the admin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from actions.fundraising.admin.dashboard import PERIODS, dashboard
from actions.fundraising.models import DonationSettings, Fund
from campaign.pages.admin import PUBLISHING, OneRowAdmin, PublishedAdmin

RIGHTS = ["fundraising.view_donation", "fundraising.view_payment"]


@admin.register(DonationSettings)
class DonationSettingsAdmin(OneRowAdmin):
    """The switch, the link to the portal, and what the card fee is."""

    fieldsets = [
        (None, {"fields": ["is_open"]}),
        (_("Monthly gifts"), {"fields": ["portal_url"]}),
        (_("Card fee"), {"fields": [("fee_percent", "fee_pence")]}),
    ]


@admin.register(Fund)
class FundAdmin(PublishedAdmin):
    """Organisers write what gifts are for, and see how giving goes."""

    change_list_template = "admin/fundraising/list.html"
    list_display = ["title", "payee", "is_open", "published", "order", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "payee"]}),
        (_("Gifts"), {"fields": ["is_open", "presets", "target", "charity_name"]}),
        PUBLISHING,
    ]

    def get_urls(self) -> list[URLPattern]:
        own = path("giving/", self.admin_site.admin_view(require_safe(self.giving)), name="fundraising_fund_giving")
        return [own, *super().get_urls()]

    def giving(self, request: HttpRequest) -> HttpResponse:
        """Totals, charts, monthly gifts, the last day, and the switch."""
        if not request.user.has_perms(RIGHTS):
            raise PermissionDenied
        days = next((days for days in PERIODS if request.GET.get("days") == str(days)), PERIODS[0])
        context = self.admin_site.each_context(request) | {
            "title": _("How giving goes"),
            "periods": PERIODS,
            "days": days,
            "dashboard": dashboard(days, timezone.now()),
        }
        return render(request, "admin/fundraising/giving.html", context)
