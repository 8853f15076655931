"""Places where protests are held."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries import countries

# The codes of ISO 3166-2, because each nation of the United Kingdom has its own bank holidays.
NATIONS = {
    "GB-ENG": _("England"),
    "GB-NIR": _("Northern Ireland"),
    "GB-SCT": _("Scotland"),
    "GB-WLS": _("Wales"),
}
ZOOM = 17


def nations_and_countries() -> Iterator[tuple[str, Any]]:
    """Yield the codes and names of the nations of the United Kingdom, then of all other countries."""
    yield from NATIONS.items()
    yield from ((code, name) for code, name in countries if code != "GB")


class Place(models.Model):
    """A place where protests are held. Every change takes effect at once."""

    name = models.CharField(
        _("name"), max_length=150, help_text=_("What people look for when they arrive, such as “Chinese embassy”.")
    )
    address = models.TextField(
        _("address"), max_length=400, help_text=_("Street, town and postcode, one on each line, as visitors see it.")
    )
    country = models.CharField(
        _("nation or country"),
        max_length=6,
        choices=nations_and_countries,
        default="GB-ENG",
        help_text=_("You are warned if a date is a bank holiday there."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
        help_text=_(
            "For the link to the map, such as 51.562912. On openstreetmap.org, choose Share: it is the first number. "
            "If you leave it blank, the map searches for the address."
        ),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
        help_text=_("The second number, such as -0.183215. West of Greenwich, it begins with a minus."),
    )
    step_free = models.CharField(
        _("step-free access"),
        max_length=300,
        blank=True,
        help_text=_("How to get there without steps, such as “Step-free from Golders Green; the pavement is narrow”."),
    )
    toilets = models.CharField(
        _("toilets"), max_length=300, blank=True, help_text=_("Where the nearest ones are, and whether they are free.")
    )
    stations = models.CharField(
        _("nearest stations"),
        max_length=300,
        blank=True,
        help_text=_("Stations and bus stops, such as “Golders Green and Hampstead (Northern line)”."),
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    # When any of them changes, organisers have to confirm the protests there again.
    WHERE: ClassVar[frozenset[str]] = frozenset({"name", "address", "latitude", "longitude"})

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="place_latitude_with_longitude",
                violation_error_message=_("Enter both the latitude and the longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.address.splitlines()[0]}" if self.address else self.name

    @property
    def in_one_line(self) -> str:
        """Return the name and the address, separated by commas."""
        return ", ".join([self.name, *self.address.splitlines()])

    @property
    def map_url(self) -> str:
        """Return the address of a map on openstreetmap.org, which marks the place or searches for its address."""
        if self.latitude is None or self.longitude is None:
            return "https://www.openstreetmap.org/search?" + urlencode({"query": ", ".join(self.address.splitlines())})
        marker = urlencode({"mlat": self.latitude, "mlon": self.longitude})
        return f"https://www.openstreetmap.org/?{marker}#map={ZOOM}/{self.latitude}/{self.longitude}"
