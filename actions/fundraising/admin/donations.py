"""Gifts in the admin: found by what organisers know, shown in public or not, never changed otherwise."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.fundraising.admin.search import HELP, donations_meant
from actions.fundraising.models import Donation, DonationQuerySet
from campaign.accounts.organisers import organiser
from campaign.modeladmin import ReadOnlyAdmin
from campaign.money import pounds

MAX_AT_ONCE = 1000
MAX_PAYMENTS = 100
# Who gave, and what they wrote: only for those who may decide whether it is shown.
PERSONAL = ["public_name", "in_memory_of", "donor_name", "donor_email"]
RIGHT = "fundraising.change_donation"


class WordsFilter(admin.SimpleListFilter):
    """Names and dedications that wait to be read, and those that visitors see."""

    title = _("name or dedication")
    parameter_name = "words"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", str(_("not shown (new or hidden)"))), ("shown", str(_("shown in public")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Donation]) -> QuerySet[Donation]:
        if self.value() == "waiting":
            return queryset & Donation.objects.showable().filter(is_shown=False)
        return queryset.filter(is_shown=True) if self.value() == "shown" else queryset


@admin.register(Donation)
class DonationAdmin(ReadOnlyAdmin):
    """Organisers see what became of each gift, and decide which names and dedications are shown."""

    change_form_template = "admin/fundraising/donation.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = [
        *("created_at", "fund", "gift", "left", "is_monthly", "session_status", "subscription_status", "is_shown"),
        *("is_live", "fee"),
    ]
    list_filter = [WordsFilter, "fund", "is_monthly", "session_status", "is_live"]
    list_select_related = ["fund"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["pk"]
    search_help_text = HELP
    actions = ["show", "hide"]
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> DonationQuerySet:
        return Donation.objects.with_net().defer("parameters", "network", "donor_hash", *PERSONAL)

    def get_fields(self, request: HttpRequest, obj: Donation | None = None) -> tuple[str, ...]:
        personal = PERSONAL if request.user.has_perm(RIGHT) else []
        facts = ["id", "created_at", "fund", "gift", "fee", "is_monthly", "left", "is_live"]
        return (*facts, *personal, "is_shown", "session_status", "session_id", "subscription_status", "subscription_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Donation | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Donation], search_term: str
    ) -> tuple[QuerySet[Donation], bool]:
        """Addresses are looked up by their keyed hash; names can't be searched."""
        term = search_term.strip()
        return (queryset.filter(donations_meant(term)) if term else queryset), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        donation = self.get_object(request, object_id)
        payments = donation.payments.order_by("-created_at").prefetch_related("refunds", "disputes") if donation else []
        more = {"payments": payments[:MAX_PAYMENTS]}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | more)

    @admin.display(description=_("gift"), ordering="amount_pence")
    def gift(self, donation: Donation) -> str:
        return pounds(donation.amount_pence)

    @admin.display(description=_("fee added"))
    def fee(self, donation: Donation) -> str:
        return pounds(donation.fee_pence) if donation.fee_pence else "–"

    @admin.display(description=_("left"))
    def left(self, donation: Donation) -> str:
        return pounds(donation.net_pence)

    @admin.action(description=_("Show these in public"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: DonationQuerySet) -> None:
        self.decide(request, queryset, is_shown=True)

    @admin.action(description=_("Hide these"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: DonationQuerySet) -> None:
        self.decide(request, queryset, is_shown=False)

    def decide(self, request: HttpRequest, queryset: DonationQuerySet, is_shown: bool) -> None:
        """Have visitors see the chosen or not; note who decided; say how many it changed, and why not all."""
        chosen = Donation.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)[:MAX_AT_ONCE]))
        changed = chosen.set_shown(is_shown)
        what = _("Shown in public.") if is_shown else _("Hidden.")
        LogEntry.objects.log_actions(organiser(request).pk, changed, CHANGE, str(what))
        said = ngettext("%(count)s gift was changed.", "%(count)s gifts were changed.", len(changed))
        self.message_user(request, said % {"count": len(changed)}, messages.SUCCESS)
        if is_shown and len(changed) < len(chosen):
            why = _("Only gifts of real money that were paid and kept, with a name or a dedication, can be shown.")
            self.message_user(request, why, messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Donation | None = None) -> bool:
        """Those who may change decide in the list; the form of one gift can't be changed by anybody."""
        return obj is None and request.user.has_perm(RIGHT)
