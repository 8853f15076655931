"""Changes to where money or notices go, which require two organisers, because one alone could redirect them.

Until the second organiser has approved, the old values stay in force. The payload contains `before`, with the old
values of all fields that need approval, and `after`, with the new values of the fields that would change.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.fundraising.models import Appeal, DonationSettings
from campaign.approvals.kinds import Kind, Request, kind
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record

APPEAL, SETTINGS = "fundraising.appeal", "fundraising.settings"
PERSONAL = "treasurer_email"  # removed from a request once it has been decided


class Redirection(Kind):
    """A change to some fields of one row. A request can set only the fields in `fields`."""

    always_second = True
    counts_people = False
    delay = Kind.delay * 0  # no delay, because another request can reverse the change
    nobody = gettext_lazy("Something else has been changed since, or the row has been deleted. Nothing will be done.")
    name: str
    model: type[Model]
    fields: tuple[str, ...]

    def people(self, request: Request) -> int:
        """Return 1, or 0 if the row has been changed or deleted since the request."""
        return 1 if self._row(request) else 0

    def settle(self, request: Request) -> int:
        """Lock the row; return 1, or 0 if the row has changed or another such request about it is waiting."""
        row = self._row(request, lock=True)
        return 1 if row and not ApprovalRequest.objects.open_about(self.name, request.subject).exists() else 0

    def sample(self, request: Request) -> list[str]:
        """Return a line for each field, with its old value and any new one."""
        before, after = request.payload["before"], request.payload["after"]
        return [
            line_of(self.model, name, before[name], after.get(name, before[name]))
            for name in self.fields
            if name in before
        ]

    def page(self, request: Request) -> str:
        return reverse(f"admin:fundraising_{self.model._meta.model_name}_change", args=[request.subject])

    def obstacle(self, request: Request, user: User) -> Any:
        """Return why nobody may approve the request if it would do nothing, or None."""
        return None if self._row(request) else self.nobody

    def restore(self, request: Request) -> None:
        forget_address(request)

    def act(self, request: Request) -> None:
        """Set the fields, unless the row has been changed or deleted since the request."""
        row = self._row(request, lock=True)
        after = request.payload["after"]
        if row:
            for name in self.fields:
                setattr(row, name, after.get(name, getattr(row, name)))
            row.save()
            record(None, Act.CHANGE, row, fields=sorted(after), request=request.pk)
        forget_address(request)

    def _row(self, request: Request, *, lock: bool = False) -> Model | None:
        """Return the row, or None if it has been changed or deleted since the request."""
        rows = self.model._default_manager.all()
        rows = rows.select_for_update() if lock else rows
        row = rows.filter(pk=request.subject).first()
        before = request.payload["before"]
        return row if row and all(getattr(row, name) == value for name, value in before.items()) else None


@kind(APPEAL)
class AppealRedirection(Redirection):
    """Marking an appeal's link as checked, or changing a link that visitors can follow."""

    label = gettext_lazy("Change where an appeal’s link goes")
    warning = gettext_lazy(
        "Visitors who want to give money will follow this link. Before you approve, open it yourself, and compare the "
        "name and the organiser on the appeal’s own page."
    )
    permission = "fundraising.change_appeal"
    name, model = APPEAL, Appeal
    fields = ("url", "name_there", "organiser", "is_checked")


@kind(SETTINGS)
class SettingsRedirection(Redirection):
    """Changing the customer portal that donors are sent to, or the treasurer who gets the notices."""

    label = gettext_lazy("Change where donors or notices about donations are sent")
    warning = gettext_lazy(
        "Before you approve, compare the link with Stripe’s dashboard, or ask the treasurer for the address, in person "
        "or by phone."
    )
    permission = "fundraising.change_donationsettings"
    name, model = SETTINGS, DonationSettings
    fields = ("portal_url", "treasurer_email")


REDIRECTIONS: dict[str, type[Redirection]] = {APPEAL: AppealRedirection, SETTINGS: SettingsRedirection}


def ask(name: str, user: User, row: Model, after: dict[str, Any]) -> ApprovalRequest | None:
    """Request new values for fields of a saved row; return the request, or None if it could not be made."""
    before = {field: getattr(row, field) for field in REDIRECTIONS[name].fields}
    request = ApprovalRequest.draft(name, user, about=row, subject=row.pk, before=before, after=after)
    reason = _("Changed in the form: %(fields)s") % {"fields": ", ".join(labels_of(type(row), after))}
    return request if request.submit(1, reason[:200], timezone.now()) else None


def labels_of(model: type[Model], names: Any) -> list[str]:
    """Return the names that organisers see for the given fields."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return [str(field.verbose_name) for field in fields]


def line_of(model: type[Model], name: str, before: Any, after: Any) -> str:
    """Return a line such as "Link: https://… → https://…"."""
    field: Any = model._meta.get_field(name)
    old, new = (words_of(value) for value in (before, after))
    return f"{capfirst(field.verbose_name)}: {old}" + (f" → {new}" if old != new else "")


def words_of(value: Any) -> str:
    """Return a value in words, such as "yes"."""
    return {True: _("yes"), False: _("no"), "": _("(empty)")}.get(value, str(value))


def forget_address(request: Request) -> None:
    """Remove the treasurer's address from a request once it has been decided."""
    for values in request.payload.values():
        values.pop(PERSONAL, None)
