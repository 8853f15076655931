"""The ledger in the admin: organisers read it, check one another's entries, correct them, and ask for the next step."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.businesses.approvals import DEADLINE, PUBLISH, REDACT
from actions.businesses.forms import LOWER, EntryForm, correction_of, new_entry
from actions.businesses.models import CommitmentOffer, CompanyReply, Entry, Kind, Notice
from actions.businesses.models.fairness import (
    is_published,
    lowers_commitment,
    may_be_published,
    may_get_deadline,
    why_not_yet,
)
from actions.businesses.models.kinds import RECORDED, REDACTABLE
from actions.businesses.notices.drafts import draft_for
from actions.businesses.notices.forms import LetterForm
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.modeladmin import BoundedPaginator, ReadOnlyAdmin, organiser

ADD, CHECK, DECIDE = "businesses.record_entry", "businesses.check_entry", "businesses.decide_entry"


class WaitsFilter(admin.SimpleListFilter):
    """A filter for entries that are waiting for an organiser."""

    title = _("waiting for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("check", _("a check")), ("publication", _("a decision to publish"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        rows: Any = queryset
        finders = {"check": rows.to_check, "publication": rows.to_publish}
        finder = finders.get(self.value() or "")
        return finder(timezone.now()) if finder else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Entries in the admin. Each page says what this organiser can do next."""

    empty_message = _("The ledger is empty. Open a brand, and press “Add an entry”.")
    change_form_template = "admin/businesses/entry.html"
    paginator = BoundedPaginator
    list_display = ["happened_on", "brand", "what", "entered", "recorded_at"]
    list_display_links = ["happened_on", "what"]
    list_select_related = ["brand"]
    list_filter = [WaitsFilter, "kind", "is_example"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-recorded_at", "-pk"]
    sortable_by = ()
    fields = readonly_fields = (
        *("brand", "what", "happened_on", "recorded_at", "basis", "note", "quotation", "evidence_url", "archive_url"),
        *("file", "document_hash", "sent", "entered", "checked", "about", "corrects", "until", "request"),
        *("redacted_at", "redaction_reason", "redaction_request"),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add an entry's pages and buttons."""
        posts = {"check": self.check_entry, "redact": self.redact, "deadline": self.deadline}
        pages = {"correct": self.correct, "retract": self.retract, "letter": self.letter, "delivered": self.delivered}
        views = {name: require_POST(view) for name, view in posts.items()} | pages
        return [*(self._path(name, view) for name, view in views.items()), *super().get_urls()]

    def _path(self, name: str, view: Any) -> URLPattern:
        return path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"businesses_entry_{name}")

    @admin.display(description=_("what"), ordering="kind")
    def what(self, entry: Entry) -> str:
        return entry.in_words

    @admin.display(description=_("entered by"))
    def entered(self, entry: Entry) -> str:
        return entry.entered_name or gettext("the company or the site itself")

    @admin.display(description=_("checked by"))
    def checked(self, entry: Entry) -> str:
        checks = entry.steps.filter(kind=Kind.CHECK).order_by("pk")
        return ", ".join(f"{one.entered_name} ({date_format(one.happened_on, 'j F Y')})" for one in checks)

    @admin.display(description=_("sent with a form"))
    def sent(self, entry: Entry) -> str:
        """Return a link to the commitment or reply that the entry was made from, or ""."""
        for model in (CommitmentOffer, CompanyReply):
            if row := model.objects.filter(entry=entry.pk).first():
                url = reverse(f"admin:businesses_{model._meta.model_name}_change", args=[row.pk])
                return format_html('<a href="{}">{}</a>', url, gettext("Open what the company sent"))
        return ""

    @admin.display(description=_("file"))
    def file(self, entry: Entry) -> str:
        """Return a link to the file."""
        document = entry.document
        return format_html('<a href="{}">{}</a>', document.download_url, document) if document else ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        steps = self.next_steps(request, entry) if entry else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"steps": steps})

    def next_steps(self, request: HttpRequest, entry: Entry) -> dict[str, Any]:
        """Return the steps that this organiser can take next, by name, with what the page says about them."""
        now, user = timezone.now(), organiser(request)
        adds, decides = user.has_perm(ADD), user.has_perm(DECIDE)
        is_open = entry.redacted_at is None and not entry.corrections.exists() and not entry.is_example
        claims = is_open and may_be_published(entry, now)
        promises = entry.steps.filter(kind=Kind.DEADLINE).exists()
        return {
            "check": is_open and self._may_check(request, entry),
            "waits": is_open and Entry.objects.to_check(now).filter(pk=entry.pk).exists(),
            "correct": is_open and adds and entry.kind in RECORDED,
            "retract": is_open and adds and entry.kind in (*RECORDED, Kind.NOTICE, Kind.DEADLINE),
            "letter": claims and decides,
            "delivered": is_open and adds and (claims or promises),
            "deadline": is_open and decides and may_get_deadline(entry, now),
            "redact": decides and not entry.is_example and entry.redacted_at is None and entry.kind in REDACTABLE,
            "why": why_not_yet(entry, now) if claims else "",
            "is_published": entry.is_claim and is_published(entry, now),
            "request": self._open_request(entry),
        }

    def _may_check(self, request: HttpRequest, entry: Entry) -> bool:
        user = organiser(request)
        waits = Entry.objects.to_check(timezone.now()).filter(pk=entry.pk).exists()
        return user.has_perm(CHECK) and waits and entry.entered_by != user.pk

    def _open_request(self, entry: Entry) -> str:
        """Return the address of an open request to publish the claim or set the deadline, or ""."""
        requests = ApprovalRequest.objects.open_about(PUBLISH, entry.pk) | ApprovalRequest.objects.open_about(
            DEADLINE, entry.pk
        )
        found = requests.first()
        return reverse("admin:approvals_approvalrequest_change", args=[found.pk]) if found else ""

    # --- The buttons

    @transaction.atomic
    def check_entry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that this organiser, who didn't make the entry, has compared it with its evidence."""
        entry = self._entry(pk, lock=True)
        if not self._may_check(request, entry):
            raise PermissionDenied
        if lowers_commitment(entry, timezone.now()):
            messages.error(request, LOWER)
            return redirect("admin:businesses_entry_change", pk)
        entry.brand.record(Kind.CHECK, organiser(request), about=entry)
        self.audit(request, Act.CHECK, entry, entry=entry.pk)
        messages.success(request, _("Thank you. The entry has been checked."))
        return redirect("admin:businesses_entry_change", pk)

    def redact(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a request to redact the entry."""
        return self._ask(request, REDACT, self._entry(pk))

    def deadline(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a request to set the deadline of the commitment."""
        return self._ask(request, DEADLINE, self._entry(pk))

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a form filled in from the entry; a valid POST adds the correction."""
        entry = self._entry(pk)
        self._require(request, ADD, self.next_steps(request, entry)["correct"])
        return self.fill_in(request, correction_of(entry), _("Correct an entry"))

    def retract(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a form that asks why the entry was wrong; a valid POST retracts it."""
        entry = self._entry(pk)
        self._require(request, ADD, self.next_steps(request, entry)["retract"])
        retraction = Entry(brand=entry.brand, kind=Kind.RETRACTION, corrects=entry)
        return self.fill_in(request, retraction, _("Retract an entry"))

    def delivered(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a form for the proof that a notice was delivered; a valid POST records the delivery."""
        entry = self._entry(pk)
        self._require(request, ADD, self.next_steps(request, entry)["delivered"])
        return self.fill_in(
            request, new_entry(entry.brand, Kind.NOTICE, entry), _("Record a notice that you have delivered")
        )

    def letter(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the draft of a letter about a claim; a valid POST drafts the request to publish the claim."""
        entry = self._entry(pk)
        self._require(request, DECIDE, self.next_steps(request, entry)["letter"])
        subject, text = draft_for(entry)
        notice = Notice(brand=entry.brand, about=entry, subject=subject, text=text)
        form = LetterForm(request.POST or None, instance=notice, initial={"by_mail": "1"})
        if request.method == "POST" and form.is_valid():
            form.save()
            kept = str(notice.pk) if form.cleaned_data["by_mail"] else None
            return self._ask(request, PUBLISH, entry, notice=kept)
        return self.show_form(request, form, _("Ask to publish a claim"), entry)

    def fill_in(self, request: HttpRequest, entry: Entry, title: Any) -> HttpResponse:
        """Show the form for a new entry; a valid POST adds the entry, and redirects to its page."""
        form = EntryForm(request.POST or None, request.FILES or None, instance=entry)
        if request.method == "POST" and form.is_valid():
            added = form.add(organiser(request))
            self.audit(request, Act.ADD, added, kind=added.kind, entry=added.pk)
            messages.success(request, _("The entry has been added. Now another organiser has to check it."))
            return redirect("admin:businesses_entry_change", added.pk)
        return self.show_form(request, form, title, entry)

    def show_form(self, request: HttpRequest, form: Any, title: Any, entry: Entry) -> HttpResponse:
        """Show a form with its errors beside the fields."""
        context = self.admin_site.each_context(request) | {"title": title, "form": form, "entry": entry}
        return render(request, "admin/businesses/form.html", context | {"opts": self.opts, "brand": entry.brand})

    def _ask(self, request: HttpRequest, kind: str, entry: Entry, **payload: Any) -> HttpResponse:
        """Draft a request about the entry, and redirect to the page that asks for a reason."""
        self._require(request, DECIDE, not entry.is_example)
        about = f"{entry.brand.title}: {entry.in_words}"
        draft = ApprovalRequest.draft(kind, organiser(request), about=about, subject=entry.pk, **payload)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def _require(self, request: HttpRequest, permission: str, possible: bool) -> None:
        if not (request.user.has_perm(permission) and possible):
            raise PermissionDenied

    def _entry(self, pk: int, *, lock: bool = False) -> Entry:
        """Return the entry, locked if `lock` is True. Despite the lock, others can add steps about the entry."""
        rows = Entry.objects.select_related("brand")
        return get_object_or_404(rows.select_for_update(of=("self",), no_key=True) if lock else rows, pk=pk)
