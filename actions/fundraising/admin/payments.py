"""Payments, refunds, disputes and discrepancies in the admin: read-only, with an export of the payments."""

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

from actions.fundraising.admin.links import link_to_claim, link_to_declaration, link_to_donation, link_to_payment
from actions.fundraising.admin.marks import marked
from actions.fundraising.admin.payment_export import rows
from actions.fundraising.admin.search import (
    FIND_DONOR,
    HELP,
    HELP_WITHOUT_ADDRESSES,
    payments_matching,
    reversals_matching,
)
from actions.fundraising.models import ClaimLine, Discrepancy, Dispute, DonationSettings, Payment, Refund
from actions.fundraising.models.claims import declaration_of
from actions.fundraising.models.statuses import NEEDS_ANSWER
from campaign.audit.acts import Act
from campaign.documents.spreadsheets import as_csv
from campaign.email_addresses.finding import FindsAddresses
from campaign.modeladmin import ReadOnlyAdmin, beginning_of
from campaign.money import pounds

MONTHS = 13
MAX_REVERSALS = 100
PAYMENT_FIELDS = (
    *("created_at", "paid_at", "fund", "donation_link", "is_monthly", "amount", "net", "code", "status", "how"),
    *("is_live", "receipted_at", "stripe_fee", "paid_out_on", "declaration", "claim"),
    *("intent_id", "charge_id", "invoice_id", "payout_id"),
)
REVERSAL_FIELDS = ("created_at", "amount", "state", "payment_link", "at_stripe")
DISCREPANCY_FIELDS = ("found_at", "kind", "donation_link", "stripe_id", "was", "now")


class MonthFilter(admin.SimpleListFilter):
    """Payments of one of the last 13 months; for earlier ones edit the URL, as in `?month=2025-01`."""

    title = _("paid in")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        month, months = timezone.localdate().replace(day=1), []
        for _number in range(MONTHS):
            months.append((f"{month:%Y-%m}", date_format(month, "F Y")))
            month = (month - timedelta(days=1)).replace(day=1)
        return months

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() is None:
            return queryset
        first = beginning_of(f"{self.value()}-01")
        if first is None:
            raise IncorrectLookupParameters
        return queryset.filter(paid_at__gte=first, paid_at__lt=(first + timedelta(days=32)).replace(day=1))


@admin.register(Payment)
class PaymentAdmin(FindsAddresses, ReadOnlyAdmin):
    """Payments, each with its refunds and disputes. The donor's name appears only on the donation."""

    empty_message = _("There are no payments yet. They appear here when the first donor has paid.")
    change_form_template = "admin/fundraising/payment.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = ["created_at", "charged", "net", "state", "fund", "how"]
    list_filter = [MonthFilter, "fund", "status", "donation__is_monthly", "is_live"]
    list_select_related = ["fund"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["pk"]
    search_help_text = HELP
    search_help_without_addresses = HELP_WITHOUT_ADDRESSES
    address_permission = FIND_DONOR
    fields = readonly_fields = PAYMENT_FIELDS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).annotate(is_monthly=F("donation__is_monthly"))

    def get_urls(self) -> list[URLPattern]:
        own = path("csv/", self.admin_site.admin_view(require_safe(self.csv)), name="fundraising_payment_csv")
        return [own, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        term = search_term.strip()
        if not self.may_search(request, term):
            return queryset.none(), False
        return (queryset.filter(payments_matching(term)) if term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"csv": reverse("admin:fundraising_payment_csv")}
        return super().changelist_view(request, (extra_context or {}) | context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        payment = self.get_object(request, object_id)
        context = {}
        if payment:
            context = {
                "refunds": payment.refunds.all()[:MAX_REVERSALS],
                "disputes": payment.disputes.all()[:MAX_REVERSALS],
                "is_live": payment.is_live,
            }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def csv(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the filtered list's completed payments, in the mode filtered for or else in the one that counts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            payments = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:fundraising_payment_changelist")
        chosen = {"1": True, "0": False}.get(request.GET.get("is_live__exact", ""))
        is_live = DonationSettings.current().counts_live if chosen is None else chosen
        self.audit(request, Act.EXPORT, Payment, format="csv", kind="live" if is_live else "test")
        lines = as_csv(rows(payments, is_live))
        name = f"{'' if is_live else 'test-'}payments-{timezone.localdate()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    @admin.display(description=_("monthly"), boolean=True)
    def is_monthly(self, payment: Payment) -> bool:
        return payment.is_monthly

    @admin.display(description=_("amount"), ordering="amount_pence")
    def amount(self, payment: Payment) -> str:
        return pounds(payment.amount_pence)

    @admin.display(description=_("amount"), ordering="amount_pence")
    def charged(self, payment: Payment) -> str:
        """Show the amount compactly, marking monthly donations."""
        return (
            _("%(amount)s, monthly") % {"amount": self.amount(payment)} if payment.is_monthly else self.amount(payment)
        )

    @admin.display(description=_("after refunds and disputes"), ordering="net_pence")
    def net(self, payment: Payment) -> str:
        return pounds(payment.net_pence)

    @admin.display(description=_("status"), ordering="status")
    def state(self, payment: Payment) -> str:
        """Show the status, marking tests."""
        return marked(payment.get_status_display(), is_live=payment.is_live)

    @admin.display(description=_("paid by"), ordering="method")
    def how(self, payment: Payment) -> str:
        return payment.method_name

    @admin.display(description=_("currency"))
    def code(self, payment: Payment) -> str:
        return payment.currency.upper()

    @admin.display(description=_("Stripe’s fee"))
    def stripe_fee(self, payment: Payment) -> str:
        return str(_("not known yet")) if payment.stripe_fee_pence is None else pounds(payment.stripe_fee_pence)

    @admin.display(description=_("Gift Aid declaration"))
    def declaration(self, payment: Payment) -> SafeString | str:
        return link_to_declaration(declaration_of(Payment.objects.filter(pk=payment.pk)))

    @admin.display(description=_("Gift Aid claim"))
    def claim(self, payment: Payment) -> SafeString | str:
        line = ClaimLine.objects.filter(payment=payment).first()
        if line is None:
            return str(_("none"))
        return format_html("{}: {}", link_to_claim(line.claim_id), pounds(line.claimed_pence))

    @admin.display(description=_("donation"))
    def donation_link(self, payment: Payment) -> SafeString:
        return link_to_donation(payment.donation_id)


class ReversalAdmin(FindsAddresses, ReadOnlyAdmin):
    """The base class of the admins for refunds and disputes."""

    change_form_template = "admin/fundraising/record.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = REVERSAL_FIELDS
    list_filter = ["payment__is_live"]
    list_select_related = ["payment"]
    search_fields = ["pk"]
    search_help_text = HELP
    search_help_without_addresses = HELP_WITHOUT_ADDRESSES
    address_permission = FIND_DONOR
    fields = readonly_fields = ("id", *REVERSAL_FIELDS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not self.may_search(request, term):
            return queryset.none(), False
        return (queryset.filter(reversals_matching(term)) if term else queryset), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        reversal = self.get_object(request, object_id)
        context = {"is_live": reversal.payment.is_live} if reversal else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @admin.display(description=_("status"), ordering="status")
    def state(self, reversal: Refund | Dispute) -> str:
        """Show the status, marking tests."""
        return marked(reversal.get_status_display(), is_live=reversal.payment.is_live)

    @admin.display(description=_("amount"), ordering="amount_pence")
    def amount(self, reversal: Refund | Dispute) -> str:
        return pounds(reversal.amount_pence)

    @admin.display(description=_("payment"))
    def payment_link(self, reversal: Refund | Dispute) -> SafeString:
        return link_to_payment(reversal.payment)

    @admin.display(description=_("at Stripe"))
    def at_stripe(self, reversal: Refund | Dispute) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', reversal.payment.stripe_url, _("View at Stripe"))


@admin.register(Refund)
class RefundAdmin(ReversalAdmin):
    """Refunds, which are made in Stripe's dashboard."""

    empty_message = _(
        "Nothing has been refunded. Make refunds in Stripe’s dashboard; they then appear here automatically."
    )


class OpenFilter(admin.SimpleListFilter):
    """Disputes that are not decided yet."""

    title = _("status")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", str(_("not decided yet")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset & Dispute.objects.open() if self.value() else queryset


@admin.register(Dispute)
class DisputeAdmin(ReversalAdmin):
    """Disputes, which are answered in Stripe's dashboard."""

    empty_message = _("No donor’s bank has asked for money back. If one does, it appears here and among your tasks.")
    list_filter = [OpenFilter, "payment__is_live"]

    @admin.display(description=_("at Stripe"))
    def at_stripe(self, reversal: Refund | Dispute) -> SafeString:
        label = _("Answer at Stripe") if reversal.status in NEEDS_ANSWER else _("View at Stripe")
        return format_html('<a href="{}" rel="noreferrer">{}</a>', reversal.payment.stripe_url, label)


@admin.register(Discrepancy)
class DiscrepancyAdmin(ReadOnlyAdmin):
    """Discrepancies that the nightly comparison with Stripe found."""

    empty_message = _("Our records agree with Stripe’s. What the nightly comparison corrects appears here.")
    list_display = DISCREPANCY_FIELDS
    list_filter = ["kind"]
    fields = readonly_fields = DISCREPANCY_FIELDS

    @admin.display(description=_("donation"), empty_value="–")
    def donation_link(self, discrepancy: Discrepancy) -> SafeString | None:
        return link_to_donation(discrepancy.donation_id) if discrepancy.donation_id else None
