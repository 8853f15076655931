"""Donations in the admin: searchable by what organisers know, shown in public or hidden, otherwise read-only."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.fundraising.admin.links import link_to_declaration
from actions.fundraising.admin.marks import marked
from actions.fundraising.admin.search import FIND_DONOR, HELP, HELP_WITHOUT_ADDRESSES, donations_matching
from actions.fundraising.models import Declaration, Donation, DonationQuerySet
from actions.fundraising.models.claims import declaration_of
from campaign.audit.acts import Act
from campaign.email_addresses.finding import FindsAddresses
from campaign.modeladmin import ReadOnlyAdmin
from campaign.money import pounds

MAX_AT_ONCE = 1000
MAX_PAYMENTS = 100
# Only for organisers who may decide what is shown.
PERSONAL = ["public_name", "in_memory_of", "donor_name", "donor_email"]
PERMISSION = "fundraising.change_donation"


class VisibilityFilter(admin.SimpleListFilter):
    """Names and dedications that are waiting to be read, and those that visitors see."""

    title = _("name or dedication")
    parameter_name = "words"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", str(_("not shown (new or hidden)"))), ("shown", str(_("shown in public")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Donation]) -> QuerySet[Donation]:
        if self.value() == "waiting":
            return queryset & Donation.objects.showable().filter(is_shown=False)
        return queryset.filter(is_shown=True) if self.value() == "shown" else queryset


@admin.register(Donation)
class DonationAdmin(FindsAddresses, ReadOnlyAdmin):
    """Organisers see what became of each donation, and decide which names and dedications are shown."""

    empty_message = _("There are no donations yet. They appear here once a fund is published and open.")
    change_form_template = "admin/fundraising/donation.html"
    change_list_template = "admin/fundraising/list.html"
    list_display = ["created_at", "fund", "given", "net", "state", "is_shown"]
    list_filter = [VisibilityFilter, "fund", "is_monthly", "session_status", "is_live"]
    list_select_related = ["fund"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["pk"]
    search_help_text = HELP
    search_help_without_addresses = HELP_WITHOUT_ADDRESSES
    address_permission = FIND_DONOR
    actions = ["show", "hide"]
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> DonationQuerySet:
        return Donation.objects.with_net().defer("parameters", "network", "donor_hash", *PERSONAL)

    def get_fields(self, request: HttpRequest, obj: Donation | None = None) -> tuple[str, ...]:
        personal = PERSONAL if request.user.has_perm(PERMISSION) else []
        chosen = ["id", "created_at", "fund", "amount", "fee", "is_monthly", "net", "is_live", "gift_aid"]
        stripe = ["session_status", "session_id", "subscription_status", "subscription_id"]
        return (*chosen, *personal, "is_shown", *stripe)

    def get_readonly_fields(self, request: HttpRequest, obj: Donation | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Donation], search_term: str
    ) -> tuple[QuerySet[Donation], bool]:
        """Find an e-mail address by its keyed hash; names can't be searched."""
        term = search_term.strip()
        if not self.may_search(request, term):
            return queryset.none(), False
        return (queryset.filter(donations_matching(term)) if term else queryset), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        donation = self.get_object(request, object_id)
        payments = donation.payments.order_by("-created_at").prefetch_related("refunds", "disputes") if donation else []
        context = {"payments": payments[:MAX_PAYMENTS], "is_live": donation.is_live if donation else None}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @admin.display(description=_("gift"), ordering="amount_pence")
    def given(self, donation: Donation) -> str:
        """Show the gift and any added fee compactly, marking monthly donations."""
        text = pounds(donation.amount_pence)
        if donation.fee_pence:
            text = _("%(gift)s + %(fee)s fee") % {"gift": text, "fee": pounds(donation.fee_pence)}
        return _("%(amount)s a month") % {"amount": text} if donation.is_monthly else text

    @admin.display(description=_("state"), ordering="session_status")
    def state(self, donation: Donation) -> str:
        """Show the status of the monthly donation or, for others, of the payment page, marking tests."""
        monthly = donation.get_subscription_status_display() if donation.subscription_status else ""
        state = _("monthly: %(state)s") % {"state": monthly} if monthly else donation.get_session_status_display()
        return marked(state, is_live=donation.is_live)

    @admin.display(description=_("Gift Aid declaration"))
    def gift_aid(self, donation: Donation) -> SafeString | str:
        """Return a link to the donation's own declaration, or to another by the same donor that covers it."""
        own = Declaration.objects.filter(donation=donation).values_list("pk", flat=True).first()
        return link_to_declaration(own or declaration_of(donation.payments.all()))

    @admin.display(description=_("amount"), ordering="amount_pence")
    def amount(self, donation: Donation) -> str:
        return pounds(donation.amount_pence)

    @admin.display(description=_("added fee"))
    def fee(self, donation: Donation) -> str:
        return pounds(donation.fee_pence) if donation.fee_pence else "–"

    @admin.display(description=_("received, after refunds"))
    def net(self, donation: Donation) -> str:
        return pounds(donation.net_pence)

    @admin.action(description=_("Show selected in public"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: DonationQuerySet) -> None:
        self.set_shown(request, queryset, is_shown=True)

    @admin.action(description=_("Hide selected"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: DonationQuerySet) -> None:
        self.set_shown(request, queryset, is_shown=False)

    def set_shown(self, request: HttpRequest, queryset: DonationQuerySet, is_shown: bool) -> None:
        """Show or hide the selected donations, log each change, and report how many changed and why others did not."""
        selected = Donation.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)[:MAX_AT_ONCE]))
        changed = selected.set_shown(is_shown)
        for donation in changed:
            self.audit(request, Act.SHOW_DONATION if is_shown else Act.HIDE_DONATION, donation)
        report = ngettext("%(count)s donation was changed.", "%(count)s donations were changed.", len(changed))
        self.message_user(request, report % {"count": len(changed)}, messages.SUCCESS)
        if is_shown and len(changed) < len(selected):
            reason = _(
                "Only donations of real money that were paid and not refunded in full, with a name or a dedication, "
                "can be shown."
            )
            self.message_user(request, reason, messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Donation | None = None) -> bool:
        """Return whether the list offers its actions; nobody can change the form of a single donation."""
        return obj is None and request.user.has_perm(PERMISSION)
