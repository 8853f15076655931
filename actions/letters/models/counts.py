"""Counts of a letter's downloads, and of people who say that they sent it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.letters.models.letter import Letter
from campaign.small_numbers import MIN_SHOWN


class DownloadCount(models.Model):
    """How often a letter was downloaded in one format on one day; nothing about the visitors is stored."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="downloads", verbose_name=_("letter"))
    kind = models.CharField(_("format"), max_length=5)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("downloads on one day")
        verbose_name_plural = _("downloads by day")
        ordering = ["-day", "letter", "kind"]
        constraints = [models.UniqueConstraint("letter", "kind", "day", name="one_count_a_letter_format_and_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class SentCountQuerySet(models.QuerySet["SentCount"]):
    """Queries for counts of letters that people say they sent."""

    def total(self) -> int:
        """Return the total over all areas."""
        return self.aggregate(total=models.Sum("count"))["total"] or 0

    def shown(self) -> int | None:
        """Return the total that visitors may see, or None if it is below `MIN_SHOWN` and could single people out."""
        total = self.total()
        return total if total >= MIN_SHOWN else None

    def of_area(self, code: str) -> Self:
        """Return the counts of one constituency."""
        return self.filter(area_code=code)

    def due(self) -> Self:
        """Return the counts by area of letters that ten or more people have sent since their counts were published."""
        waiting = self.values("letter").annotate(more=models.Sum("count") - models.Sum("published"))
        return self.filter(letter__in=waiting.filter(more__gte=MIN_SHOWN).values("letter"))

    def publish(self) -> int:
        """Publish the counts by area that are due. Return how many changed.

        If they moved with every letter, people who watch them would see where somebody had just sent one.
        """
        return self.due().exclude(published=models.F("count")).update(published=models.F("count"))


class SentCount(models.Model):
    """How many people pressed “I have sent it”, by letter and area. Nothing else about them is stored."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="sent", verbose_name=_("letter"))
    area_code = models.CharField(_("area"), max_length=9, blank=True)
    count = models.PositiveIntegerField(_("sent"), default=0)
    published = models.PositiveIntegerField(
        _("published"),
        default=0,
        db_default=0,
        help_text=_("The count as visitors see it, by area. It moves once ten more people have sent the letter."),
    )

    objects = SentCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("letters sent")
        verbose_name_plural = _("letters sent")
        constraints = [models.UniqueConstraint("letter", "area_code", name="one_count_a_letter_and_area")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.area_code}"
