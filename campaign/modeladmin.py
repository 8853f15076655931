"""Behaviour shared by all our ModelAdmins: searches, lists that accept only filters they offer, and valid keys."""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, datetime, time
from typing import Any, cast

from django.contrib.admin import AllValuesFieldListFilter, FieldListFilter, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import CharField, Field, ForeignKey, Model, TextField
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.detail import MAX_ITEMS
from campaign.audit.log import record
from campaign.audit.models import AuditEntry
from campaign.text import lookalikes  # importing this also registers the lookup that every search uses

# The suffixes that Django's field filters append to the name of the field (django.contrib.admin.filters).
LOOKUP_SUFFIXES = ("", "__exact", "__isnull", "__gte", "__lt")
DATE_PARTS = ("__year", "__month", "__day")
MAX_LISTED = 10_000
MAX_HISTORY = 100
# The fields of an account that decide its rights.
RIGHTS = {"is_active", "is_staff", "is_superuser", "groups", "user_permissions"}
# Raised by a value that makes no sense, such as a year of twenty digits.
UNUSABLE = (ArithmeticError, LookupError, TypeError, ValidationError, ValueError)


def organiser(request: HttpRequest) -> User:
    """Return the organiser who is signed in. Use this only for pages that require a sign-in, such as the admin."""
    return cast(User, request.user)


def is_key(field: Field, text: str) -> bool:
    """Return whether a row could have this key, which must be of the field's type and within its range."""
    try:
        field.clean(text, None)
    except ValidationError:
        return False
    return "\0" not in text


class HubChangeList(ChangeList):
    """A list that shows everything if it can't make sense of a value. As in Django, the URL then has `?e=1`."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        try:
            return super().get_queryset(request, exclude_parameters)
        except UNUSABLE as error:
            raise IncorrectLookupParameters from error

    @property
    def is_narrowed(self) -> bool:
        """Return whether a search, a filter or a date leaves rows out: an empty list may then hide a full table."""
        return bool(self.query or self.get_filters_params())


class BoundedPaginator(Paginator):
    """A paginator of the first 10,000 rows only, because counting and skipping rows slows down as a table grows."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, up to 10,000."""
        rows: Any = self.object_list
        return rows.order_by().values("pk")[:MAX_LISTED].count()


class KeySelect(AutocompleteSelect):
    """Django's autocomplete for a related row, which looks up only keys that a row can have."""

    field: ForeignKey

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.target_field
        return super().optgroups(name, [one for one in value if is_key(key, str(one))], attr)


class SearchesRows:
    """An admin or inline whose `autocomplete_fields` are searched, so that the form doesn't list every related row."""

    def formfield_for_foreignkey(self: Any, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class NamedValuesFilter(AllValuesFieldListFilter):
    """Django's filter by the values of a column, with a name for the empty value, because a link needs text."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            name = str(choice["display"])
            yield choice | {
                "display": name if name and not name.startswith(" (") else format_lazy("{}{}", _("(none)"), name)
            }


FieldListFilter.register(lambda field: isinstance(field, CharField) and not field.choices, NamedValuesFilter, True)


class HubModelAdmin(SearchesRows, ModelAdmin):
    """The base class of all our ModelAdmins.

    Django lets the URL of a list query any column of the model, including hashes and encrypted text, and accepts values
    that no column can contain. `empty_message` is a sentence that says what to do next while the list has no rows.
    """

    empty_message: Any = ""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return HubChangeList

    def search_line(self, row: Any) -> str:
        """Return the text of the row's link in the results of a search of the desk."""
        return str(row)

    def screens_about(self, request: HttpRequest, term: str) -> Iterator[tuple[str, str]]:
        """Yield texts and URLs: for the list if its name contains the term, and for fields whose label or hint does."""
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        name = capfirst(str(self.opts.verbose_name_plural))
        if mentions(name, term):
            yield name, url
        for field_name, field in self.offered_fields(request).items():
            if mentions(f"{field.label} {field.help_text}", term):
                yield f"{name}: {field.label}", self.url_of_field(url, field_name)

    def offered_fields(self, request: HttpRequest) -> dict[str, Any]:
        """Return the fields of the form that this organiser can fill in, by name."""
        if not self.has_change_permission(request):
            return {}
        return dict(self.get_form(request).base_fields)

    def url_of_field(self, url: str, name: str) -> str:
        """Return the URL where organisers find this field: by default, the given URL of the list."""
        return url

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Return `search_fields`, with text fields set to match any kind of apostrophe or dash."""
        return [f"{name}__resembles" if self._is_text(name) else name for name in super().get_search_fields(request)]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow only the parameters that the list's filters and date hierarchy offer; Django refuses others (400)."""
        return lookup in self.offered_lookups(request)

    def offered_lookups(self, request: Any) -> set[str]:
        """Return the parameters that the links of the filters and of the date hierarchy use."""
        offered = {f"{self.date_hierarchy}{part}" for part in DATE_PARTS} if self.date_hierarchy else set()
        filters: Any = self.get_list_filter(request)
        for one in filters:
            if hasattr(one, "parameter_name"):
                offered.add(one.parameter_name)
            else:
                offered |= self._lookups_of(one if isinstance(one, str) else one[0])
        return offered

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show or change the list. Raises BadRequest for a key that no row can have."""
        if not all(is_key(self.opts.pk, key) for key in self._posted_keys(request)):
            raise BadRequest("No row can have this key.")
        return super().changelist_view(request, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions without Django's deletion of all selected rows: organisers delete rows one at a time."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @transaction.atomic
    def response_action(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Carry out an action on selected rows and record it in the audit log, or do neither."""
        return super().response_action(*args, **kwargs)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Return a change's details for the audit log: the names of fields and kinds of parts, never their values."""
        changed = [formset.model._meta.label_lower for formset in formsets or [] if has_changed(formset)]
        return {"fields": [] if add else sorted(form.changed_data)[:MAX_ITEMS], "parts": sorted(set(changed))}

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.audit(request, Act.ADD, obj, **message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        changes_rights = isinstance(obj, User) and not RIGHTS.isdisjoint(message["fields"])
        self.audit(request, Act.CHANGE_RIGHTS if changes_rights else Act.CHANGE, obj, **message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            self.audit(request, Act.DELETE, row)

    def audit(self, request: HttpRequest, act: Act, about: Any, **detail: Any) -> None:
        """Record in the audit log what this organiser has just done."""
        record(cast(User, request.user), act, about, **detail)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Show the newest 100 entries about this row in the audit log."""
        entries = AuditEntry.objects.filter(model=self.opts.label_lower, object_id=unquote(object_id))
        context = {"audit_entries": entries.order_by("-pk")[:MAX_HISTORY]}
        return super().history_view(request, object_id, context | (extra_context or {}))

    def _is_text(self, name: str) -> bool:
        try:
            return isinstance(get_fields_from_path(self.model, name)[-1], CharField | TextField)
        except FieldDoesNotExist:  # "pk", or a name with a lookup
            return False

    def _lookups_of(self, name: str) -> set[str]:
        field = get_fields_from_path(self.model, name)[-1]
        related = {f"{name}__{field.target_field.name}__exact"} if isinstance(field, RelatedField) else set()
        return related | {f"{name}{suffix}" for suffix in LOOKUP_SUFFIXES}

    def _posted_keys(self, request: HttpRequest) -> list[str]:
        """Return the keys of the rows that were selected or changed in the list."""
        row = re.compile(rf"form-\d+-{self.opts.pk.name}")
        changed = [str(key) for name, key in request.POST.items() if row.fullmatch(name)]
        return [*request.POST.getlist(ACTION_CHECKBOX_NAME), *changed]


def has_changed(formset: Any) -> bool:
    """Return whether saving a formset added, changed or deleted a row."""
    return any(bool(getattr(formset, name, ())) for name in ("new_objects", "changed_objects", "deleted_objects"))


class ReadOnlyAdmin(HubModelAdmin):
    """Rows that organisers can only view, because something else changes them."""

    show_full_result_count = False

    def offered_fields(self, request: HttpRequest) -> dict[str, Any]:
        """Return no fields, even if organisers need permission to change rows for the list's actions."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def without_links(form: Any, name: str) -> None:
    """Remove the links for adding, changing, deleting and viewing related rows from a field, if the form has it."""
    field = form.base_fields.get(name)
    for can in ("add", "change", "delete", "view") if field else ():
        setattr(field.widget, f"can_{can}_related", False)


def beginning_of(text: str) -> datetime | None:
    """Return the start (aware) of a day given in ISO 8601, or None for other text and at the ends of the calendar."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    if day is None or not MINYEAR < day.year < MAXYEAR:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


def mentions(text: str, term: str) -> bool:
    """Return whether a text contains every word of a search term, ignoring case and kinds of apostrophe and dash."""
    where = lookalikes.ordinary(text).casefold()
    return all(word in where for word in lookalikes.ordinary(term).casefold().split())
