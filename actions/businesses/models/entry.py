"""The entries of the brands' ledger, which nobody can change or delete, and their chain of hashes.

Triggers enforce that, even for a superuser (migration 0013). Others refuse an entry that skips a step, such as a check
by the entry's own author, a notice that no mail server has accepted, or a claim that two organisers haven't approved
(migrations 0015, 0022, 0024 and 0026 to 0028).
"""

from datetime import date, datetime
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.kinds import (
    ABOUT,
    CLAIMS,
    DECIDING,
    NAMES_COMPANY,
    NEEDS_EVIDENCE,
    RECORDED,
    Basis,
    Kind,
    Level,
)
from actions.businesses.models.ledger import EntryQuerySet
from campaign.append_only.sealed import Link, Sealed
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.media.models import Document
from campaign.pages.sources import a_document

EVIDENCE = ("evidence_url", "archive_url", "document", "quotation")
HASH_DIGITS = 64


class Entry(Sealed):
    """One thing that happened between the campaign and a brand, or a step such as another organiser's check of it.

    Organisers are stored in plain columns, not as foreign keys, so deleting an account changes nothing here.
    """

    sealed_time = "recorded_at"
    emptied: ClassVar = {
        **dict.fromkeys(["level", "note", "quotation", "evidence_url", "archive_url", "document_hash"], ""),
        "kind": Kind.REDACTED,
        "document": None,
        "entered_by": None,
        "entered_name": "",
    }

    brand = models.ForeignKey("businesses.Brand", models.PROTECT, related_name="entries", verbose_name=_("brand"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    happened_on = models.DateField(
        _("date"),
        default=timezone.localdate,
        help_text=_("The day on which it happened, not the day on which you record it."),
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    level = models.CharField(
        _("level of commitment"),
        max_length=7,
        choices=Level,
        blank=True,
        help_text=_("“Committed in full” means that the company will do everything you ask by a set date."),
    )
    basis = models.CharField(
        _("how you know"),
        max_length=8,
        choices=Basis,
        default=Basis.SELF_DECLARED,
        help_text=_(
            "“Self-declared” means that the company says so. “Verified by us” means that you have checked for "
            "yourselves that it is true."
        ),
    )
    note = models.CharField(
        _("what happened"),
        max_length=300,
        blank=True,
        help_text=_("One factual sentence, which visitors read. Don’t name people or guess at motives."),
    )
    quotation = models.TextField(
        _("the company’s own words"),
        max_length=2000,
        blank=True,
        help_text=_("Copied exactly. Leave this blank if there are none."),
    )
    evidence_url = HttpsField(
        _("link to the evidence"),
        max_length=500,
        validators=[HTTPS_ONLY, a_document],
        blank=True,
        help_text=_("The address of the page or document that proves it, starting with https://."),
    )
    archive_url = HttpsField(
        _("link to an archived copy"),
        max_length=500,
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("Such as a copy at web.archive.org. It stays the same if the company changes its page."),
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger_entries",
        verbose_name=_("file"),
        help_text=_("A letter or a screenshot as a PDF. Visitors can download it, so black out people’s names first."),
    )
    document_hash = models.CharField(_("SHA-256 of the file"), max_length=HASH_DIGITS, blank=True, editable=False)
    entered_by = models.IntegerField(_("organiser’s key"), null=True)
    entered_name = models.CharField(_("entered by"), max_length=150, blank=True)
    about = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, blank=True, related_name="steps", verbose_name=_("about")
    )
    corrects = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    until = models.DateField(_("last day"), null=True, blank=True)
    request = models.BigIntegerField(_("approval number"), null=True)
    notice = models.UUIDField(_("notice number"), null=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    is_example = models.BooleanField(_("example"), default=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()
    deadline: date | None  # set by `deciding`, as are the next two
    window_ended: bool
    evidence_waits: bool
    corrected_at: datetime | None  # set by `timeline`, as is the next
    correction_id: int | None

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("brands’ ledger")
        ordering = ["-recorded_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("record_entry", _("Can add entries to the brands’ ledger, and correct them")),
            ("check_entry", _("Can check other organisers’ entries in the brands’ ledger")),
            ("decide_entry", _("Can request and approve deadlines, the publication of claims, and redactions")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.COMMITMENT, level__in=Level.values) | ~Q(kind=Kind.COMMITMENT) & Q(level=""),
                name="commitment_has_a_level",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=CLAIMS) | ~Q(evidence_url="") | Q(document__isnull=False),
                name="claim_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=NEEDS_EVIDENCE)
                | ~Q(evidence_url="")
                | ~Q(archive_url="")
                | ~Q(quotation="")
                | Q(document__isnull=False),
                name="evidence_of_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=ABOUT) | Q(about__isnull=False), name="step_is_about_an_entry"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.NOTICE, Kind.DEADLINE]) | Q(until__isnull=False), name="step_has_a_last_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.RETRACTION) | Q(corrects__isnull=False), name="retraction_names_an_entry"
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "-recorded_at", "-id"], name="ledger_of_a_brand"),
            models.Index(fields=["-recorded_at", "-id"], name="ledger_newest"),
            models.Index(
                fields=["brand", "-happened_on", "-recorded_at", "-id"],
                condition=Q(kind__in=DECIDING),
                name="ledger_deciding",
            ),
            models.Index(
                fields=["brand", "-recorded_at", "-id"], condition=Q(kind=Kind.LISTING), name="ledger_listings"
            ),
            models.Index(fields=["about", "kind", "recorded_at"], name="ledger_steps"),
            models.Index(fields=["about", "recorded_at"], condition=Q(kind=Kind.CHECK), name="ledger_checks"),
            models.Index(fields=["recorded_at"], condition=Q(kind__in=CLAIMS), name="ledger_claims"),
            models.Index(fields=["until"], condition=Q(kind=Kind.DEADLINE), name="ledger_deadlines"),
            models.Index(fields=["redacted_at"], condition=Q(redacted_at__isnull=False), name="ledger_redactions"),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.get_kind_display()}"

    @property
    def audit_title(self) -> str:
        """Return the brand's name for the audit log."""
        return self.brand.title

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Seal and add the entry. Raises TypeError if it has been added before.

        A claim, a notice or a deadline fixes the brand's name, so it also calls off any scheduled change of that name.
        """
        if not self._state.adding:
            raise TypeError("The ledger is append-only: add a correction instead.")
        if self.kind in NAMES_COMPANY:
            self.brand.call_off_renames()
        self.is_example = self.brand.is_example
        if self.document and not self.document_hash:
            self.document_hash = self.document.sha256()
        self.seal()
        super().save(**kwargs)

    def sealed_content(self) -> list[Any]:
        return [
            *(self.brand_id, self.kind, self.happened_on.isoformat(), self.level, self.basis),
            *(self.note, self.quotation, self.evidence_url, self.archive_url, self.document_id, self.document_hash),
            *(self.entered_by, self.entered_name, self.about_id, self.corrects_id),
            *(self.until and self.until.isoformat(), self.request, self.notice and str(self.notice)),
            *(self.details, self.is_example),
        ]

    @property
    def in_words(self) -> str:
        """Return what the entry records in a few words, such as "Committed in part (self-declared)"."""
        return f"{self.what} ({self.get_basis_display().lower()})" if self.shown_basis else self.what

    @property
    def what(self) -> str:
        """Return what the entry records in a few words, without how we know it, such as "Committed in part"."""
        return str(self.get_level_display() if self.level else capfirst(self.get_kind_display()))

    @property
    def shown_basis(self) -> str:
        """Return how we know it, "self" or "verified", or "" for kinds of entry without such a mark."""
        return self.basis if self.kind in DECIDING else ""

    @property
    def is_claim(self) -> bool:
        """Return whether this is a claim against the company."""
        return self.kind in CLAIMS

    @property
    def is_recorded(self) -> bool:
        """Return whether organisers record this kind of entry, so that another organiser has to check it."""
        return self.kind in RECORDED

    @property
    def has_evidence(self) -> bool:
        """Return whether the entry has any evidence."""
        return any(getattr(self, name) for name in EVIDENCE)

    @property
    def is_verified(self) -> bool:
        """Return whether we have verified what the entry says, rather than the company having declared it."""
        return self.basis == Basis.VERIFIED


class EntryLink(Link):
    """One link in the chain of the brands' ledger."""


def twelve_months_after(day: date) -> date:
    """Return the same day a year later, or 28 February for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
