"""Blocks that show pictures from the media library, or offer its documents for download.

A draft may have a block without a picture: the block shows nothing, and organisers can't publish the draft.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.media.models import Document, Picture
from campaign.pages.models.page import Block


class ShowsPicture(Block):
    """A block with one picture."""

    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        verbose_name=_("picture"),
        help_text=_("From the media library. Press + to add another, with the text for people who can’t see it."),
    )
    caption = models.CharField(
        _("caption"),
        max_length=300,
        blank=True,
        help_text=_("A sentence under the picture: who, where, when. You can leave it blank."),
    )

    class Meta(Block.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.caption or str(self.picture or self._meta.verbose_name)


class PictureBlock(ShowsPicture):
    """A block that shows one picture at a chosen width."""

    class Size(models.TextChoices):
        FULL = "full", _("as wide as the text")
        HALF = "half", _("half as wide as the text")

    size = models.CharField(
        _("width"),
        max_length=4,
        choices=Size,
        default=Size.FULL,
        help_text=_("On a phone, every picture is as wide as the text."),
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def sizes(self) -> str:
        """Return the picture's width for the attribute `sizes` of <img>."""
        return "(min-width: 40rem) 21rem, 100vw" if self.size == self.Size.HALF else "(min-width: 46rem) 42rem, 100vw"


class GalleryPicture(ShowsPicture):
    """A picture of a gallery. Neighbouring pictures appear side by side."""

    class Meta:
        verbose_name = _("picture of a gallery")
        verbose_name_plural = _("pictures of a gallery")


class VideoLink(ShowsPicture):
    """A picture that links to a video on another site. Our page loads nothing from that site."""

    title = models.CharField(
        _("title of the video"), max_length=150, help_text=_("What the video is called, as visitors read it.")
    )
    url = HttpsField(
        _("link to the video"),
        max_length=500,
        validators=[HTTPS_ONLY],
        help_text=_("The address of its page on the other site. Visitors leave this site when they follow it."),
    )
    duration = models.CharField(
        _("how long it is"),
        max_length=40,
        blank=True,
        help_text=_("In words, such as “3 minutes”."),
    )

    class Meta:
        verbose_name = _("video as a picture with a link")
        verbose_name_plural = _("videos as pictures with a link")

    def __str__(self) -> str:
        return self.title or super().__str__()

    @property
    def host(self) -> str:
        """Return the name of the other site, such as "vimeo.com"."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


class Download(Block):
    """A document that visitors can download."""

    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        verbose_name=_("document"),
        help_text=_("From the media library. Press + to add another. Visitors see its title, kind and size."),
    )
    text = models.CharField(
        _("text"),
        max_length=300,
        blank=True,
        help_text=_("A sentence under the link that says what is in the document. You can leave it blank."),
    )

    class Meta:
        verbose_name = _("document to download")
        verbose_name_plural = _("documents to download")

    def __str__(self) -> str:
        return str(self.document or self._meta.verbose_name)


def fill(blocks: Iterable[Any]) -> None:
    """Set the pictures and documents of blocks, with one query for each kind. Deleted files become None."""
    for name, model in (("picture", Picture), ("document", Document)):
        holders = [block for block in blocks if getattr(block, f"{name}_id", None)]
        found = model.objects.in_bulk({getattr(block, f"{name}_id") for block in holders}) if holders else {}
        for block in holders:
            setattr(block, name, found.get(getattr(block, f"{name}_id")))
