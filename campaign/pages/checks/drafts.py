"""The contents of an admin form as a draft for the checks, with the ids of its fields."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin.helpers import InlineAdminFormSet
from django.db import models
from django.forms import ModelForm

from campaign.links.fields import HoldsLinks
from campaign.media.models import Picture as LibraryPicture
from campaign.pages.checks.findings import Card, Draft, Picture, Piece, Quote, Section
from campaign.pages.models import HomeSection
from campaign.pages.models.target import TargetField
from campaign.pages.rich_text import RichTextField

QUOTATION = {"words", "about", "url"}
TITLES = ("title", "hero_title", "about_title")


def draft_of(form: ModelForm, formsets: Iterable[InlineAdminFormSet]) -> Draft:
    """Return the saved contents of the object and of its parts, with blocks in the order of the page."""
    rows = [(form.instance, form)]
    rows += sorted(
        ((one.instance, one) for inline in formsets for one in inline.formset.initial_forms),
        key=lambda pair: getattr(pair[0], "ordering", getattr(pair[0], "order", 0)) or 0,
    )
    pieces = [piece for row, one in rows for piece in pieces_of(row, one)]
    pictures = [picture for row, one in rows for picture in pictures_of(row, one)]
    cards = [card for row, one in rows for card in cards_of(row, one)]
    quotes = [quote for row, one in rows for quote in quotes_of(row, one)]
    chosen = [(row, one) for row, one in rows if isinstance(row, HomeSection) and row.shown]
    sections = [Section(one["kind"].id_for_label, row) for row, one in chosen]
    return Draft(pieces, getattr(form.instance, "language", "en-gb"), pictures, cards, quotes, sections)


def pieces_of(row: models.Model, form: ModelForm) -> Iterator[Piece]:
    """Yield each text in a row's form."""
    for name in form.fields:
        field = _field(row, name)
        kind: Any = _kind(field) if field else None
        if field and kind:
            value = getattr(row, name) or ""
            label = form.fields[name].label or name
            yield Piece(form[name].id_for_label or "", str(label), str(value), kind, _allows_placeholders(field))


def pictures_of(row: models.Model, form: ModelForm) -> Iterator[Picture]:
    """Yield each picture from the media library that a row shows and that its form can change."""
    for name in form.fields:
        column: Any = next((one for one in row._meta.concrete_fields if one.name == name), None)
        if column and column.related_model is LibraryPicture and (picture := getattr(row, name)):
            yield Picture(form[name].id_for_label, picture.alternative_text, picture.is_decoration)


def cards_of(row: models.Model, form: ModelForm) -> Iterator[Card]:
    """Yield each object that a row embeds."""
    for column in row._meta.concrete_fields:
        if isinstance(column, TargetField) and column.name in form.fields and getattr(row, column.name):
            yield Card(form[column.name].id_for_label, getattr(row, column.name))


def quotes_of(row: Any, form: ModelForm) -> Iterator[Quote]:
    """Yield the quotation in a row, if it is one. Other sections of the home page have the fields but ignore them."""
    is_quotation = form.fields.keys() >= QUOTATION and getattr(row, "kind", "quotation") == "quotation"
    if is_quotation and row.words:
        yield Quote(form["words"].id_for_label, row.words, bool(row.about or row.url))


def _field(row: models.Model, name: str) -> Any:
    """Return the model's field of this name if it contains text for visitors, or None."""
    found = next((field for field in row._meta.concrete_fields if field.name == name), None)
    is_text = isinstance(found, models.CharField | models.TextField) and not found.choices
    is_text = is_text and not isinstance(found, TargetField)
    return found if is_text and not isinstance(found, models.SlugField | models.EmailField) else None


def _kind(field: Any) -> str:
    if isinstance(field, RichTextField):
        return "html"
    if isinstance(field, HoldsLinks | models.URLField):
        return "link"
    return "title" if field.name in TITLES else "summary" if field.name == "summary" else "text"


def _allows_placeholders(field: Any) -> bool:
    """Return whether the field checks its own placeholders, as letters do."""
    return any(getattr(validator, "__module__", "").endswith("placeholders") for validator in field.validators)
