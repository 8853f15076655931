"""Choosing a picture or a document in the admin: pictures from a searchable list with thumbnails."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.forms import BaseForm, BoundField, Media, ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.media.models import Document, Picture
from campaign.modeladmin import KeySelect

NOT_SHOWN = _("This file has been withdrawn, so visitors would not see it. Choose another one.")


class PictureSelect(KeySelect):
    """A searchable list of pictures with thumbnails, which works by keyboard."""

    def get_url(self) -> str:
        return reverse(f"{self.admin_site.name}:media_picture_choose")

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the thumbnail of the picture that is currently chosen."""
        option = super().create_option(*args, **kwargs)
        picture = Picture.objects.filter(pk=str(option["value"])).first() if option["value"] else None
        if picture and not picture.is_hidden:
            option["attrs"]["data-thumbnail"] = picture.thumbnail
        return option

    @property
    def media(self) -> Media:
        """Return Django's scripts, with ours before the script that starts them."""
        return super().media + Media(js=["admin/js/jquery.init.js", "choose-picture.js", "admin/js/autocomplete.js"])


class LibraryField(ModelChoiceField):
    """A picture or a document that visitors may see. A file that was chosen before it was withdrawn may stay."""

    def get_bound_field(self, form: BaseForm, field_name: str) -> BoundField:
        self.before = form.get_initial_for_field(self, field_name)
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Any:
        """Return the row. Raises ValidationError if the file has been withdrawn and was not chosen before."""
        file = super().clean(value)
        if file and file.is_hidden and file.pk != self.before:
            raise ValidationError(NOT_SHOWN)
        return file


class ChoosesPictures:
    """A ModelAdmin or inline whose foreign keys to Picture are chosen from a list with thumbnails."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the form field of a foreign key."""
        if db_field.related_model is Picture:
            kwargs["widget"] = PictureSelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        if db_field.related_model in (Picture, Document):
            kwargs["form_class"] = LibraryField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class ChooseView(AutocompleteJsonView):
    """The pictures that match a search, as JSON for `PictureSelect`."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, Any]:
        return super().serialize_result(obj, to_field_name) | {"thumbnail": obj.thumbnail}
