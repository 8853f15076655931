"""Signatures in the admin: organisers search for them and review them, giving reasons, but can't add any."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.email_addresses.canonical import domain_hash
from campaign.email_addresses.finding import FindsAddresses
from campaign.email_addresses.parsing import usable_address
from campaign.modeladmin import ReadOnlyAdmin, beginning_of, organiser
from campaign.pages.ordering import RowsInline
from campaign.places.models import Constituency
from pledges.approvals.signatures import REJECT, WITHDRAW
from pledges.mailboxes import hashes_of
from pledges.models import Pledge, Signature, SignatureQuerySet, StateChange
from pledges.models.signatures.personal_data import BOXES, SECRETS
from pledges.signer_names import name_hashes

MAX_AT_ONCE = 1000


class ReasonForm(ActionForm):
    """The list of actions, with a box beside it for the reason."""

    reason = forms.CharField(label=_("Reason:"), required=False, max_length=200)


class StateChangeInline(RowsInline):
    """A signature's changes of state, newest first."""

    model = StateChange
    fields = [("at", "old", "new", "organiser", "reason")]
    readonly_fields = ["at", "old", "new", "organiser", "reason"]

    def has_add_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False


@admin.register(Signature)
class SignatureAdmin(FindsAddresses, ReadOnlyAdmin):
    """Signatures for organisers to review. Addresses aren't shown, and nobody can add a signature."""

    empty_message = _("Nobody has signed yet. Share the link to a pledge, and signatures will appear here.")
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
    change_form_template = "admin/pledges/signature.html"
    list_select_related = ["pledge"]
    search_fields = ["public_name"]
    search_help_text = _(
        "A whole e-mail address, a mail domain such as @example.org, a day such as 2026-11-20, a constituency, part of "
        "a public name, or a private name in full."
    )
    search_help_without_addresses = _(
        "Part of a public name, a private name in full, a day such as 2026-11-20, or a constituency. "
        "You need a further right to search for an e-mail address or a mail domain."
    )
    address_permission = "pledges.find_signer"
    fields = [
        *(
            "pledge",
            "state",
            "suspicion",
            "kind",
            "full_name",
            "organisation",
            "role",
            "link",
            "approved",
            "visibility",
        ),
        *("shown_name", "name_hidden", "town", "updates", "disposable", "country", "outward_code", "place"),
        *("wording", "signed_at", "confirmed_at"),
    ]
    inlines = [StateChangeInline]
    action_form = ReasonForm
    actions = ["count", "reject", "hold", "approve_organisations", "withdraw"]

    def get_urls(self) -> list[URLPattern]:
        hide_name = self.admin_site.admin_view(require_POST(self.hide_name))
        return [path("<uuid:pk>/hide-name/", hide_name, name="pledges_signature_hide_name"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        place = Constituency.objects.filter(pk=OuterRef("area_code")).values("name")
        signatures = super().get_queryset(request).defer(*SECRETS, *BOXES).order_by("-signed_at")
        return signatures.annotate(place=Subquery(place[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        """Look up addresses, domains and names by their keyed hashes; no column holds them in plain text."""
        term = search_term.strip()
        if not self.may_search(request, term):
            return queryset.none(), False
        return (queryset.filter(_search_condition(term)) if term else queryset), False

    def search_line(self, signature: Signature) -> str:
        """Return the name, if it is public, with the pledge, the day and the state, all of which the list shows too."""
        day = date_format(timezone.localtime(signature.signed_at), "j F Y")
        parts = [signature.public_name, str(signature.pledge), day, signature.get_state_display()]
        return ", ".join(filter(None, parts))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        may_hide = self.has_change_permission(request)
        context = {"reasons": Signature.HiddenName.choices, "may_hide": may_hide}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def hide_name(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Hide the public name for the chosen reason, or show it again if the other button was pressed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        signature, why = get_object_or_404(Signature, pk=pk), request.POST.get("reason", "")
        if "hide" in request.POST and why not in Signature.HiddenName.values:
            self.message_user(request, _("Choose why you are hiding this name."), messages.ERROR)
        elif signature.hide_name(organiser(request), why if "hide" in request.POST else ""):
            self.message_user(request, _("Saved. The public list changes within a minute."), messages.SUCCESS)
        return redirect("admin:pledges_signature_change", pk)

    def get_fields(self, request: HttpRequest, obj: Signature | None = None) -> list[Any]:
        """Return the fields, and one more for the boxes if anything is sealed."""
        is_sealed = obj is not None and any(getattr(obj, box) for box in BOXES)
        return [*self.fields, "boxes"] if is_sealed else self.fields

    @admin.display(description=_("name"))
    def full_name(self, signature: Signature) -> Any:
        return _("sealed") if signature.sealed_name and not signature.name else signature.name

    @admin.display(description=_("sealed boxes"))
    def boxes(self, signature: Signature) -> SafeString:
        """Return the boxes, for organisers to copy into the page that opens them."""
        lines = ((text,) for box in BOXES if (text := getattr(signature, box)))
        return format_html_join("", '<code class="box">{}</code>', lines)

    @admin.display(description=_("constituency"))
    def place(self, signature: Signature) -> str | None:
        return signature.place

    @admin.action(description=_("Count selected signatures"), permissions=["change"])
    def count(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.change_state(request, queryset, "confirmed")

    @admin.action(description=_("Reject selected signatures"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self.request_approval(request, queryset, REJECT)

    @admin.action(description=_("Hold selected signatures for review"), permissions=["change"])
    def hold(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.change_state(request, queryset, "held")

    def change_state(self, request: HttpRequest, queryset: QuerySet[Signature], state: str) -> None:
        """Move the selected signatures to a state, recording the reason; show how many were changed."""
        selected = self.selected(request, queryset) if self.has_reason(request) else None
        if selected is not None:
            with transaction.atomic():
                changed = selected.change_state(state, organiser(request), reason(request))
                self.audit(request, Act.CHANGE_STATE, Signature, state=state, count=changed)
            text = ngettext("%(count)s signature was changed.", "%(count)s signatures were changed.", changed)
            self.message_user(request, text % {"count": changed}, messages.SUCCESS)

    def request_approval(self, request: HttpRequest, queryset: QuerySet[Signature], kind: str) -> HttpResponse | None:
        """Redirect to the page that shows the selected signatures and asks for their number and a reason."""
        selected = self.selected(request, queryset)
        if selected is None:
            return None
        keys = [str(pk) for pk in selected.values_list("pk", flat=True)]
        pledges = Pledge.objects.filter(signatures__in=selected).distinct().values_list("title", flat=True)
        about = ", ".join(pledges)
        draft = ApprovalRequest.draft(kind, organiser(request), about=about, signatures=keys)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def selected(self, request: HttpRequest, queryset: QuerySet[Signature]) -> SignatureQuerySet | None:
        """Return the selected signatures; for more than 1,000, show an error and return None."""
        keys = list(queryset.values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(keys) <= MAX_AT_ONCE:
            return Signature.objects.filter(pk__in=keys)
        self.message_user(request, _("Select at most 1,000 signatures, or use a bulk invalidation."), messages.ERROR)
        return None

    def has_reason(self, request: HttpRequest) -> bool:
        """Return whether a reason was given; if not, ask for one."""
        if not reason(request):
            self.message_user(request, _("Enter a reason in the box beside the action."), messages.ERROR)
        return bool(reason(request))

    @admin.action(description=_("Show selected organisations in the public list"), permissions=["change"])
    def approve_organisations(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        with transaction.atomic():
            count = queryset.filter(kind=Signature.Kind.ORGANISATION, approved=False).update(approved=True)
            self.audit(request, Act.APPROVE_ORGANISATIONS, Signature, count=count)

    @admin.action(description=_("Withdraw selected signatures"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Signature]) -> HttpResponse | None:
        return self.request_approval(request, queryset, WITHDRAW)

    def has_change_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        """Return whether the organiser may act on the list. Nobody can edit a single signature."""
        return obj is None and request.user.has_perm("pledges.change_signature")


def reason(request: HttpRequest) -> str:
    """Return the reason that the organiser entered beside the action."""
    return request.POST.get("reason", "").strip()[:200]


def _search_condition(term: str) -> Q:
    """Return the filter for what an organiser typed into the search box."""
    if "@" in term.lstrip("@"):
        return Q(email_hash__in=hashes_of(usable_address(term)))
    if term.startswith("@"):
        return Q(domain_hash=domain_hash(usable_address(f"x{term}")))
    day = beginning_of(term)
    if day:
        return Q(signed_at__gte=day, signed_at__lt=day + timedelta(days=1))
    codes = list(Constituency.objects.named(term).values_list("pk", flat=True))
    # With keys rather than a subquery, the database combines three indexes instead of reading every signature.
    named = list(Signature.objects.with_name_like(term).values_list("pk", flat=True))
    return Q(area_code__in=codes) | Q(name_hash__in=name_hashes(term)) | Q(pk__in=named)
