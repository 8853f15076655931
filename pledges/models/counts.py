"""The counts that visitors see. Only `pledges.counting.publishing` changes them, in steps."""

from django.db import models


class PublishedCount(models.Model):
    """The published count of one pledge."""

    pledge = models.OneToOneField("pledges.Pledge", models.CASCADE, related_name="published_count", primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.count}"


class AreaCount(models.Model):
    """The published count of one constituency, which moves with the count of the whole pledge."""

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="area_counts")
    area_code = models.CharField(max_length=9)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pledge", "area_code"], name="one_count_per_area")]

    def __str__(self) -> str:
        return f"{self.area_code}: {self.count}"
