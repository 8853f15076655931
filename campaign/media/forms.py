"""Forms for adding pictures and documents, and for changing their descriptions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaign.media import cleaning, recognising
from campaign.media.models import Document, Picture, readable_name
from campaign.media.refusals import PICTURE_BEGINNINGS, by_beginning, by_markup

MAX_BYTES = 20 * 1024**2
TOO_LARGE = _("The file is larger than 20 MB. Make it smaller, and choose it again.")
EMPTY = _("The file is empty. Choose another one.")
CHOOSE_AGAIN = _("This file is fine, but browsers don’t keep it when something else is wrong. Please choose it again.")
BEGINNING = 1024


class UploadInput(forms.FileInput):
    """A file input that states the largest size allowed, for the script that checks a file before it is sent."""

    template_name = "django/forms/widgets/file.html"

    def __init__(self, accept: str) -> None:
        super().__init__({"accept": accept, "data-max-bytes": MAX_BYTES, "data-too-large": TOO_LARGE})


class Slider(forms.NumberInput):
    """A slider from 0 to 100, moved by mouse or by arrow keys."""

    input_type = "range"

    def __init__(self) -> None:
        super().__init__({"min": 0, "max": 100, "step": 5})


class UploadField(forms.FileField):
    """A file of at most MAX_BYTES, with errors in plain words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"empty": EMPTY, "required": _("Choose a file.")}, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if upload and upload.size > MAX_BYTES:
            raise ValidationError(TOO_LARGE)
        return upload


class AddForm(forms.ModelForm):
    """A form with a file that is checked once, and stored with the row."""

    def _post_clean(self) -> None:
        """Ask for the file again if anything else is wrong."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors and "upload" not in self.errors:
            self.add_error("upload", CHOOSE_AGAIN)


class PictureForm(forms.ModelForm):
    """The description of a picture, and its focal point."""

    class Meta:
        model = Picture
        fields = ["alternative_text", "is_decoration", "credit", "title", "focus_x", "focus_y"]
        widgets = {"focus_x": Slider(), "focus_y": Slider()}

    def save(self, commit: bool = True) -> Picture:
        """Save the picture, and crop it again for shared links if the focal point has moved; return it."""
        picture = super().save(commit=commit)
        if picture.pk and {"focus_x", "focus_y"} & set(self.changed_data):
            picture.crop_again()
        return picture


class AddPictureForm(AddForm, PictureForm):
    """A new picture, made safe before it is stored."""

    upload = UploadField(
        label=_("Picture"),
        help_text=_(
            "A JPEG, PNG, WebP or HEIC file of up to 20 MB. We remove what it says about the place, the time and the "
            "camera. People in it can still be recognised: ask them first."
        ),
        widget=UploadInput("image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"),
    )

    def clean_upload(self) -> UploadedFile:
        """Clean the picture, and keep it for `save`. Raises ValidationError with the reason if it can't be used."""
        upload = self.cleaned_data["upload"]
        beginning = upload.read(BEGINNING)
        reason = by_beginning(beginning, PICTURE_BEGINNINGS)
        if not reason and not beginning.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF")):
            reason = by_markup(beginning)
        if reason:
            raise ValidationError(reason)
        upload.seek(0)
        self.image = cleaning.clean(upload)
        return upload

    def save(self, commit: bool = True) -> Picture:
        """Store the picture's files, save the picture, and return it."""
        self.instance.title = self.instance.title or readable_name(self.cleaned_data["upload"].name)
        self.instance.store(self.image)
        return super().save(commit=commit)


class DocumentForm(forms.ModelForm):
    """The title of a document."""

    class Meta:
        model = Document
        fields = ["title"]


class AddDocumentForm(AddForm, DocumentForm):
    """A new document, recognised by its contents."""

    upload = UploadField(
        label=_("Document"),
        help_text=_(
            "A PDF, DOCX, ODT, XLSX, CSV or TXT file of up to 20 MB. Visitors get it exactly as it is, with the "
            "author’s name and comments if the file has them: remove those first."
        ),
        widget=UploadInput(",".join(f".{kind}" for kind in recognising.Kind.values)),
    )

    def clean_upload(self) -> UploadedFile:
        """Recognise the kind, and keep it for `save`. Raises ValidationError with the reason if it can't be used."""
        upload = self.cleaned_data["upload"]
        self.kind = recognising.recognise(upload, upload.name)
        return upload

    def save(self, commit: bool = True) -> Document:
        """Store the document's file, save the document, and return it."""
        self.instance.store(self.cleaned_data["upload"], self.kind)
        return super().save(commit=commit)
