"""Gift Aid in the admin: declarations to look at, claims to make, over-claims to tell HMRC of."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Model, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import Claim, Declaration, OverClaim
from actions.fundraising.models.claims import MAX_PAYMENTS, claimable
from actions.fundraising.models.declarations import SECRET
from actions.fundraising.models.donations import pounds
from campaign.accounts.organisers import organiser
from campaign.modeladmin import ReadOnlyAdmin
from campaign.spreadsheets import as_csv

RIGHT = "fundraising.claim_gift_aid"
MAX_AT_ONCE = 1000
MAX_CHARITIES = 50
FACTS = ["donation", "charity_name", "scope", "wording", "wording_version", "made_at", "copy_sent_at", "cancelled_at"]


def may_claim(request: HttpRequest) -> bool:
    """Whether this organiser may claim Gift Aid, and so see who declared it."""
    return request.user.has_perm(RIGHT)


def refuse_others(request: HttpRequest) -> None:
    """Raise PermissionDenied for those who may not claim."""
    if not may_claim(request):
        raise PermissionDenied


class ClaimersAdmin(ReadOnlyAdmin):
    """Only for those who may claim Gift Aid."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_claim(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_claim(request)


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    """Organisers see what was declared and when; who it was and where they live, only those who claim."""

    list_display = ["made_at", "charity_name", "scope", "copy_sent_at", "cancelled_at"]
    list_filter = ["scope"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        declarations = super().get_queryset(request).select_related("donation")
        return declarations if may_claim(request) else declarations.defer(*SECRET)

    def get_fields(self, request: HttpRequest, obj: Declaration | None = None) -> list[str]:
        return [*SECRET, *FACTS] if may_claim(request) else FACTS

    def has_change_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        """Those who may change act on the list; what was declared can't be changed by anybody."""
        return obj is None and request.user.has_perm("fundraising.change_declaration")

    @admin.action(description=_("Cancel these for their donors: they cover no later gift"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Declaration]) -> None:
        chosen = list(queryset.filter(cancelled_at=None).defer(*SECRET)[:MAX_AT_ONCE])
        done = Declaration.objects.filter(pk__in=[one.pk for one in chosen]).cancel(timezone.now())
        self.log_changes(request, chosen, str(_("Cancelled.")))
        said = ngettext("%(count)s declaration was cancelled.", "%(count)s declarations were cancelled.", done)
        self.message_user(request, said % {"count": done}, messages.SUCCESS)

    def log_changes(self, request: HttpRequest, chosen: list[Declaration], said: str) -> None:
        """Note in the history of each what an organiser did."""
        for one in chosen:
            self.log_change(request, one, said)


class CharityForm(forms.Form):
    """The charity that a claim is made for, by its full name."""

    charity = forms.CharField(max_length=160, strip=False)


@admin.register(Claim)
class ClaimAdmin(ClaimersAdmin):
    """A claim is made, downloaded, put into HMRC's spreadsheet, sent, and marked as sent; it never changes."""

    change_list_template = "admin/fundraising/claims.html"
    change_form_template = "admin/fundraising/claim.html"
    list_display = ["made_at", "charity_name", "count", "amount", "made_by", "downloads", "sent_at"]
    list_select_related = ["made_by"]
    fields = ["charity_name", "count", "amount", "made_at", "made_by", "downloads", "sent_at"]
    readonly_fields = ["count", "amount"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).with_sums()

    def get_urls(self) -> list[URLPattern]:
        names = {"download": self.download, "sent": self.sent}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"fundraising_claim_{name}")
            for name, view in names.items()
        ]
        make = self.admin_site.admin_view(require_POST(self.make))
        own.append(path("make/", make, name="fundraising_claim_make"))
        return [*own, *super().get_urls()]

    @admin.display(description=_("payments"))
    def count(self, claim: Claim) -> int:
        return claim.count

    @admin.display(description=_("donations"))
    def amount(self, claim: Claim) -> str:
        return pounds(claim.pence)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = claimable(timezone.now()).order_by().values("charity")
        sums = waiting.annotate(count=Count("pk"), pence=Sum("amount_pence")).order_by("charity")[:MAX_CHARITIES]
        rows = [(row["charity"], row["count"], pounds(row["pence"])) for row in sums] if may_claim(request) else []
        more = {"waiting": rows, "max_rows": MAX_PAYMENTS}
        return super().changelist_view(request, (extra_context or {}) | more)

    def make(self, request: HttpRequest) -> HttpResponse:
        """Make a claim for one charity, and show it."""
        refuse_others(request)
        form = CharityForm(request.POST)
        wanted = form.cleaned_data["charity"] if form.is_valid() else ""
        claim = Claim.objects.make(wanted, organiser(request), timezone.now())
        if claim is None:
            self.message_user(request, _("There is nothing to claim now."), messages.WARNING)
            return redirect("admin:fundraising_claim_changelist")
        self.log_addition(request, claim, str(_("Made.")))
        return redirect("admin:fundraising_claim_change", claim.pk)

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The rows for HMRC's spreadsheet, as CSV."""
        refuse_others(request)
        claim = get_object_or_404(Claim, pk=pk)
        claim.begin_download()
        self.log_change(request, claim, str(_("Downloaded.")))
        name = f"gift-aid-{claim.pk}-{timezone.localdate(claim.made_at)}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(
            as_csv(hmrc_schedule.rows(claim)), content_type="text/csv; charset=utf-8", headers=headers
        )

    def sent(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that HMRC has the claim."""
        refuse_others(request)
        claim = get_object_or_404(Claim, pk=pk)
        claim.mark_sent(timezone.now())
        self.log_change(request, claim, str(_("Marked as sent.")))
        return redirect("admin:fundraising_claim_change", pk)


@admin.register(OverClaim)
class OverClaimAdmin(ClaimersAdmin):
    """What was refunded or disputed after it was claimed. HMRC wants to be told."""

    list_display = ["claim", "sent", "payment", "claimed", "excess"]
    list_display_links = None
    list_select_related = ["claim", "payment"]
    actions = ["mark_reported"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OverClaim]:
        return super().get_queryset(request).over_claimed().order_by("-pk")

    @admin.display(description=_("sent to HMRC"), ordering=F("claim__sent_at"))
    def sent(self, line: OverClaim) -> object:
        return line.claim.sent_at

    @admin.display(description=_("claimed for"))
    def claimed(self, line: OverClaim) -> str:
        return pounds(line.claimed_pence)

    @admin.display(description=_("of it, given back"))
    def excess(self, line: OverClaim) -> str:
        return pounds(line.over_claimed_pence)

    @admin.action(description=_("HMRC was told of these"), permissions=["view"])
    def mark_reported(self, request: HttpRequest, queryset: QuerySet[OverClaim]) -> None:
        chosen = list(queryset.select_related("payment")[:MAX_AT_ONCE])
        done = OverClaim.objects.filter(pk__in=[line.pk for line in chosen]).mark_reported(timezone.now())
        for line in chosen:
            self.log_change(request, line, str(_("HMRC was told.")))
        said = ngettext("%(count)s over-claim is settled.", "%(count)s over-claims are settled.", done)
        self.message_user(request, said % {"count": done}, messages.SUCCESS)
