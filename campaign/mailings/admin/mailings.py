"""The list of mailings and the form of a draft."""

from functools import cache
from typing import Any

from content_editor.admin import ContentEditor
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Field
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign.mailings.admin.following import FollowingAdmin
from campaign.mailings.admin.forms import AudienceField, MailingForm
from campaign.mailings.admin.previewing import MailPreviewAdmin
from campaign.mailings.approvals import audience_in_words
from campaign.mailings.findings import in_the_inbox
from campaign.mailings.models import Delivery, MailButton, MailCard, Mailing, MailQuotation, MailText
from campaign.mailings.sources import audiences
from campaign.modeladmin import without_links
from campaign.pages.blocks.editor import ACTIONS, WORDS, BlockInline, EmbedInline
from campaign.pages.checks.admin import ChecksMixin

TEST = "_test"


class DraftState:
    """The state of a draft, as shown above its form."""

    live = None
    scheduled: tuple[()] = ()

    @property
    def in_words(self) -> list[str]:
        """Return the state in sentences."""
        return [gettext("Draft: nobody gets it until a second organiser has approved it.")]


@admin.register(Mailing)
class MailingAdmin(ContentEditor, ChecksMixin, FollowingAdmin, MailPreviewAdmin):
    """Mailings. Only drafts can be changed."""

    empty_message = _(
        "There are no mailings yet. Add one, write it, send yourself a test, and ask a second organiser to approve it."
    )
    form = MailingForm
    change_form_template = "admin/mailings/form.html"
    view_on_site = False
    list_display = ["__str__", "state", "audience_label", "progress", "updated_at"]
    list_filter = ["state"]
    list_select_related = ["constituency", "tag"]
    search_fields = ["subject", "mailings_mailtext_set__html"]
    autocomplete_fields = ["constituency"]
    fieldsets = [
        (None, {"fields": ["subject", "preheader", "language"]}),
        (_("Who gets it"), {"fields": ["audience", "region", "constituency"]}),
        (_("Links"), {"fields": ["tag"]}),
    ]
    inlines = [
        BlockInline.create(MailText, icon="notes", color=WORDS),
        BlockInline.create(MailQuotation, icon="format_quote", color=WORDS),
        BlockInline.create(MailButton, icon="smart_button", color=ACTIONS),
        EmbedInline.create(MailCard, icon="web_asset", color=ACTIONS),
    ]

    @admin.display(description=_("who gets it"))
    def audience_label(self, mailing: Mailing) -> str:
        return audience_in_words(mailing)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list with the progress of each row. One query counts them all."""
        shown: Any = super().get_changelist_instance(request)
        counts = Delivery.objects.count_by_state([row.pk for row in shown.result_list])
        for row in shown.result_list:  # Once the deliveries have been erased, `statistics` has the numbers.
            row.counts = counts.get(row.pk) or (row.statistics() if row.finished_at else {})
        return shown

    @admin.display(description=_("progress"))
    def progress(self, mailing: Any) -> str:
        """Return how many people have been dealt with, such as "120 of 1,234 people", or "" before sending starts."""
        people = sum(mailing.counts.get(state, 0) for state in Delivery.State.values)
        done = people - sum(mailing.counts.get(state, 0) for state in ("queued", "claimed"))
        words = ngettext("%(done)s of %(people)s person", "%(done)s of %(people)s people", people)
        return words % {"done": intcomma(done), "people": intcomma(people)} if people else ""

    # --- Permissions: only drafts can be changed

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_editable)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_editable)

    # --- The form

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        without_links(form, "tag")
        without_links(form, "constituency")
        return form

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "audience":
            return AudienceField(
                choices=cache(audiences), label=capfirst(db_field.verbose_name), help_text=db_field.help_text
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the findings about inboxes and locked phones to the findings of the checks."""
        context["state"] = DraftState()
        response: Any = super().render_change_form(request, context, *args, **kwargs)
        found = response.context_data
        if found.get("findings") is not None:
            found["findings"] = [*in_the_inbox(found["original"]), *found["findings"]]
        return response

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self._test(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._test(request, obj)
        return super().response_change(request, obj)

    def _test(self, request: HttpRequest, obj: Mailing) -> None:
        """Send a test if that button was pressed, and stay on the form."""
        if TEST in request.POST and not hasattr(request, "preview"):
            self.send_test(request, obj)
            answers = request.POST.copy()
            answers["_continue"] = "1"
            request.POST = answers  # type: ignore[assignment]
