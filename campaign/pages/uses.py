"""Where pictures and documents are used: by drafts, and by every version, since it can be published again."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import F, Model, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.media.uses import MAX_SHOWN, Use, finds_uses
from campaign.versions.models import Version
from campaign.versions.versioned import Part, Versioned


@finds_uses
def uses_by_drafts(file: Any) -> Iterator[Use]:
    """Yield each object whose draft uses the file, in one query."""
    queries = [_wholes(relation, file) for relation in _relations(file)]
    found = queries[0].union(*queries[1:]) if queries else []
    for label, key, title in found[:MAX_SHOWN]:
        yield Use(_("%(title)s (draft)") % {"title": title}, _url(label, key))


@finds_uses
def uses_by_versions(file: Any) -> Iterator[Use]:
    """Yield each object of which a version shows the file, in one query by the index of the contents.

    That is so whether the version is live, scheduled, past, or only kept.
    """
    shapes: list[Any] = [_frozen(relation, file) for relation in _relations(file)]
    if shapes:
        shown = reduce(or_, (Q(content__contains=shape) for shape in shapes))
        rows = Version.objects.filter(shown).order_by("model", "object_id", "-number")
        rows = rows.distinct("model", "object_id").values_list("model", "object_id", "title", "number")
        for label, key, title, number in rows[:MAX_SHOWN]:
            yield Use(_("%(title)s (version %(number)s)") % {"title": title, "number": number}, _url(label, key))


def _relations(file: Model) -> Iterable[Any]:
    """Return the foreign keys, of what has versions and of its parts, that can name the file."""
    found = [one for one in type(file)._meta.related_objects if issubclass(one.related_model, Part | Versioned)]
    return [one for one in found if one.one_to_many]


def _wholes(relation: Any, file: Any) -> Any:
    """Return the model, key and title of every object whose draft names the file by this relation."""
    model, key = relation.related_model, relation.field.name
    path = f"{model.whole}__" if issubclass(model, Part) else ""
    whole = model._meta.get_field(model.whole).related_model if path else model
    title = "title" if hasattr(whole, "title") else "name"
    rows = model._base_manager.filter(**{key: file}).order_by()
    return rows.values_list(Value(whole._meta.label_lower), F(f"{path}pk"), F(f"{path}{title}"))


def _frozen(relation: Any, file: Any) -> dict[str, Any]:
    """Return what the content of a version holds if it names the file by this relation."""
    model, names = relation.related_model, {relation.field.name: file.pk}
    if not issubclass(model, Part):
        return {"fields": names}
    whole: Any = model._meta.get_field(model.whole)
    return {"parts": {whole.remote_field.get_accessor_name(): [{"fields": names}]}}


def _url(label: str, key: int) -> str:
    """Return where an object is edited. If it has been deleted, that leads to the list."""
    options = apps.get_model(label)._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
