"""Publishing a draft, now or at a set time, once nothing is missing."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaign.audit.acts import Act
from campaign.editing.base import EditorAdmin, name_of
from campaign.editing.joint import JointPublishing, NeverJoint
from campaign.forms.date_and_time import NamedSplitDateTimeField
from campaign.modeladmin import organiser
from campaign.search.indexing import update_index
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, Problem, problems
from campaign.versions.versioned import Versioned

# Front caches may keep a page for up to 30 seconds, unaware of a change scheduled in the meantime.
MIN_AHEAD = timedelta(minutes=2)


class PublishForm(forms.Form):
    """A form that asks when the draft goes live, when it disappears, and what has changed."""

    live_at = NamedSplitDateTimeField(
        label=gettext_lazy("Goes live"),
        required=False,
        help_text=gettext_lazy("Leave both empty to publish it now."),
    )
    expires_at = NamedSplitDateTimeField(
        label=gettext_lazy("Disappears"),
        required=False,
        help_text=gettext_lazy("It is then taken off the site. Leave both empty to show it until you change it."),
    )
    note = forms.CharField(
        label=gettext_lazy("What has changed"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For the history, which only organisers see: “New figures from the UN”, for instance."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("live_at", "expires_at"):
            widget: Any = self.fields[name].widget
            widget.widgets[0].input_type, widget.widgets[1].input_type = "date", "time"

    def clean_live_at(self) -> Any:
        live_at = self.cleaned_data["live_at"]
        if live_at and live_at < timezone.now() + MIN_AHEAD:
            raise forms.ValidationError(_("Choose a time at least two minutes from now, or leave it empty."))
        return live_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins = data.get("live_at") or timezone.now() + MIN_AHEAD
        if data.get("expires_at") and data["expires_at"] <= begins:
            self.add_error("expires_at", _("Choose a time after it goes live."))
        return data


class PublishingAdmin(EditorAdmin):
    """Pages that publish a draft, now or later, and call off a scheduled version."""

    joint: ClassVar[JointPublishing] = NeverJoint()

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add the pages that publish the draft and call off a scheduled version."""
        return super().pages() | {
            "publish": ("<path:object_id>/publish/", self.publish_view),
            "cancel": ("<path:object_id>/cancel/<int:number>/", self.cancel_view),
        }

    def publish_form(self, row: Any) -> Any:
        """Return the class of a form that asks about publishing this draft, or None if there is nothing to ask.

        Call the class with the draft and the answers. Once the form is valid, call its `publish` with the organiser and
        the answers to `PublishForm`.
        """
        return None

    def publish_now(self, request: HttpRequest, row: Versioned) -> HttpResponse:
        """Publish the draft just saved, or redirect to the page that lists what is missing or asks for more."""
        try:
            asks = self.publish_form(row) or self.joint.applies_to(row)
            version = None if asks else row.publish(organiser(request))
        except NotReadyError:
            version = None
        if version is None:
            return redirect(self.address("publish", row.pk))
        self._published(request, row, version)
        return redirect(self.address("change", row.pk))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @transaction.atomic
    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what is missing, or ask when to publish the draft. A repeated POST publishes it only once."""
        row = self.to_change(request, object_id)
        is_post = request.method == "POST"
        if is_post:
            row = type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)
        number = Version.objects.next_number(type(row), row.pk)
        if is_post and request.POST.get("number") != str(number):
            self.message_user(request, _("There is already a newer version. Look at it before you publish again."))
            return redirect(self.address("change", row.pk))
        asked, missing = self._publish_forms(request, row), problems(row)
        if is_post and not missing and all([form.is_valid() for form in asked]):  # noqa: C419 - it validates them all
            missing = self._publish(request, row, asked)
            if not missing:
                return redirect(self.address("change", row.pk))
        context = self.page(request, row, _("Publish: %(title)s") % {"title": name_of(row)})
        context |= {"forms": asked, "problems": missing, "number": number, "is_joint": self.joint.applies_to(row)}
        context |= {"request_url": self.joint.request_about(row)}
        return render(request, "admin/editing/publish.html", context)

    def publish_as_answered(self, row: Any, by: User, answers: dict[str, Any], **when: Any) -> Version:
        """Publish the draft with these answers to the model's question; `when` is as for `publish`.

        Raises NotReadyError if anything is missing, or if the answers no longer fit the question.
        """
        asks = self.publish_form(row)
        if asks is None:
            return row.publish(by, **when)
        form = asks(row, answers)
        if not form.is_valid():
            raise NotReadyError([])
        return form.publish(by, **when)

    def _publish(self, request: HttpRequest, row: Any, forms: list[Any]) -> list[Problem]:
        """Publish the draft as the forms specify, or ask a second organiser; return any problems that prevent it."""
        if self.joint.applies_to(row):
            self._ask(request, row, forms)
            return []
        try:
            version = (forms[0] if len(forms) > 1 else row).publish(organiser(request), **forms[-1].cleaned_data)
        except NotReadyError as error:
            return error.problems
        self._published(request, row, version)
        return []

    def _ask(self, request: HttpRequest, row: Any, forms: list[Any]) -> None:
        """Ask a second organiser to approve, unless somebody has already asked."""
        if not self.joint.request_about(row):
            answers = forms[0].cleaned_data if len(forms) > 1 else {}
            self.joint.ask(row, organiser(request), answers, **forms[-1].cleaned_data)
        asked = _("Visitors will see it once a second organiser has approved it.")
        self.message_user(request, asked, messages.SUCCESS)

    def _publish_forms(self, request: HttpRequest, row: Any) -> list[Any]:
        """Return the publishing page's forms: the model's question, if it has one, and `PublishForm`."""
        answers = request.POST if request.method == "POST" else None
        asks = self.publish_form(row)
        form = PublishForm(answers)
        form.fields["note"].required = self.joint.applies_to(row)
        return [*([asks(row, answers)] if asks else []), form]

    @method_decorator(require_POST)
    @transaction.atomic
    def cancel_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Call off a scheduled version."""
        row = self.to_change(request, object_id)
        version = get_object_or_404(Version.objects.of(type(row), row.pk), number=number)
        version.cancel(organiser(request), timezone.now())
        if hasattr(version, "cancellation"):
            self.audit(request, Act.CALL_OFF, row, version=number)
            self.message_user(request, _("It will not be published. Your draft is still here."))
        else:
            self.message_user(request, _("It is too late: this has already been published."), messages.WARNING)
        return redirect(self.address("change", row.pk))

    def _published(self, request: HttpRequest, row: Versioned, version: Version) -> None:
        """Record the publication, and tell the organiser whether visitors see it now, later or not yet.

        The search finds it at once, without waiting for the worker.
        """
        transaction.on_commit(update_index, robust=True)
        self.audit(request, Act.PUBLISH, row, version=version.number)
        live_at = version.live_at
        if live_at and live_at > timezone.now():
            when = date_format(timezone.localtime(live_at), "j F Y, H:i")
            text = _("“%(title)s” will be published on %(when)s.") % {"title": name_of(row), "when": when}
        else:
            text = _("“%(title)s” has been published.") % {"title": name_of(row)}
        self.message_user(request, text, messages.SUCCESS)
        if not getattr(row, "published", True):
            hidden = _("Visitors don’t see it yet: it is switched off. Tick “Shown to visitors” and save.")
            self.message_user(request, hidden, messages.WARNING)
