"""Payments, refunds, disputes and discrepancies in the admin: facts from Stripe to look at, and a list to take away."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from actions.fundraising.admin.payment_export import rows
from actions.fundraising.admin.search import HELP, parts_meant, payments_meant
from actions.fundraising.models import Discrepancy, Dispute, Payment, Refund
from actions.fundraising.models.statuses import NEEDS_ANSWER
from campaign.modeladmin import ReadOnlyAdmin, beginning_of
from campaign.money import pounds
from campaign.spreadsheets import as_csv

MONTHS = 13
MAX_PARTS = 100
FACTS = (
    *("created_at", "paid_at", "fund", "gift", "is_monthly", "amount", "left", "currency", "status", "method"),
    *("is_live", "receipted_at", "intent_id", "charge_id", "invoice_id"),
)
OF_PART = ("created_at", "amount", "status", "paid", "at_stripe")
OF_DIFFERENCE = ("found_at", "kind", "gift", "stripe_id", "was", "now")


class MonthFilter(admin.SimpleListFilter):
    """What was paid in one of the last months; others by hand, as in `?month=2025-01`."""

    title = _("paid in")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        month, found = timezone.localdate().replace(day=1), []
        for _number in range(MONTHS):
            found.append((f"{month:%Y-%m}", date_format(month, "F Y")))
            month = (month - timedelta(days=1)).replace(day=1)
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() is None:
            return queryset
        first = beginning_of(f"{self.value()}-01")
        if first is None:
            raise IncorrectLookupParameters
        return queryset.filter(paid_at__gte=first, paid_at__lt=(first + timedelta(days=32)).replace(day=1))


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Each charge, with what was given back of it. Nobody's name is here: it is with the donation."""

    change_form_template = "admin/fundraising/payment.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = ["created_at", "amount", "left", "status", "fund", "is_monthly", "method", "is_live", "paid_at"]
    list_filter = [MonthFilter, "fund", "status", "donation__is_monthly", "is_live"]
    list_select_related = ["fund"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["pk"]
    search_help_text = HELP
    fields = readonly_fields = FACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).annotate(is_monthly=F("donation__is_monthly"))

    def get_urls(self) -> list[URLPattern]:
        own = path("csv/", self.admin_site.admin_view(require_safe(self.csv)), name="fundraising_payment_csv")
        return [own, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        term = search_term.strip()
        return (queryset.filter(payments_meant(term)) if term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        more = {"csv": reverse("admin:fundraising_payment_csv")}
        return super().changelist_view(request, (extra_context or {}) | more)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        payment = self.get_object(request, object_id)
        more = {}
        if payment:
            more = {"refunds": payment.refunds.all()[:MAX_PARTS], "disputes": payment.disputes.all()[:MAX_PARTS]}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | more)

    def csv(self, request: HttpRequest) -> HttpResponseBase:
        """What was paid, of the list as it is filtered, streamed; test money only when the list is filtered for it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:fundraising_payment_changelist")
        lines = as_csv(rows(found, is_live=request.GET.get("is_live__exact") != "0"))
        name = f"payments-{timezone.localdate()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    @admin.display(description=_("monthly"), boolean=True)
    def is_monthly(self, payment: Payment) -> bool:
        return payment.is_monthly

    @admin.display(description=_("amount"), ordering="amount_pence")
    def amount(self, payment: Payment) -> str:
        return pounds(payment.amount_pence)

    @admin.display(description=_("left"), ordering="net_pence")
    def left(self, payment: Payment) -> str:
        return pounds(payment.net_pence)

    @admin.display(description=_("donation"))
    def gift(self, payment: Payment) -> SafeString:
        return donation_link(payment.donation_id)


class PartAdmin(ReadOnlyAdmin):
    """What refunds and disputes have in common: a part of a payment that went back."""

    list_display = OF_PART
    list_select_related = ["payment"]
    search_fields = ["pk"]
    search_help_text = HELP
    fields = readonly_fields = ("id", *OF_PART)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(parts_meant(term)) if term else queryset), False

    @admin.display(description=_("amount"), ordering="amount_pence")
    def amount(self, part: Refund | Dispute) -> str:
        return pounds(part.amount_pence)

    @admin.display(description=_("payment"))
    def paid(self, part: Refund | Dispute) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:fundraising_payment_change", args=[part.payment_id]), part.payment
        )

    @admin.display(description=_("at Stripe"))
    def at_stripe(self, part: Refund | Dispute) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', part.payment.stripe_url, _("See it at Stripe"))


@admin.register(Refund)
class RefundAdmin(PartAdmin):
    """Money given back. It is given back in Stripe's dashboard."""


class OpenFilter(admin.SimpleListFilter):
    """Disputes that are not decided yet."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", str(_("not decided yet")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset & Dispute.objects.open() if self.value() else queryset


@admin.register(Dispute)
class DisputeAdmin(PartAdmin):
    """Donors' banks that ask for money back. They are answered in Stripe's dashboard."""

    list_filter = [OpenFilter, "payment__is_live"]

    @admin.display(description=_("at Stripe"))
    def at_stripe(self, part: Refund | Dispute) -> SafeString:
        words = _("Answer it at Stripe") if part.status in NEEDS_ANSWER else _("See it at Stripe")
        return format_html('<a href="{}" rel="noreferrer">{}</a>', part.payment.stripe_url, words)


@admin.register(Discrepancy)
class DifferenceAdmin(ReadOnlyAdmin):
    """What the nightly comparison with Stripe found."""

    list_display = OF_DIFFERENCE
    list_filter = ["kind"]
    fields = readonly_fields = OF_DIFFERENCE

    @admin.display(description=_("donation"), empty_value="–")
    def gift(self, difference: Discrepancy) -> SafeString | None:
        return donation_link(difference.donation_id) if difference.donation_id else None


def donation_link(key: Any) -> SafeString:
    """A link to a donation in the admin, by the beginning of its number, so that it need not be fetched."""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:fundraising_donation_change", args=[key]), f"{str(key)[:8]}…"
    )
