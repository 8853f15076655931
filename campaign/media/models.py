"""Pictures and documents that organisers upload. A stored file never changes; a new upload is a new row."""

import re
from hashlib import sha256
from pathlib import PurePath
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from PIL import Image

from campaign.media.cleaning import MAX_HEIGHT, WIDTHS, renditions, share_crop, widths
from campaign.media.library import LibraryFile, new_key
from campaign.media.recognising import MIME, Kind

# Migrations import `new_key` from this module.
__all__ = [
    "Document",
    "Picture",
    "first_shown",
    "library_file",
    "new_key",
    "readable_name",
]
SHARE_NAME = "share-{x}-{y}.jpg"
PICTURE_NAME = re.compile(r"\d{1,4}\.webp|share-\d{1,3}-\d{1,3}\.jpg")
MAX_NAME = 80
NEEDS_TEXT = _(
    "Describe the picture for people who can’t see it, or tick “decoration only” if they would miss nothing."
)


def readable_name(name: str) -> str:
    """Return the stem of an uploaded file's name on one line, without invisible characters."""
    stem = PurePath(name.replace("\\", "/")).stem
    return "".join(char for char in stem if char.isprintable()).strip()[:MAX_NAME]


class Picture(LibraryFile):
    """A picture, kept in up to three widths and as a crop for shared links. The upload itself is not kept."""

    title = models.CharField(
        _("name in the library"),
        max_length=100,
        blank=True,
        help_text=_("Only organisers see it. Leave it blank to use the name of the file."),
    )
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_(
            "What the picture tells, in a sentence, for people who can’t see it: “Forty people with banners outside "
            "the embassy”. Don’t begin with “picture of”."
        ),
    )
    is_decoration = models.BooleanField(
        _("decoration only"),
        default=False,
        help_text=_("Tick this only if a visitor who can’t see the picture misses nothing."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=150,
        blank=True,
        help_text=_("Who made the picture, as they want to be named. Leave it blank if it could put them in danger."),
    )
    focus_x = models.PositiveSmallIntegerField(
        _("main point, from left to right"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Move the slider with the mouse or the arrow keys. Where the picture is cut, this part stays."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("main point, from top to bottom"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Faces are usually near the top."),
    )
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)

    class Meta(LibraryFile.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions: ClassVar = [("withdraw_file", _("Can withdraw pictures and documents, and approve withdrawals"))]
        constraints: ClassVar = [
            *LibraryFile.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(focus_x__lte=100, focus_y__lte=100), name="focal_point_inside_the_picture"
            ),
            models.CheckConstraint(
                condition=models.Q(width__range=(1, WIDTHS[-1]), height__range=(1, MAX_HEIGHT)),
                name="size_of_a_picture",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.alternative_text or str(_("picture"))

    def clean(self) -> None:
        """Raise ValidationError if the picture has no alternative text and is not decoration."""
        if not (self.alternative_text.strip() or self.is_decoration):
            raise ValidationError({"alternative_text": NEEDS_TEXT})

    def store(self, image: Image.Image) -> None:
        """Store a clean picture in its widths and as a crop for shared links, before the row is saved."""
        self.width, self.height = image.size
        for name, content in renditions(image):
            default_storage.save(self.path_of(name), ContentFile(content))
        self._store_share_crop(image)

    def crop_again(self) -> None:
        """Store a crop for shared links around a focal point that has changed. Old crops stay for old links."""
        if not default_storage.exists(self.path_of(self.share_name)):
            with default_storage.open(self.path_of(f"{self.width}.webp")) as file:
                self._store_share_crop(Image.open(file, formats=["WEBP"]).convert("RGBA"))

    def _store_share_crop(self, image: Image.Image) -> None:
        crop = share_crop(image, (self.focus_x / 100, self.focus_y / 100))
        default_storage.save(self.path_of(self.share_name), ContentFile(crop))

    def has(self, name: str) -> bool:
        """Return whether a file of this name could belong to the picture."""
        return PICTURE_NAME.fullmatch(name) is not None

    def media_type_of(self, name: str) -> str:
        """Return the media type of one of the picture's files."""
        return "image/webp" if name.endswith(".webp") else "image/jpeg"

    @property
    def share_name(self) -> str:
        """Return the name of the crop for shared links, which changes with the focal point."""
        return SHARE_NAME.format(x=self.focus_x, y=self.focus_y)

    @property
    def share_url(self) -> str:
        """Return the address of the SHARE_SIZE crop for shared links."""
        return self.url(self.share_name)

    @property
    def src(self) -> str:
        """Return the address of the picture in a medium width."""
        return self.url(f"{widths(self.width)[:2][-1]}.webp")

    @property
    def thumbnail(self) -> str:
        """Return the address of the picture in its smallest width."""
        return self.url(f"{widths(self.width)[0]}.webp")

    @property
    def srcset(self) -> str:
        """Return the addresses and widths for the attribute `srcset`, without the widest file, which is too heavy."""
        return ", ".join(f"{self.url(f'{width}.webp')} {width}w" for width in widths(self.width)[:2])

    @property
    def alt(self) -> str:
        """Return the text for the attribute `alt`, which is empty for decoration."""
        return "" if self.is_decoration else self.alternative_text

    @property
    def focus_classes(self) -> str:
        """Return the classes of hub.css that keep the focal point in view, to the nearest quarter."""
        return f"focus-x{round(self.focus_x / 25)} focus-y{round(self.focus_y / 25)}"


class Document(LibraryFile):
    """A document that visitors can download, stored as it was uploaded."""

    title = models.CharField(
        _("title"),
        max_length=100,
        help_text=_("Visitors see it as a link, with the kind and the size of the file after it."),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False, help_text=_("In bytes."))
    file_name = models.CharField(_("name of the file"), max_length=MAX_NAME + 5, editable=False)

    class Meta(LibraryFile.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints: ClassVar = [
            *LibraryFile.Meta.constraints,
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="kind_of_a_document"),
        ]

    def __str__(self) -> str:
        return self.title

    def store(self, upload: File, kind: Kind) -> None:
        """Store a document that has been recognised, before the row is saved."""
        stem = slugify(readable_name(upload.name or ""), allow_unicode=True)[:MAX_NAME].strip("-")
        self.kind, self.size, self.file_name = kind, upload.size, f"{stem or 'document'}.{kind}"
        upload.seek(0)
        default_storage.save(self.path_of(self.file_name), upload)

    def sha256(self) -> str:
        """Return the SHA-256 hash of the file in hexadecimal digits. Storage errors are passed on."""
        hashed = sha256()
        with default_storage.open(self.path_of(self.file_name)) as file:
            for chunk in file.chunks():
                hashed.update(chunk)
        return hashed.hexdigest()

    def has(self, name: str) -> bool:
        """Return whether this is the document's file name."""
        return name == self.file_name

    def path_of(self, name: str) -> str:
        """Return the path of the file in the storage, without its name: some storages don't support every script."""
        return f"{self.key}/document"

    def media_type_of(self, name: str) -> str:
        """Return the media type of the file."""
        return MIME[Kind(self.kind)]

    @property
    def download_url(self) -> str:
        """Return the address from which visitors download the document."""
        return self.url(self.file_name)

    @property
    def kind_and_size(self) -> str:
        """Return the kind and size of the file, such as "PDF, 1.2 MB"."""
        return f"{self.kind.upper()}, {filesizeformat(self.size)}"


def first_shown(*pictures: Picture | None) -> Picture | None:
    """Return the first picture that visitors may see, or None."""
    return next((picture for picture in pictures if picture and not picture.is_hidden), None)


def library_file(key: str) -> Picture | Document | None:
    """Return the picture or document with this key, or None."""
    return Picture.objects.filter(key=key).first() or Document.objects.filter(key=key).first()
