"""Share cards, which show a link to a page in a message or on a social network."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.media.models import Picture, first_shown


@dataclass(frozen=True)
class ShareCard:
    """The title, text and picture that a shared link shows.

    Without `picture`, the link shows a picture that the site makes, at the path `own_picture`, or else a pattern.
    """

    title: str
    text: str
    picture: Picture | None = None
    own_picture: str = ""


class Shared(models.Model):
    """Content whose organisers can choose the picture and the text of its shared links."""

    share_picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_%(app_label)s_%(class)s_set",
        verbose_name=_("picture of shared links"),
        help_text=_(
            "Shown with the link in messages and on social networks, cut to a wide shape round its main point. If you "
            "leave it blank, they show the first picture of the page, or that of the site settings."
        ),
    )
    share_text = models.CharField(
        _("text of shared links"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("One sentence that makes somebody want to read on. If you leave it blank, it is the summary."),
    )

    title: Any
    summary: Any

    class Meta:
        abstract = True

    def first_picture(self) -> Picture | None:
        """Return the first picture on the object's page that visitors may see, or None."""
        return None

    def share_card(self, site: Any) -> ShareCard:
        """Return the share card of the object. Anything that it lacks comes from `site`, the site's settings."""
        picture = first_shown(self.share_picture) or self.first_picture() or first_shown(site.share_picture)
        return ShareCard(self.title, self.share_text or self.summary or site.description, picture)
