"""The admin for the call to action, and for the brands with their ledgers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.admin.entries import ADD
from actions.businesses.examples import remove_examples
from actions.businesses.forms import new_entry
from actions.businesses.models import Ask, Brand, CallToAction, Entry, Kind, LetterPoint
from actions.businesses.models.kinds import RECORDED
from campaign.audit.acts import Act
from campaign.forms.email_address import EmailAddressFormField
from campaign.modeladmin import is_key
from campaign.pages.admin import PUBLISHING, SHARING, PublishedAdmin
from campaign.pages.ordering import RowsInline

MAX_ENTRIES = 200
ABOUT_SUMMARY = _(
    "One or two neutral sentences, such as what the company sells. Anything that speaks against it belongs in the "
    "ledger, because the company must be able to reply."
)
ABOUT_KIND = {
    Kind.LETTER: _("You have written to the company."),
    Kind.REMINDER: _("You have written again, because there was no answer."),
    Kind.REPLY: _("The company has answered. Visitors see the answer beside the entry that it answers."),
    Kind.MEETING: _("You have met or spoken with the company."),
    Kind.COMMITMENT: _("The company has made a commitment, or is in talks about one."),
    Kind.KEPT: _("You have evidence that the company has kept its commitment."),
    Kind.BROKEN: _(
        "You have evidence that the company has broken its commitment. Visitors see this only once the claim has been "
        "through every step."
    ),
    Kind.DECLINED: _("The company has said no. Visitors see this only once the claim has been through every step."),
    Kind.NO_ANSWER: _(
        "The company has not answered a reminder either. Visitors see this only once the claim has been through every "
        "step."
    ),
}


class AskInline(RowsInline):
    """The asks of the call, in order."""

    model = Ask


class LetterPointInline(RowsInline):
    """The points that visitors can choose when they write to a brand."""

    model = LetterPoint
    fields = ["title", "text", "other_wordings", "order"]


@admin.register(CallToAction)
class CallToActionAdmin(PublishedAdmin):
    """The admin for what the campaign asks of businesses."""

    empty_message = _("There is no call to action yet. Add one that says what you ask of businesses.")
    inlines = [AskInline, LetterPointInline]


@admin.register(Brand)
class BrandAdmin(PublishedAdmin):
    """The admin for brands. Below the form are the brand's ledger entries, and a button that adds one."""

    empty_message = _(
        "There are no brands yet. Add one for each business that you have asked, and record what it answered."
    )
    change_form_template = "admin/businesses/brand.html"
    change_list_template = "admin/businesses/brands.html"
    list_display = ["title", "state", "sector", "published"]
    list_filter = ["sector", "is_example", "published"]
    search_fields = ["title", "summary", "other_names", "parent"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "statement"]}),
        (_("The company"), {"fields": ["sector", "parent", "country", "website", "products", "other_names"]}),
        (_("Writing to the company"), {"fields": ["contact", "public_address", "domains", "reply_days"]}),
        SHARING,
        PUBLISHING,
    ]

    def get_urls(self) -> list[URLPattern]:
        """Add the pages for a new entry, and the button that removes the examples."""
        pages: dict[str, tuple[str, Any]] = {
            "entries": ("<int:pk>/entries/", self.choose_kind),
            "new_entry": ("<int:pk>/entries/<slug:kind>/", self.new_entry),
            "remove_examples": ("remove-examples/", self.remove_examples),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"businesses_brand_{name}")
            for name, (route, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return a column's form field: an e-mail field for the contact, and a different hint for the summary."""
        if db_field.name == "contact":
            return EmailAddressFormField(label=db_field.verbose_name, help_text=db_field.help_text, required=False)
        if db_field.name == "summary":
            kwargs["help_text"] = ABOUT_SUMMARY
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list, with a button that removes the examples if there are any."""
        removes = request.user.has_perm("businesses.delete_brand") and Brand.objects.filter(is_example=True).exists()
        return super().changelist_view(request, (extra_context or {}) | {"has_examples": removes})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the draft, and the newest ledger entries below it."""
        context = extra_context or {}
        if object_id and is_key(Brand._meta.pk, object_id) and request.user.has_perm("businesses.view_entry"):
            now = timezone.now()
            shown = Entry.objects.filter(brand_id=int(object_id)).exclude(kind=Kind.LISTING).for_organisers(now)
            context |= {"entries": shown[:MAX_ENTRIES], "may_add_entry": request.user.has_perm(ADD)}
        return super().changeform_view(request, object_id, form_url, context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this organiser may change the brand. Nobody may change an example, only remove it."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_example)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this organiser may delete the brand. Nobody may delete one with an entry in the ledger."""
        return super().has_delete_permission(request, obj) and not (obj and obj.entries.exists())

    # --- The ledger

    def choose_kind(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what has happened."""
        brand = self._brand(request, pk)
        kinds = [(kind, kind.label, ABOUT_KIND[kind]) for kind in RECORDED]
        context = self.admin_site.each_context(request) | {"title": _("Add an entry"), "brand": brand, "kinds": kinds}
        return render(request, "admin/businesses/kinds.html", context | {"opts": self.opts})

    def new_entry(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Show the form for this kind of entry; a valid POST adds the entry to the ledger."""
        brand = self._brand(request, pk)
        if kind not in [str(one) for one in RECORDED]:
            raise Http404
        entries: Any = self.admin_site.get_model_admin(Entry)
        return entries.fill_in(request, new_entry(brand, Kind(kind)), Kind(kind).label)

    def remove_examples(self, request: HttpRequest) -> HttpResponse:
        """Delete the example brands with their entries."""
        if request.method != "POST" or not request.user.has_perm("businesses.delete_brand"):
            raise PermissionDenied
        remove_examples()
        self.audit(request, Act.DELETE, Brand, kind="examples")
        messages.success(request, _("The examples have been removed."))
        return redirect("admin:businesses_brand_changelist")

    def _brand(self, request: HttpRequest, pk: int) -> Brand:
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        return get_object_or_404(Brand, pk=pk)
