"""The blocks in the page editor: their icons and forms."""

from functools import cache
from typing import Any

from content_editor.admin import ContentEditorInline
from django import forms
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaign.media.choosing import ChoosesPictures
from campaign.media.models import Document, Picture
from campaign.pages import embeds
from campaign.pages.models import (
    Action,
    Columns,
    Download,
    Embed,
    Fact,
    Figure,
    GalleryPicture,
    PictureBlock,
    Question,
    Quotation,
    Text,
    VideoLink,
)

SOURCE = ["source", "url", "dated", "region", "ordering"]
WORDS, PICTURES, SOURCES, ACTIONS = "#0b5c8f", "#6a4c93", "#2b6b4f", "#b8400e"


class TargetFormField(forms.ChoiceField):
    """A list of the objects that pages can embed, by kind and title. It always includes the current choice."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        before = form.get_initial_for_field(self, field_name)
        if before and not self.valid_value(before):
            text = embeds.title_of(before) or _("something that has been deleted")
            self.choices = [*self.choices, (before, text)]  # type: ignore[misc]
        return super().get_bound_field(form, field_name)


class BlockInline(ChoosesPictures, ContentEditorInline):
    """The forms of one kind of block."""

    def formfield_for_dbfield(self, db_field: Field, *args: Any, **kwargs: Any) -> Any:
        """Return the form field without links to view, change or delete files: changes would affect other pages too."""
        found = super().formfield_for_dbfield(db_field, *args, **kwargs)
        for can in ("change", "delete", "view") if db_field.is_relation and hasattr(found, "widget") else ():
            setattr(found.widget, f"can_{can}_related", False)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the blocks with their pictures and documents, which their titles and the checks need."""
        rows: QuerySet = super().get_queryset(request)
        shown = [field.name for field in self.opts.concrete_fields if field.related_model in (Picture, Document)]
        return rows.select_related(*shown) if shown else rows


class EmbedInline(BlockInline):
    """The forms of blocks that embed an object."""

    def formfield_for_dbfield(self, db_field: Field, *args: Any, **kwargs: Any) -> Any:
        """Return the form field, and read its choices only once for all rows."""
        if db_field.name == "target":
            return TargetFormField(
                choices=cache(embeds.choices), label=capfirst(db_field.verbose_name), help_text=db_field.help_text
            )
        return super().formfield_for_dbfield(db_field, *args, **kwargs)


INLINES = [
    BlockInline.create(Text, icon="notes", color=WORDS),
    BlockInline.create(PictureBlock, icon="image", color=PICTURES),
    BlockInline.create(GalleryPicture, icon="photo_library", color=PICTURES),
    BlockInline.create(
        VideoLink,
        icon="play_circle",
        color=PICTURES,
        fields=["picture", "title", "url", "duration", "caption", "region", "ordering"],
    ),
    BlockInline.create(Quotation, icon="format_quote", color=WORDS),
    BlockInline.create(Columns, icon="view_column", color=WORDS),
    BlockInline.create(Question, icon="help", color=WORDS),
    BlockInline.create(Fact, icon="fact_check", color=SOURCES, fields=["claim", *SOURCE]),
    BlockInline.create(Figure, icon="pin", color=SOURCES, fields=["number", "label", *SOURCE]),
    BlockInline.create(Download, icon="download", color=PICTURES, autocomplete_fields=["document"]),
    BlockInline.create(Action, icon="campaign", color=ACTIONS),
    EmbedInline.create(Embed, icon="web_asset", color=ACTIONS),
]
