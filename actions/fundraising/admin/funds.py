"""Funds, the donation settings and the dashboard in the admin."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from actions.fundraising.admin.dashboard import PERIODS, dashboard
from actions.fundraising.admin.redirections import RedirectionAdmin, RedirectionForm
from actions.fundraising.approvals import SETTINGS
from actions.fundraising.models import DonationSettings, Fund
from actions.fundraising.stripe import checks
from actions.fundraising.stripe.closing import close_payment_pages
from campaign.modeladmin import HubModelAdmin
from campaign.pages.admin import PUBLISHING, OneRowAdmin, PublishedAdmin

PERMISSIONS = ["fundraising.view_donation", "fundraising.view_payment"]


class StoppingAdmin(HubModelAdmin):
    """Admin with a switch that stops donations. Stopping them also closes payment pages that are open at Stripe."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if {"is_open", "published"} & set(form.changed_data) and checks.is_set_up():
            transaction.on_commit(partial(self.close_payment_pages, request))

    def close_payment_pages(self, request: HttpRequest) -> None:
        """Close the payment pages of stopped donations, and report how many were closed and how many were not."""
        closed, still_open = close_payment_pages()
        if closed:
            report = ngettext(
                "%(count)s open payment page was closed.", "%(count)s open payment pages were closed.", closed
            )
            self.message_user(request, report % {"count": closed}, messages.SUCCESS)
        if still_open:
            report = ngettext(
                "%(count)s payment page could not be closed: a donor can still pay there for up to an hour.",
                "%(count)s payment pages could not be closed: donors can still pay there for up to an hour.",
                still_open,
            )
            self.message_user(request, report % {"count": still_open}, messages.WARNING)


class DonationSettingsForm(RedirectionForm):
    """Form for the donation settings, which refuses a rehearsal in live mode."""

    redirection = SETTINGS

    def clean_is_rehearsal(self) -> bool:
        """Return whether the box is ticked. Raises ValidationError in live mode, where test payments can't be made."""
        if self.cleaned_data["is_rehearsal"] and settings.STRIPE_LIVE:
            raise ValidationError(_("Stripe is set up for real money. A rehearsal needs a Stripe test key."))
        return self.cleaned_data["is_rehearsal"]


@admin.register(DonationSettings)
class DonationSettingsAdmin(RedirectionAdmin, OneRowAdmin, StoppingAdmin):
    """The switch that stops donations, the treasurer, rehearsals, Stripe's customer portal, and the card fee."""

    change_form_template = "admin/fundraising/form.html"
    form = DonationSettingsForm
    fieldsets = [
        (None, {"fields": ["is_open", "treasurer_email"]}),
        (_("Monthly donations"), {"fields": ["portal_url"]}),
        (_("Card fee"), {"fields": [("fee_percent", "fee_pence")]}),
        (_("Trying it out"), {"fields": ["is_rehearsal"]}),
    ]


@admin.register(Fund)
class FundAdmin(PublishedAdmin, StoppingAdmin):
    """Organisers describe what donations are for, and see how much has come in."""

    empty_message = _("There are no funds yet. Add one, so that people can donate on this site.")
    change_form_template = "admin/fundraising/fund.html"
    change_list_template = "admin/fundraising/funds.html"
    list_display = ["title", "state", "payee", "is_open", "published", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "payee"]}),
        (_("Donations"), {"fields": ["is_open", "presets", "target"]}),
        (_("Charity"), {"fields": ["registered_name", "registered_number", "charity_name"]}),
        PUBLISHING,
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Fund | None = None) -> bool:
        """Return whether a fund may be deleted, which isn't allowed once anybody has begun to donate to it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.donations.exists())

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
