"""The admin for what people send with the public forms, which organisers publish, refuse or answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.businesses.admin.entries import CHECK, DECIDE
from actions.businesses.admin.incoming_forms import AnswerForm, BrandForm
from actions.businesses.admin.senders import HidesSenders
from actions.businesses.approvals import REFUSE_REPLY
from actions.businesses.forms import LOWER
from actions.businesses.models import CommitmentOffer, CompanyReply, Complaint, Entry, Kind
from actions.businesses.models.fairness import lowers_commitment
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.modeladmin import ReadOnlyAdmin, organiser

HANDLE = "businesses.handle_complaint"
DONE_ALREADY = _("Another organiser has dealt with this in the meantime.")


@dataclass(frozen=True)
class Step:
    """A step that an organiser can take: its name, its button's label and hint, and a form to fill in (or None)."""

    name: str
    label: Any
    hint: Any
    form: Any = None


class WaitingFilter(admin.SimpleListFilter):
    """A filter for rows that are waiting for an organiser."""

    title = _("waiting for you")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        rows: Any = queryset
        return rows.waiting() if self.value() else queryset


class IncomingAdmin(HidesSenders, ReadOnlyAdmin):
    """The admin for rows that people have sent. Each step for an organiser is a POST to `<key>/<step>/`."""

    change_form_template = "admin/businesses/incoming.html"
    permission: ClassVar[str] = CHECK
    acts: ClassVar[dict[str, Act]] = {"publish": Act.PUBLISH_SENT, "refuse": Act.REFUSE_SENT}
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"businesses_{self.opts.model_name}"
        key = "<uuid:pk>" if self.opts.pk.get_internal_type() == "UUIDField" else "<int:pk>"
        own = [
            path(f"{key}/{step}/", self.admin_site.admin_view(self._view(step)), name=f"{name}_{step}")
            for step in self.acts
        ]
        return [*own, *super().get_urls()]

    def _view(self, step: str) -> Callable[..., HttpResponse]:
        """Return the view for a step. The model's methods lock the row."""

        @require_POST
        def view(request: HttpRequest, pk: Any) -> HttpResponse:
            if not request.user.has_perm(self.permission):
                raise PermissionDenied
            row = get_object_or_404(self.get_queryset(request), pk=pk)
            if step not in [one.name for one in self.steps(row)]:
                messages.warning(request, DONE_ALREADY)
                return redirect(self._page(row))
            return self._take(request, row, step)

        return view

    def _take(self, request: HttpRequest, row: Any, step: str) -> HttpResponse:
        """Take a step if its form is valid; otherwise show the page again, with the errors beside the fields."""
        form = next(one.form for one in self.steps(row, request.POST) if one.name == step)
        if form is not None and not form.is_valid():
            return self._with_errors(request, row, step)
        with transaction.atomic():
            result = getattr(self, step)(request, row, form)
            if result and result[0] == messages.SUCCESS:
                self.audit(request, self.acts[step], row)
        messages.add_message(request, *(result or (messages.WARNING, DONE_ALREADY)))
        return redirect(self._page(row))

    def _with_errors(self, request: HttpRequest, row: Any, step: str) -> HttpResponse:
        shown = [one if one.name == step else None for one in self.steps(row, request.POST)]
        context = self.admin_site.each_context(request) | {"title": str(row), "opts": self.opts, "original": row}
        return render(request, "admin/businesses/incoming_step.html", context | {"steps": list(filter(None, shown))})

    def _page(self, row: Any) -> str:
        return reverse(f"admin:businesses_{self.opts.model_name}_change", args=[row.pk])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        steps = self.steps(row) if row is not None and request.user.has_perm(self.permission) else []
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"steps": steps})

    def steps(self, row: Any, data: Any = None) -> list[Step]:
        """Return the steps that an organiser can take now, with their forms filled in from `data`."""
        raise NotImplementedError

    @admin.display(description=_("entry in the ledger"))
    def in_ledger(self, row: Any) -> str:
        """Return a link to the entry that was made from this row, or ""."""
        return link_to(row.entry) if row.entry_id else ""


@admin.register(CommitmentOffer)
class CommitmentOfferAdmin(IncomingAdmin):
    """Commitments that companies have sent and confirmed."""

    empty_message = _("There are no commitments from companies yet. They appear here once they are confirmed.")
    list_display = ["__str__", "level", "domain", "confirmed_at", "decided_at"]
    list_filter = [WaitingFilter, "level"]
    list_select_related = ["brand"]
    fields = (
        *("brand", "company", "website", "domain", "fits", "level", "words"),
        *("name", "role", "email", "confirmed_at", "decided_at", "in_ledger"),
    )
    readonly_fields = ["fits", "in_ledger"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return confirmed offers only."""
        rows: Any = super().get_queryset(request)
        return rows.confirmed().select_related("brand", "entry")

    @admin.display(description=_("is this the brand’s own domain?"))
    def fits(self, offer: CommitmentOffer) -> Any:
        if offer.brand is None:
            return _(
                "The company was not in the list, so we compared the address with the website entered in the form."
            )
        return _("Yes") if offer.fits(offer.brand) else _("No, so this can’t be published.")

    def steps(self, row: CommitmentOffer, data: Any = None) -> list[Step]:
        if row.decided_at:
            return []
        if row.brand and not row.fits(row.brand):
            return [REFUSE]
        hint = _(
            "Ask the company, at an address that you have found yourself, whether this is right. Then publish it. It "
            "is added to the ledger as “self-declared”, and visitors see it once another organiser has checked it."
        )
        form = None if row.brand_id else BrandForm(row, data)
        return [Step("publish", _("Publish this commitment"), hint, form), REFUSE]

    def publish(self, request: HttpRequest, row: CommitmentOffer, form: BrandForm | None) -> Any:
        """Add the commitment to its brand's ledger, or to the ledger of the brand that the organiser has chosen."""
        brand = row.brand or form.cleaned_data["brand"]  # type: ignore[union-attr]
        offered = Entry(brand=brand, kind=Kind.COMMITMENT, level=row.level)
        if lowers_commitment(offered, timezone.now()):
            return messages.ERROR, LOWER
        entry = row.publish(brand, organiser(request), timezone.now())
        return entry and (messages.SUCCESS, _("This is in the ledger. Now another organiser has to check it."))

    def refuse(self, request: HttpRequest, row: CommitmentOffer, form: None) -> Any:
        return row.refuse(timezone.now()) and (messages.SUCCESS, _("The commitment will not be published."))


@admin.register(CompanyReply)
class CompanyReplyAdmin(IncomingAdmin):
    """Replies that companies have sent with a mailed link."""

    empty_message = _("There are no replies from companies yet. They appear here as they arrive.")
    list_display = ["brand", "asked_at", "decided_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["brand"]
    fields = ("brand", "about_entry", "words", "name", "role", "asked_at", "decided_at", "in_ledger")
    readonly_fields = ["about_entry", "in_ledger"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("brand", "about", "entry")

    @admin.display(description=_("about"))
    def about_entry(self, row: CompanyReply) -> str:
        return link_to(row.about) if row.about else ""

    def steps(self, row: CompanyReply, data: Any = None) -> list[Step]:
        if row.decided_at:
            return []
        hint = _(
            "Publish it exactly as it is, even if you disagree: once another organiser has checked it, it is shown "
            "beside your entry. Refuse it only if the company can’t have written it, or if publishing it would break "
            "the law."
        )
        return [Step("publish", _("Publish this reply"), hint), ASK_TO_REFUSE]

    def publish(self, request: HttpRequest, row: CompanyReply, form: None) -> Any:
        """Add the reply to the ledger."""
        entry = row.publish(organiser(request), timezone.now())
        return entry and (messages.SUCCESS, _("This is in the ledger. Now another organiser has to check it."))

    def _take(self, request: HttpRequest, row: CompanyReply, step: str) -> HttpResponse:
        """Publish the reply, or ask a second organiser to refuse it, because the company has a right to be heard."""
        if step == "publish":
            return super()._take(request, row, step)
        if not request.user.has_perm(DECIDE):
            raise PermissionDenied
        draft = ApprovalRequest.draft(REFUSE_REPLY, organiser(request), about=row.brand.title, subject=row.pk)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)


@admin.register(Complaint)
class ComplaintAdmin(IncomingAdmin):
    """Complaints that an entry is wrong."""

    empty_message = _("There are no complaints. They appear here as they arrive.")
    permission = HANDLE
    acts: ClassVar = {"hide": Act.HIDE_ENTRY, "show": Act.SHOW_ENTRY, "answer": Act.ANSWER_COMPLAINT}
    list_display = ["audit_title", "asked_at", "answered_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["entry__brand"]
    fields = ("about_entry", "words", "name", "email", "asked_at", "answer", "answered_at")
    readonly_fields = ["about_entry"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("entry__brand")

    @admin.display(description=_("entry"))
    def about_entry(self, row: Complaint) -> str:
        return link_to(row.entry)

    def steps(self, row: Complaint, data: Any = None) -> list[Step]:
        hiding = [SHOW] if row.entry_is_hidden else [HIDE] if row.entry.is_claim else []
        answer = Step("answer", _("Send the answer"), ANSWER_HINT, AnswerForm(data))
        return hiding if row.answered_at else [*hiding, answer]

    def hide(self, request: HttpRequest, row: Complaint, form: None) -> Any:
        row.hide_entry(organiser(request))
        return messages.SUCCESS, _("The entry is hidden. Once you have examined it, show it again or correct it.")

    def show(self, request: HttpRequest, row: Complaint, form: None) -> Any:
        """Show the entry again, unless this organiser hid it."""
        if row.hid_entry(organiser(request)):
            return messages.ERROR, _("You hid this entry yourself, so another organiser has to show it again.")
        row.show_entry(organiser(request))
        return messages.SUCCESS, _("The entry is shown again.")

    def answer(self, request: HttpRequest, row: Complaint, form: AnswerForm) -> Any:
        """Store the answer, and queue it."""
        is_sent = row.send_answer(form.cleaned_data["answer"], timezone.now())
        return is_sent and (messages.SUCCESS, _("The answer is on its way."))


REFUSE = Step("refuse", _("Don’t publish it"), _("It stays here until it is erased, and visitors never see it."))
ASK_TO_REFUSE = Step(
    "refuse",
    _("Ask to refuse it…"),
    _("You give a reason, and a second organiser decides. Until then, no claim about the company is published."),
)
HIDE = Step(
    "hide",
    _("Hide the entry for now"),
    _("Visitors don’t see it while you examine the complaint. If in doubt, hide it: somebody else can show it again."),
)
SHOW = Step(
    "show",
    _("Show the entry again"),
    _(
        "Visitors see it again, unchanged. If it is wrong, correct it first. If you hid it yourself, ask another "
        "organiser to show it again."
    ),
)
ANSWER_HINT = _("If the entry is wrong, open it and correct it before you answer.")


def link_to(entry: Entry) -> str:
    """Return a link to an entry's page."""
    return format_html('<a href="{}">{}</a>', reverse("admin:businesses_entry_change", args=[entry.pk]), entry.in_words)
