"""Funds, the donation settings and the dashboard in the admin."""

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

PERMISSIONS = ["fundraising.view_donation", "fundraising.view_payment"]


@admin.register(DonationSettings)
class DonationSettingsAdmin(OneRowAdmin):
    """The switch that stops donations, the link to Stripe's customer portal, and the card fee."""

    fieldsets = [
        (None, {"fields": ["is_open"]}),
        (_("Monthly donations"), {"fields": ["portal_url"]}),
        (_("Card fee"), {"fields": [("fee_percent", "fee_pence")]}),
    ]


@admin.register(Fund)
class FundAdmin(PublishedAdmin):
    """Organisers describe what donations are for, and see how much has come in."""

    change_list_template = "admin/fundraising/list.html"
    list_display = ["title", "payee", "is_open", "published", "order", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "payee"]}),
        (_("Donations"), {"fields": ["is_open", "presets", "target", "charity_name"]}),
        PUBLISHING,
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.dashboard))
        return [path("giving/", view, name="fundraising_fund_dashboard"), *super().get_urls()]

    def dashboard(self, request: HttpRequest) -> HttpResponse:
        """Show totals, charts, monthly donations, the last 24 hours, and whether donations are open."""
        if not request.user.has_perms(PERMISSIONS):
            raise PermissionDenied
        days = next((days for days in PERIODS if request.GET.get("days") == str(days)), PERIODS[0])
        context = self.admin_site.each_context(request) | {
            "title": _("Donations"),
            "periods": PERIODS,
            "days": days,
            "dashboard": dashboard(days, timezone.now()),
        }
        return render(request, "admin/fundraising/dashboard.html", context)
