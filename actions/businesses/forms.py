"""The form for a new ledger entry of any kind."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, Entry, Kind, Level, Notice
from actions.businesses.models.entry import EVIDENCE
from actions.businesses.models.fairness import lowers_commitment
from actions.businesses.models.kinds import CLAIMS, NEEDS_EVIDENCE, NOTE_NEEDS_EVIDENCE
from campaign.media import recognising
from campaign.media.forms import CHOOSE_AGAIN, UploadField, UploadInput
from campaign.media.models import Document

SOURCES = ["evidence_url", "archive_url", "upload"]
# The fields that each kind of entry needs, in the order of the form.
FIELDS: dict[str, list[str]] = {
    Kind.LETTER: ["happened_on", "note", *SOURCES],
    Kind.REMINDER: ["happened_on", "note", *SOURCES],
    Kind.REPLY: ["happened_on", "note", "quotation", *SOURCES],
    Kind.MEETING: ["happened_on", "note", *SOURCES],
    Kind.COMMITMENT: ["happened_on", "level", "basis", "note", "quotation", *SOURCES],
    Kind.KEPT: ["happened_on", "basis", "note", "quotation", *SOURCES],
    Kind.BROKEN: ["happened_on", "basis", "note", "quotation", *SOURCES],
    Kind.DECLINED: ["happened_on", "note", "quotation", *SOURCES],
    Kind.NO_ANSWER: ["happened_on", "note", *SOURCES],
    Kind.NOTICE: ["happened_on", "note", "evidence_url", "upload"],
    Kind.RETRACTION: ["note"],
}
MAX_TITLE = 100
NEED_EVIDENCE = _(
    "Give a link, an archived copy, a file or the company’s own words: visitors must be able to check this."
)
NEED_EVIDENCE_OF_NOTE = _(
    "Give a link, an archived copy or a file: visitors read what you write, and must be able to check it. Or leave "
    "“what happened” blank."
)
LOWER = _(
    "This is lower than the commitment that visitors see now. If the company has broken that one, add “commitment "
    "broken”, so that the company can reply first. If the entry is wrong or no longer true, retract it first."
)
NEED_PROOF = _("Give a link or a file: without it, you could not prove this.")


def field_of(column: Any, **kwargs: Any) -> Any:
    """Return a column's form field. An address typed without a scheme gets https://."""
    return column.formfield(**kwargs | ({"assume_scheme": "https"} if isinstance(column, models.URLField) else {}))


class EntryForm(forms.ModelForm):
    """A form for a new entry, with only the fields that its kind needs. `instance` has the brand and the kind."""

    upload = UploadField(
        label=_("File"),
        required=False,
        help_text=_(
            "A letter or a screenshot as a PDF, up to 20 MB. Visitors can download it, so black out people’s names "
            "first. The site records its SHA-256, which can later show that the file has not changed."
        ),
        widget=UploadInput(",".join(f".{kind}" for kind in recognising.Kind.values)),
    )

    class Meta:
        model = Entry
        formfield_callback = field_of
        fields = ["happened_on", "level", "basis", "note", "quotation", "evidence_url", "archive_url"]
        widgets = {
            "happened_on": AdminDateWidget,
            "note": AdminTextInputWidget,
            "quotation": AdminTextareaWidget,
            "evidence_url": AdminTextInputWidget,
            "archive_url": AdminTextInputWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(FIELDS[self.instance.kind])
        for name in self.fields.keys() - set(FIELDS[self.instance.kind]):
            del self.fields[name]
        if "level" in self.fields:
            self.fields["level"] = forms.ChoiceField(
                label=self.fields["level"].label, choices=Level.choices, help_text=self.fields["level"].help_text
            )
        if self.instance.kind == Kind.RETRACTION:
            self.fields["note"].required = True

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean_upload(self) -> UploadedFile | None:
        """Recognise the kind of file, and keep it for `add`. Raises ValidationError for an unaccepted kind."""
        upload = self.cleaned_data["upload"]
        if upload:
            self.file_kind = recognising.recognise(upload, upload.name)
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for the evidence that this kind of entry needs."""
        values = super().clean() or {}
        has_file = bool(values.get("upload") or self.instance.document_id)
        has_link = bool(values.get("evidence_url") or values.get("archive_url"))
        kind = self.instance.kind
        if kind in (*CLAIMS, Kind.NOTICE) and not (values.get("evidence_url") or has_file):
            self.add_error("evidence_url", NEED_PROOF)
        elif kind in NEEDS_EVIDENCE and not (has_file or any(values.get(name) for name in EVIDENCE)):
            self.add_error("evidence_url", NEED_EVIDENCE)
        elif kind in NOTE_NEEDS_EVIDENCE and values.get("note") and not (has_file or has_link):
            self.add_error("evidence_url", NEED_EVIDENCE_OF_NOTE)
        return values

    def _post_clean(self) -> None:
        """Check the entry as a whole, and ask for the file again if anything else is wrong."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and lowers_commitment(self.instance, timezone.now()):
            self.add_error("level", LOWER)
        if self.errors and self.files and "upload" not in self.errors:
            self.add_error("upload", CHOOSE_AGAIN)

    @transaction.atomic
    def add(self, by: User) -> Entry:
        """Store the file, and add the entry to the ledger as this organiser's; return it."""
        entry, upload = self.instance, self.cleaned_data.get("upload")
        if upload:
            entry.document = self._document(upload)
            entry.document_hash = ""
        entry.entered_by, entry.entered_name = by.pk, by.get_username()
        if entry.kind == Kind.NOTICE:
            promised = max((notice.reply_days for notice in Notice.objects.filter(about=entry.about)), default=0)
            entry.until = entry.brand.last_day_to_reply(entry.recorded_at, _deadline_of(entry.about), promised)
        entry.save(force_insert=True)
        return entry

    def _document(self, upload: UploadedFile) -> Document:
        entry = self.instance
        document = Document(title=f"{entry.brand.title}: {entry.get_kind_display()}"[:MAX_TITLE])
        document.store(upload, self.file_kind)
        document.save()
        return document


def new_entry(brand: Brand, kind: str, about: Entry | None = None) -> Entry:
    """Return an unsaved entry of this kind; a step is about the entry `about`."""
    return Entry(brand=brand, kind=kind, about=about, basis=Entry._meta.get_field("basis").default)


def correction_of(entry: Entry) -> Entry:
    """Return an unsaved correction of an entry, with the same contents."""
    names = ["brand", "kind", "happened_on", "level", "basis", "note", "quotation", "about", *EVIDENCE]
    values = {name: getattr(entry, name) for name in [*names, "document_hash"]}
    return Entry(**values, corrects=entry)


def _deadline_of(entry: Entry | None) -> Any:
    found = entry.steps.filter(kind=Kind.DEADLINE).order_by("-recorded_at", "-pk").first() if entry else None
    return found.until if found else None
