"""Signatures in the admin: found by what organisers know, decided about with a reason, never typed in."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign.accounts.organisers import organiser
from campaign.approvals.models import ApprovalRequest
from campaign.email_addresses.canonical import address_hash, domain_hash
from campaign.email_addresses.parsing import usable_address
from campaign.modeladmin import ReadOnlyAdmin, beginning_of
from campaign.places.models import Constituency
from pledges.approvals.signatures import REJECT, WITHDRAW
from pledges.models import Pledge, Signature, SignatureQuerySet, StateChange
from pledges.names import name_hash

MAX_AT_ONCE = 1000


class ReasonForm(ActionForm):
    """The list of actions, and a box for the reason beside it."""

    reason = forms.CharField(label=_("Reason:"), required=False, max_length=200)


class StateChangeInline(admin.TabularInline):
    """What happened to a signature, the newest first."""

    model = StateChange
    fields = ["at", "old", "new", "organiser", "reason"]
    readonly_fields = ["at", "old", "new", "organiser", "reason"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    """Organisers look after signatures; nobody types one in, and no address is shown."""

    list_display = [
        "signed_at",
        "public_name",
        "pledge",
        "state",
        "suspicion",
        "kind",
        "visibility",
        "country",
        "place",
    ]
    list_filter = ["pledge", "state", "suspicion", "kind", "visibility", "disposable"]
    list_select_related = ["pledge"]
    search_fields = ["public_name"]
    search_help_text = _(
        "A whole e-mail address, a mail domain such as @example.org, a day such as 2026-11-20, a constituency, "
        "or a full name as it was signed."
    )
    fields = [
        *("pledge", "state", "suspicion", "kind", "name", "organisation", "role", "link", "approved", "visibility"),
        *("display", "town", "updates", "disposable", "country", "outward_code", "place", "signed_at", "confirmed_at"),
    ]
    inlines = [StateChangeInline]
    action_form = ReasonForm
    actions = ["count_them", "reject", "suspect", "approve_organisations", "withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        secret = ("name", "email", "organisation", "role", "link", "town")
        place = Constituency.objects.filter(pk=OuterRef("area_code")).values("name")
        signatures = super().get_queryset(request).defer(*secret).order_by("-signed_at")
        return signatures.annotate(place=Subquery(place[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        """Addresses, domains and names are looked up by their keyed hashes; the texts are in no column."""
        term = search_term.strip()
        return (queryset.filter(_meaning(term)) if term else queryset), False

    @admin.display(description=_("constituency"))
    def place(self, signature: Signature) -> str | None:
        return signature.place

    @admin.action(description=_("Count these: they are in order"), permissions=["change"])
    def count_them(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.change_state(request, queryset, "confirmed")

    @admin.action(description=_("Reject selected signatures: they do not count"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self.ask(request, queryset, REJECT)

    @admin.action(description=_("Suspect these: do not count them for now"), permissions=["change"])
    def suspect(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.change_state(request, queryset, "held")

    def change_state(self, request: HttpRequest, queryset: QuerySet[Signature], state: str) -> None:
        """Bring the chosen to a state, for the reason given; say how many could be."""
        chosen = self.chosen(request, queryset) if self.has_reason(request) else None
        if chosen is not None:
            done = chosen.change_state(state, organiser(request), reason(request))
            said = ngettext("%(count)s signature was changed.", "%(count)s signatures were changed.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)

    def ask(self, request: HttpRequest, queryset: QuerySet[Signature], kind: str) -> HttpResponse | None:
        """Redirect to the page that shows the selected signatures and asks for their number and a reason."""
        chosen = self.chosen(request, queryset)
        if chosen is None:
            return None
        keys = [str(pk) for pk in chosen.values_list("pk", flat=True)]
        pledges = Pledge.objects.filter(signatures__in=chosen).distinct().values_list("title", flat=True)
        about = ", ".join(pledges)
        draft = ApprovalRequest.draft(kind, organiser(request), about=about, signatures=keys)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def chosen(self, request: HttpRequest, queryset: QuerySet[Signature]) -> SignatureQuerySet | None:
        """Return the selected signatures; for more than 1,000, show reason not and return None."""
        keys = list(queryset.values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(keys) <= MAX_AT_ONCE:
            return Signature.objects.filter(pk__in=keys)
        self.message_user(request, _("That is too many at once: use a bulk invalidation instead."), messages.ERROR)
        return None

    def has_reason(self, request: HttpRequest) -> bool:
        """Return whether a reason was given; if not, ask for one."""
        if not reason(request):
            self.message_user(request, _("Enter a reason in the box beside the action."), messages.ERROR)
        return bool(reason(request))

    @admin.action(description=_("Show these organisations in the public list"), permissions=["change"])
    def approve_organisations(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        queryset.filter(kind=Signature.Kind.ORGANISATION).update(approved=True)

    @admin.action(description=_("Withdraw: erase name and address"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self.ask(request, queryset, WITHDRAW)

    def has_change_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        """Those who may change act on the list; the form of one signature can't be changed by anybody."""
        return obj is None and request.user.has_perm("pledges.change_signature")


def reason(request: HttpRequest) -> str:
    """What the organiser wrote beside the action."""
    return request.POST.get("reason", "").strip()[:200]


def _meaning(term: str) -> Q:
    """What an organiser looks for by these words."""
    if "@" in term.lstrip("@"):
        return Q(email_hash=address_hash(usable_address(term)))
    if term.startswith("@"):
        return Q(domain_hash=domain_hash(usable_address(f"x{term}")))
    day = beginning_of(term)
    if day:
        return Q(signed_at__gte=day, signed_at__lt=day + timedelta(days=1))
    codes = Constituency.objects.named(term).values_list("pk", flat=True)
    return Q(area_code__in=list(codes)) if codes else Q(name_hash=name_hash(term))
