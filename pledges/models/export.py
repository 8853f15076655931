"""Exports of signatures: a second organiser approves them, they are streamed, and downloads are counted."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.db import CHUNK, in_chunks
from campaign.mail.models import SuppressedAddress
from campaign.public_names.models import Hiding
from pledges.models.signatures.queryset import SignatureQuerySet
from pledges.models.signatures.states import COUNTS

OPEN_FOR = timedelta(hours=24)


class Export(models.Model):
    """An organiser's request for a list of signers, with its approval and downloads. The list itself is not stored."""

    class Purpose(models.TextChoices):
        DELIVERY = "delivery", _("to deliver the pledge: names and places, no e-mail addresses")
        UPDATES = "updates", _("to send news: names and e-mail addresses of people who asked for it")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel (XLSX)")

    pledge = models.ForeignKey(
        "pledges.Pledge",
        models.PROTECT,
        related_name="exports",
        verbose_name=_("pledge"),
        help_text=_("The pledge whose signers you need."),
    )
    purpose = models.CharField(
        _("what it is for"),
        max_length=8,
        choices=Purpose,
        help_text=_("Choose what you need the list for. It contains only what that purpose needs."),
    )
    format = models.CharField(
        _("format"),
        max_length=4,
        choices=Format,
        default=Format.CSV,
        help_text=_("Choose Excel if you will open the list in a spreadsheet, and CSV to import it elsewhere."),
    )
    approval = models.OneToOneField(
        ApprovalRequest, models.CASCADE, related_name="+", null=True, editable=False, verbose_name=_("approval")
    )
    downloads = models.PositiveIntegerField(_("downloads"), default=0, editable=False)
    downloaded_at = models.DateTimeField(_("last downloaded"), null=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_purpose_display()}"

    def clean(self) -> None:
        """Refuse a workbook with sealed boxes, which nothing could open. Raises ValidationError."""
        if self.format == self.Format.XLSX and self.pledge_id and self.purpose and self.boxes():
            text = _("Some names are sealed, and can be opened only in a CSV file. Choose CSV.")
            raise ValidationError({"format": text})

    def is_open_to(self, user: User, now: datetime) -> bool:
        """Return whether this organiser may download the export at `now` (aware).

        Only the organiser who requested it may, for a day. While the panic switch is on, nobody may.
        """
        approval = self.approval
        if approval is None or approval.state != approval.State.DONE or approval.ended_at is None:
            return False
        is_in_time = user.pk == approval.asked_by_id and now < approval.ended_at + OPEN_FOR
        return is_in_time and not Hiding.objects.current().exists()

    def record_download(self, now: datetime) -> None:
        """Record one more download at `now` (aware)."""
        Export.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1, downloaded_at=now)

    def signatures(self) -> SignatureQuerySet:
        """Return the signatures in the list: confirmed, with a name we hold and, for news, a wish to receive it."""
        signatures = self.pledge.signatures.filter(COUNTS, visibility__in=["public", "private"])
        return signatures.filter(updates=True) if self.purpose == self.Purpose.UPDATES else signatures

    def rows(self) -> Iterator[Sequence[str | None]]:
        """Yield the header, then a row for each signature as it is read. "Count me only" signatures are never included.

        A list of addresses also leaves out anybody who asked us never to write to them again.
        """
        columns = COLUMNS[self.purpose] + self.boxes()
        yield columns
        texts = [Cast(name, models.CharField()) if name == "wording" else name for name in columns]
        found = in_chunks(self.signatures().order_by().values_list(*texts))
        while rows := list(islice(found, CHUNK)):
            yield from rows if self.purpose == self.Purpose.DELIVERY else without_suppressed(rows)

    def boxes(self) -> tuple[str, ...]:
        """Return the columns with sealed boxes, which the organisers open on their own machine: none, if all are empty.

        Nobody who gets news has a sealed address.
        """
        boxes = ("sealed_name", "sealed_organisation") if self.purpose == self.Purpose.DELIVERY else ("sealed_name",)
        return boxes if self.signatures().exclude(sealed_name=None, sealed_organisation=None).exists() else ()


def without_suppressed(rows: list[tuple[str, ...]]) -> Iterator[Sequence[str]]:
    """Yield the rows, each beginning with a name and an address, leaving out suppressed addresses."""
    suppressed = SuppressedAddress.objects.among({address for _name, address, *_boxes in rows if address})
    for row in rows:
        if row[1] not in suppressed:
            yield row


# What each purpose needs, and no more.
COLUMNS = {
    "delivery": ("name", "organisation", "role", "kind", "town", "outward_code", "area_code", "country", "wording"),
    "updates": ("name", "email"),
}
