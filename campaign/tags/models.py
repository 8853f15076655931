"""Tags: organisers' own words in links, by which signatures are counted."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_SLUG = 50
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
is_tag_slug = RegexValidator(
    rf"\A{SLUG}\Z", _("Use only lower-case letters, digits and hyphens, such as leeds-leaflet.")
)


class Tag(models.Model):
    """A word that organisers add to the links they share, such as "leeds-leaflet". It never stands for a person.

    The link to a page then ends in `?via=leeds-leaflet`. The signatures that it brings are counted together.
    """

    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Where you share the link, such as “Leaflet, Leeds, March”. Never a person or a small group."),
    )
    slug = models.SlugField(
        _("word in the link"),
        max_length=MAX_SLUG,
        unique=True,
        validators=[is_tag_slug],
        help_text=_(
            "Everybody who gets the link sees it, such as leeds-leaflet in “?via=leeds-leaflet”. "
            "It can’t be changed later, because the link may be printed by then."
        ),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
