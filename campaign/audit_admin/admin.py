"""The audit log in the admin: organisers read, filter and search it, and request the redaction of an entry."""

from datetime import timedelta

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry, AuditLink
from campaign.audit_admin.redaction import REDACT, Redaction
from campaign.modeladmin import BoundedPaginator, ReadOnlyAdmin, beginning_of, organiser

MAX_ORGANISERS = 100
MAX_KINDS = 100
SEARCHED = 100_000  # entries, from the newest
THE_SITE = "site"


class ActorFilter(admin.SimpleListFilter):
    """A filter for entries by one organiser, or by the site itself."""

    title = _("organiser")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        organisers = User.objects.filter(is_staff=True).order_by("username").values_list("pk", "username")
        return [(str(key), name) for key, name in organisers[:MAX_ORGANISERS]] + [(THE_SITE, str(_("the site itself")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        chosen = self.value()
        if chosen == THE_SITE:
            return queryset.filter(actor=None, redacted_at=None)
        return queryset.filter(actor=chosen) if chosen else queryset


class KindFilter(admin.SimpleListFilter):
    """A filter for entries about one kind of object."""

    title = _("kind of object")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        kinds = [(model._meta.label_lower, name_of(model._meta.label_lower)) for model in admin.site._registry]
        return sorted(kinds, key=lambda kind: kind[1])[:MAX_KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The newest 10,000 entries that match. Use the filters to find older entries."""

    empty_message = _("Nothing has been recorded yet. Everything that organisers do here will be.")
    change_form_template = "admin/audit/entry.html"
    paginator = BoundedPaginator
    list_display = ["at", "actor_shown", "act", "about", "details"]
    list_filter = ["act", ActorFilter, KindFilter, "at"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    sortable_by = ()
    search_fields = ["pk"]
    search_help_text = _(
        "The number of an entry, a day such as 2026-11-20, an organiser’s username, or part of a title."
    )
    fields = readonly_fields = (
        *("id", "at", "actor_shown", "act", "about", "object_id", "details"),
        *("redacted_at", "redaction_reason", "redaction_request", "hash"),
    )

    def get_urls(self) -> list[URLPattern]:
        redact = self.admin_site.admin_view(require_POST(self.redact))
        return [path("<int:pk>/redact/", redact, name="audit_auditentry_redact"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        term = search_term.strip()
        day = beginning_of(term)
        if not term:
            return queryset, False
        if day:
            return queryset.filter(at__gte=day, at__lt=day + timedelta(days=1)), False
        if term.isascii() and term.isdigit() and len(term) <= 18:
            return queryset.filter(pk=int(term)), False
        newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
        named = Q(actor_name__iexact=term) | Q(title__resembles=term)
        return queryset.filter(named, pk__gt=newest - SEARCHED), False

    @admin.display(description=_("organiser"))
    def actor_shown(self, entry: AuditEntry) -> str:
        if entry.redacted_at:
            return str(_("redacted"))
        return entry.actor_name or str(_("the site itself"))

    @admin.display(description=_("object"))
    def about(self, entry: AuditEntry) -> str:
        return ": ".join(filter(None, (name_of(entry.model), entry.title or entry.object_id)))

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return entry.detail_in_words

    @admin.display(description=_("hash"))
    def hash(self, entry: AuditEntry) -> str:
        link = AuditLink.objects.filter(entry=entry.pk).first()
        return bytes(link.hash).hex() if link else ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        may_redact = request.user.has_perm(Redaction.permission) and entry is not None and entry.redacted_at is None
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"may_redact": may_redact})

    def redact(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a request to redact the entry, and redirect to the page that asks for a reason."""
        if not request.user.has_perm(Redaction.permission):
            raise PermissionDenied
        entry = get_object_or_404(AuditEntry, pk=pk)
        draft = ApprovalRequest.draft(REDACT, organiser(request), about=entry.pk, subject=entry.pk)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)


def name_of(label: str) -> str:
    """Return the admin's name for a kind of object, or its label if this version of the site doesn't know the kind."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label
