"""Constituencies, postcodes, and the sources of our data about them."""

from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

# One query instead of two with the ORM: 0.4 ms instead of 0.9. A code begins with its only letter, so a search can't
# find one across two others. The packed units say which row is the right one.
AROUND = """SELECT constituency.*, sector.areas, sector.units
FROM places_sector sector LEFT JOIN places_constituency constituency ON position(constituency.code IN sector.areas) > 0
WHERE sector.name = %s
"""


class Edition(models.Model):
    """The source of one data set. Loading the set again replaces it."""

    dataset = models.SlugField(_("data set"), primary_key=True, max_length=30)
    title = models.CharField(_("title"), max_length=200)
    edition = models.CharField(_("edition"), max_length=100, blank=True)
    licence = models.TextField(_("licence"), blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    loaded_at = models.DateTimeField(_("loaded"), auto_now=True)

    class Meta:
        verbose_name = _("edition of data")
        verbose_name_plural = _("editions of data")
        ordering = ["dataset"]

    def __str__(self) -> str:
        return self.title


class Place(NamedTuple):
    """The parts of a constituency that counts by area need. These load twice as fast as whole model instances."""

    code: str
    name: str
    nation: str
    region: str


class ConstituencyQuerySet(models.QuerySet["Constituency"]):
    """Queries for constituencies."""

    def in_order(self) -> Self:
        """Return constituencies by name, as an index would list them, ignoring case."""
        return self.order_by(Lower("name"))

    def counted(self, counts: models.QuerySet[Any], field: str) -> dict[Place, int]:
        """Return the `field` of each constituency's row in `counts`, or 0. A row has the code in `area_code`."""
        of_area = counts.filter(area_code=models.OuterRef("code")).order_by().values(field)[:1]
        rows = self.values_list(*Place._fields, Coalesce(models.Subquery(of_area), 0))
        return {Place(*place): count for *place, count in rows}

    def around(self, sector: str) -> models.query.RawQuerySet:
        """Return the sector's constituencies, each with its `areas` and `units`, or one without a code."""
        return self.raw(AROUND, [sector])

    def named(self, text: str) -> Self:
        """Return constituencies with exactly this name, English or Welsh, ignoring case."""
        name = text.strip()
        if not name:  # many have no Welsh name
            return self.none()
        return self.filter(models.Q(name__iexact=name) | models.Q(name_cy__iexact=name))


class Constituency(models.Model):
    """An area that elects one member of the House of Commons."""

    class Nation(models.TextChoices):
        ENGLAND = "E", _("England")
        NORTHERN_IRELAND = "N", _("Northern Ireland")
        SCOTLAND = "S", _("Scotland")
        WALES = "W", _("Wales")

    # The nine-character code of the Government Statistical Service, such as E14001063.
    code = models.CharField(_("code"), primary_key=True, max_length=9)
    name = models.CharField(_("name"), max_length=100)
    name_cy = models.CharField(_("name in Welsh"), max_length=100, blank=True)
    nation = models.CharField(_("nation"), max_length=1, choices=Nation)
    region = models.CharField(_("region of England"), max_length=30, blank=True)

    objects = ConstituencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("constituency")
        verbose_name_plural = _("constituencies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class HexLayout(models.Model):
    """An imported layout of the hex map, in HexJSON. Without one, the site uses the software's own."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True)
    hexjson = models.JSONField()

    def __str__(self) -> str:
        return str(self.edition)


class Sector(models.Model):
    """All postcodes that differ only in their last two letters, packed: 1.7 million postcodes take some 5 MB.

    `areas` contains the codes of their constituencies one after the other, and `units` the packed units
    (`campaign.places.packing`). `campaign.places.lookup` finds a postcode in them.
    """

    name = models.CharField(primary_key=True, max_length=6)
    areas = models.TextField()
    units = models.BinaryField()

    def __str__(self) -> str:
        return self.name
