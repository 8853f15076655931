"""Forms that turn a change to where money or notices go into a request that a second organiser must approve."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from actions.fundraising.approvals import REDIRECTIONS, ask, labels_of
from campaign.approvals.models import ApprovalRequest
from campaign.modeladmin import HubModelAdmin, organiser


class RedirectionForm(ModelForm):
    """A form that validates new values for some fields, but keeps the old values and puts the new ones in `asked`."""

    redirection: ClassVar[str]
    asked: dict[str, Any]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.asked = {}
        if self.errors:
            return
        saved = type(self.instance)._default_manager.filter(pk=self.instance.pk).first() or type(self.instance)()
        asked = self.to_ask(saved)
        first = next(iter(asked), None)
        if first and ApprovalRequest.objects.open_about(self.redirection, self.instance.pk).exists():
            self.add_error(first, ValidationError(_("A change is waiting for approval. Decide on it first.")))
            return
        for name in asked:
            setattr(self.instance, name, getattr(saved, name))
        # A requested change hasn't been made yet, so the audit log must not record it.
        self.asked, self.changed_data = asked, [name for name in self.changed_data if name not in asked]

    def to_ask(self, saved: Any) -> dict[str, Any]:
        """Return the values that need approval, by field: those that differ from the saved row or from the defaults."""
        new = {name: getattr(self.instance, name) for name in REDIRECTIONS[self.redirection].fields}
        return {name: value for name, value in new.items() if value != getattr(saved, name)}


class RedirectionAdmin(HubModelAdmin):
    """A ModelAdmin with a RedirectionForm. A note beside the fields says when a request is waiting."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets: Any = super().get_fieldsets(request, obj)
        form: Any = self.form
        waiting = ApprovalRequest.objects.open_about(form.redirection, obj.pk).first() if obj else None
        if waiting is None:
            return fieldsets
        text = _("A change is waiting for a second organiser. Until it is approved, the old values apply.")
        note = format_html("{} {}", text, link(waiting))
        asked = set(waiting.payload["after"])
        return [
            (title, options | ({"description": note} if asked.intersection(options["fields"]) else {}))
            for title, options in fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row, and request approval for the changes that need it. Changes made in the list never do."""
        super().save_model(request, obj, form, change)
        if asked := getattr(form, "asked", None):
            waiting = ask(form.redirection, organiser(request), obj, asked)
            names = ", ".join(labels_of(type(obj), asked))
            if waiting:
                text = _("Not changed yet: %(fields)s. A second organiser must approve this first.") % {"fields": names}
                self.message_user(request, format_html("{} {}", text, link(waiting)), messages.WARNING)
            else:
                text = _("Not changed: %(fields)s. Something else has changed in the meantime.") % {"fields": names}
                self.message_user(request, text, messages.ERROR)


def link(waiting: ApprovalRequest) -> SafeString:
    """Return a link to a request."""
    url = reverse("admin:approvals_approvalrequest_change", args=[waiting.pk])
    return format_html('<a href="{}">{}</a>', url, _("Look at the request"))
