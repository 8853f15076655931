"""The sections of the home page, and the partners named in one of them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.media.models import Picture
from campaign.pages.models.site_settings import SiteSettings
from campaign.pages.position import PositionField
from campaign.versions.versioned import Part


class HomeSection(Part):
    """A section of the home page. Organisers choose which sections are shown, and in what order.

    The fields from `words` to `picture` are for the quotation. Other sections ignore them.
    """

    class Kind(models.TextChoices):
        """The kinds of section. Until organisers choose, the sections appear in this order."""

        PLEDGE = "pledge", _("what the pledge asks for")
        UPDATES = "updates", _("the latest updates")
        PROTEST = "next_protest", _("the next protest")
        LETTERS = "letters", _("letters to write")
        APPEALS = "appeals", _("appeals")
        FUNDS = "funds", _("funds to donate to")
        CALL = "call", _("the call to businesses")
        COMMUNITIES = "communities", _("the plan for communities")
        GROWTH = "growth", _("how the count has grown")
        QUOTATION = "quotation", _("a quotation")
        MAP = "map", _("the map of signatures")
        ABOUT = "about", _("about you")
        NAMES = "names", _("the latest to sign")
        PARTNERS = "partners", _("partners")

    whole = "site"
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="sections", default=1)
    kind = models.CharField(
        _("section"),
        max_length=12,
        choices=Kind,
        help_text=_(
            "What the section shows. It is left out while there is nothing to show: if there are no letters, for "
            "instance."
        ),
    )
    heading = models.CharField(
        _("heading"),
        max_length=90,
        blank=True,
        help_text=_(
            "Leave it blank for the usual heading. Letters, the protest, funds, appeals, the call to businesses and "
            "the plan for communities share one heading if they follow one another. A quotation needs no heading."
        ),
    )
    words = models.TextField(
        _("quotation"),
        max_length=600,
        blank=True,
        help_text=_("Only for a quotation: the speaker’s own words, copied exactly, without quotation marks."),
    )
    speaker = models.CharField(
        _("who said it"),
        max_length=150,
        blank=True,
        help_text=_(
            "Only for a quotation: their name, as they agreed to be named. Leave it blank if a name could put them in "
            "danger."
        ),
    )
    about = models.CharField(
        _("about them, or when they said it"),
        max_length=200,
        blank=True,
        help_text=_("Only for a quotation: shown under the name, such as “rabbi in Leeds”."),
    )
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("Only for a quotation: the address where the whole text can be read. You can leave it blank."),
    )
    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("portrait"),
        help_text=_("Only for a quotation: a picture of the speaker, with their permission. You can leave it blank."),
    )
    shown = models.BooleanField(
        _("on the home page"), default=True, help_text=_("Untick this to leave the section out, and keep its place.")
    )
    order = PositionField(whole="site")

    class Meta:
        verbose_name = _("section of the home page")
        verbose_name_plural = _("sections of the home page")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind"],
                name="a_section_of_the_home_page_once",
                violation_error_message=_("The home page has this section already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @classmethod
    def defaults(cls) -> list[Self]:
        """Return an unsaved section of every kind, for a site whose organisers haven't chosen yet."""
        return [cls(kind=kind) for kind in cls.Kind]


class Partner(Part):
    """An organisation that supports the campaign, named on the home page."""

    whole = "site"
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="partners", default=1)
    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("As the organisation writes it. Name only organisations that have agreed."),
    )
    url = HttpsField(
        _("link"),
        max_length=300,
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("The address of their site, which starts with https://. You can leave it blank."),
    )
    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("logo"),
        help_text=_(
            "From the media library, with their permission. Visitors see the name too. You can leave it blank."
        ),
    )
    order = PositionField(whole="site")

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
