"""Gift Aid in the admin: declarations to look at, claims to make, over-claims to report to HMRC."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Model, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actions.fundraising.admin.links import link_to_claim, link_to_donation, link_to_payment
from actions.fundraising.admin.marks import marked
from actions.fundraising.admin.search import FIND_DONOR, HELP, HELP_WITHOUT_ADDRESSES, declarations_matching
from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import Claim, Declaration, OverClaim
from actions.fundraising.models.claims import MAX_PAYMENTS, claimable, payments_under, tax_on
from actions.fundraising.models.declarations import SECRET
from actions.fundraising.models.statements import UNUSED
from campaign.audit.acts import Act
from campaign.documents.spreadsheets import as_csv
from campaign.email_addresses.finding import FindsAddresses
from campaign.modeladmin import ReadOnlyAdmin, organiser
from campaign.money import decimal_pounds, pounds

PERMISSION = "fundraising.claim_gift_aid"
MAX_AT_ONCE = 1000
MAX_CHARITIES = 50
MAX_SHOWN = 100
WORDING = ["wording", "wording_version"]
FIELDS = ["donation_link", "charity_name", "scope", *WORDING, "made_at", "copy_sent_at", "cancelled_at"]


def may_claim(request: HttpRequest) -> bool:
    """Return whether this organiser may claim Gift Aid, and so see who declared it."""
    return request.user.has_perm(PERMISSION)


def refuse_others(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the organiser may claim Gift Aid."""
    if not may_claim(request):
        raise PermissionDenied


class ClaimersAdmin(ReadOnlyAdmin):
    """Only for organisers who may claim Gift Aid."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_claim(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_claim(request)


@admin.register(Declaration)
class DeclarationAdmin(FindsAddresses, ReadOnlyAdmin):
    """Organisers see what was declared and when; only those who may claim see names and home addresses."""

    empty_message = _(
        "Nobody has made a Gift Aid declaration yet. Donors make one after donating to a fund of a charity."
    )
    change_form_template = "admin/fundraising/declaration.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = ["made_at", "donation_link", "charity_name", "covers", "copy_sent_at", "cancelled_at"]
    list_filter = ["scope", "donation__is_live"]
    list_select_related = ["donation"]
    search_fields = ["pk"]
    search_help_text = HELP
    search_help_without_addresses = HELP_WITHOUT_ADDRESSES
    address_permission = FIND_DONOR
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        declarations = super().get_queryset(request).select_related("donation").defer(*UNUSED)
        return declarations if may_claim(request) else declarations.defer(*SECRET)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Declaration], search_term: str
    ) -> tuple[QuerySet[Declaration], bool]:
        """Find the donor's e-mail address by its keyed hash; names can't be searched."""
        term = search_term.strip()
        if not self.may_search(request, term):
            return queryset.none(), False
        return (queryset.filter(declarations_matching(term)) if term else queryset), False

    def get_fields(self, request: HttpRequest, obj: Declaration | None = None) -> tuple[str, ...]:
        return (*SECRET, *FIELDS) if may_claim(request) else tuple(FIELDS)

    def get_readonly_fields(self, request: HttpRequest, obj: Declaration | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        declaration = self.get_object(request, object_id)
        payments = payments_under(declaration, MAX_SHOWN)[:MAX_SHOWN] if declaration else []
        context = {"payments": payments, "is_live": declaration.donation.is_live if declaration else None}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @admin.display(description=_("covers"), ordering="scope")
    def covers(self, declaration: Declaration) -> str:
        """Show which donations are covered, marking tests."""
        return marked(declaration.get_scope_display(), is_live=declaration.donation.is_live)

    @admin.display(description=_("donation"))
    def donation_link(self, declaration: Declaration) -> SafeString:
        return link_to_donation(declaration.donation_id)

    def has_change_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        """Return whether the list offers its action; nobody can change what was declared."""
        return obj is None and request.user.has_perm("fundraising.change_declaration")

    @admin.action(description=_("Cancel selected declarations"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Declaration]) -> None:
        selected = list(queryset.filter(cancelled_at=None).defer(*SECRET)[:MAX_AT_ONCE])
        count = Declaration.objects.filter(pk__in=[declaration.pk for declaration in selected]).cancel(timezone.now())
        for declaration in selected:
            self.audit(request, Act.CANCEL_DECLARATION, declaration)
        report = ngettext("%(count)s declaration was cancelled.", "%(count)s declarations were cancelled.", count)
        self.message_user(request, report % {"count": count}, messages.SUCCESS)


class CharityForm(forms.Form):
    """The charity to make a claim for, by its full name."""

    charity = forms.CharField(max_length=160, strip=False)


@admin.register(Claim)
class ClaimAdmin(ClaimersAdmin):
    """Organisers make a claim, download it, copy it into HMRC's spreadsheet, send that, and mark the claim as sent."""

    empty_message = _("No claims yet. You can make one as soon as a donation with a declaration has been paid.")
    change_list_template = "admin/fundraising/claims.html"
    change_form_template = "admin/fundraising/claim.html"
    list_display = ["made_at", "charity_name", "count", "amount", "made_by", "downloads", "sent_at"]
    list_select_related = ["made_by"]
    fields = ["charity_name", "count", "amount", "made_at", "claimed_by", "downloads", "sent_at"]
    readonly_fields = ["count", "amount", "claimed_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return Claim.objects.with_sums()

    def get_urls(self) -> list[URLPattern]:
        names = {"download": self.download, "sent": self.sent}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"fundraising_claim_{name}")
            for name, view in names.items()
        ]
        make = self.admin_site.admin_view(require_POST(self.make))
        own.append(path("make/", make, name="fundraising_claim_make"))
        return [*own, *super().get_urls()]

    @admin.display(description=_("organiser"))
    def claimed_by(self, claim: Claim) -> str:
        """Return the organiser's name, without Django's link to the account, which only owners may open."""
        return str(claim.made_by)

    @admin.display(description=_("payments"))
    def count(self, claim: Claim) -> int:
        return claim.count

    @admin.display(description=_("donations"))
    def amount(self, claim: Claim) -> str:
        return pounds(claim.pence)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = claimable(timezone.now()).order_by().values_list("fund__charity_name")
        sums = waiting.annotate(Count("pk"), Sum("net_pence")).order_by("fund__charity_name")[:MAX_CHARITIES]
        rows = [(charity, count, pounds(pence)) for charity, count, pence in sums] if may_claim(request) else []
        context = {"waiting": rows, "max_rows": MAX_PAYMENTS}
        return super().changelist_view(request, (extra_context or {}) | context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self.get_object(request, object_id)
        context = {}
        if claim:
            tax, earliest = claim.over_claimed_tax_pence(), hmrc_schedule.earliest_date(claim)
            context = {"earliest": earliest, "over_claimed": decimal_pounds(tax) if tax else ""}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def make(self, request: HttpRequest) -> HttpResponse:
        """Make a claim for one charity, and show it."""
        refuse_others(request)
        form = CharityForm(request.POST)
        charity = form.cleaned_data["charity"] if form.is_valid() else ""
        claim = Claim.objects.make(charity, organiser(request), timezone.now())
        if claim is None:
            self.message_user(request, _("There is nothing to claim at the moment."), messages.WARNING)
            return redirect("admin:fundraising_claim_changelist")
        self.audit(request, Act.ADD, claim)
        return redirect("admin:fundraising_claim_change", claim.pk)

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Send the rows for HMRC's spreadsheet as CSV."""
        refuse_others(request)
        claim = get_object_or_404(Claim, pk=pk)
        claim.begin_download()
        self.audit(request, Act.EXPORT, claim)
        name = f"gift-aid-{claim.pk}-{timezone.localdate(claim.made_at)}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(
            as_csv(hmrc_schedule.rows(claim)), content_type="text/csv; charset=utf-8", headers=headers
        )

    def sent(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark the claim as sent to HMRC."""
        refuse_others(request)
        claim = get_object_or_404(Claim, pk=pk)
        claim.mark_sent(timezone.now())
        self.audit(request, Act.MARK_SENT, claim)
        return redirect("admin:fundraising_claim_change", pk)


@admin.register(OverClaim)
class OverClaimAdmin(ClaimersAdmin):
    """Payments that were refunded or disputed after they were claimed, which have to be reported to HMRC."""

    empty_message = _("Nothing to report to HMRC: no claimed donation was refunded afterwards.")
    change_list_template = "admin/fundraising/list.html"
    list_display = ["claim_link", "sent", "payment_link", "claimed", "excess", "tax"]
    list_display_links = None
    list_select_related = ["claim", "payment"]
    actions = ["mark_reported"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OverClaim]:
        return OverClaim.objects.to_report().order_by("-pk")

    @admin.display(description=_("claim"), ordering="claim")
    def claim_link(self, line: OverClaim) -> SafeString:
        return link_to_claim(line.claim_id)

    @admin.display(description=_("payment"))
    def payment_link(self, line: OverClaim) -> SafeString:
        return link_to_payment(line.payment)

    @admin.display(description=_("sent to HMRC"), ordering=F("claim__sent_at"))
    def sent(self, line: OverClaim) -> object:
        return line.claim.sent_at

    @admin.display(description=_("claimed amount"))
    def claimed(self, line: OverClaim) -> str:
        return pounds(line.claimed_pence)

    @admin.display(description=_("over-claimed amount"))
    def excess(self, line: OverClaim) -> str:
        return pounds(line.over_claimed_pence)

    @admin.display(description=_("tax to repay"))
    def tax(self, line: OverClaim) -> str:
        return pounds(tax_on(line.over_claimed_pence))

    @admin.action(description=_("Mark selected as reported to HMRC"), permissions=["view"])
    def mark_reported(self, request: HttpRequest, queryset: QuerySet[OverClaim]) -> None:
        selected = list(queryset.select_related("payment")[:MAX_AT_ONCE])
        count = OverClaim.objects.filter(pk__in=[line.pk for line in selected]).mark_reported(timezone.now())
        for line in selected:
            self.audit(request, Act.MARK_REPORTED, line)
        report = ngettext("%(count)s over-claim was reported.", "%(count)s over-claims were reported.", count)
        self.message_user(request, report % {"count": count}, messages.SUCCESS)
