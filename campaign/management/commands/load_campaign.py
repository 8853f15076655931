"""Loading the first campaign's content into an empty site."""

import tomllib
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import models, transaction

from campaign.pages.models import LoadedContent
from campaign.places.models import Constituency
from campaign.versions.versioned import Versioned

CONTENT = Path(__file__).resolve().parents[2] / "content"
ORDER_STEP = 10
CONSTITUENCIES = {
    "title": "Westminster parliamentary constituencies",
    "edition": "July 2024",
    "source_url": "https://postcodes.io/",
}


class Command(BaseCommand):
    """A command that is safe to run again: it skips anything loaded before, even if since edited or deleted."""

    help = "Load the campaign's content from campaign/content/, each file once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", type=Path, default=CONTENT, dest="folder", help="the folder")

    def handle(self, *, folder: Path, **options: Any) -> str:
        files = sorted(folder.rglob("*.toml"), key=lambda path: (load_order(folder, path), path))
        loaded = sum(load(path, path.relative_to(folder).as_posix()) for path in files)
        load_constituencies(folder / "places" / "constituencies.csv")
        return f"Loaded {loaded} of {len(files)} content files; the others had been loaded before."


def load_constituencies(path: Path) -> None:
    """Load the campaign's list of constituencies, unless the site has one already or the campaign has none."""
    if path.exists() and not Constituency.objects.exists():
        call_command("import_constituencies", path, stdout=StringIO(), **CONSTITUENCIES)


def load_order(folder: Path, path: Path) -> bool:
    """Return the sort key of a file: pages come first, because letters link to them."""
    return path.relative_to(folder).parts[0] != "pages"


@transaction.atomic
def load(path: Path, name: str) -> bool:
    """Create the object that a file describes, with its children; return False if there was nothing to do.

    Raises ValidationError, naming the field, for content that the admin would refuse too.
    """
    _row, is_new = LoadedContent.objects.get_or_create(name=name)
    if not is_new:
        return False
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    model = apps.get_model(values.pop("model"))
    name_field = identifying_field(model)
    if name_field in values and model.objects.filter(**{name_field: values[name_field]}).exists():
        return False
    is_ready = values.pop("published", True)
    row = make(model, values)
    if isinstance(row, Versioned) and is_ready:
        row.publish()
    return True


def make(model: Any, values: dict[str, Any]) -> models.Model:
    """Create one object and, from each list of tables, its children in the order of the file."""
    children = {key: value for key, value in values.items() if is_list_of_tables(value)}
    own = {key: resolve(model, key, value) for key, value in values.items() if key not in children}
    instance = model(**own)
    instance.full_clean()
    instance.save()
    for key, tables in children.items():
        for position, table in enumerate(tables, start=1):
            make_child(instance, key, dict(table), position * ORDER_STEP)
    return instance


def is_list_of_tables(value: Any) -> bool:
    """Return whether a value describes children. Any other list is the value of a field, such as days of the week."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def make_child(parent: Any, key: str, values: dict[str, Any], position: int) -> None:
    """Create a block of the type it names, or an object of the relation `key`, at its position."""
    if "type" in values:
        model = apps.get_model(values.pop("type"))
        make(model, values | {"parent": parent, "region": "main", "ordering": position})
        return
    relation = parent._meta.get_field(key)
    has_order = any(field.name == "order" for field in relation.related_model._meta.concrete_fields)
    order = {"order": position} if has_order else {}
    make(relation.related_model, order | values | {relation.field.name: parent})


def resolve(model: Any, key: str, value: Any) -> Any:
    """Return the value for a field. A foreign key is given as the other object's slug or, if it has none, its name."""
    field = model._meta.get_field(key)
    if field.is_relation and isinstance(value, str):
        return field.related_model.objects.get(**{identifying_field(field.related_model): value})
    return value


def identifying_field(model: Any) -> str:
    """Return the field by which content files refer to an object: its slug, or its name if it has no slug."""
    return "slug" if any(field.name == "slug" for field in model._meta.concrete_fields) else "name"
