"""The plan as a document, and one archive with the plan and all its materials."""

import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from actions.communities.models import AnchorDate, Material, Plan, Step
from campaign.documents import docx, html, pdf, text
from campaign.documents.blocks import Block, Document, Run, heading, paragraph
from campaign.documents.package import FIXED_DATE

log = logging.getLogger(__name__)
MAX_BYTES = 100 * 1024**2
MAX_NAME = 60
PIECE = 64 * 1024
KEEP = timedelta(minutes=1)
NAME = "community-plan"


@dataclass(frozen=True)
class File:
    """A file from the media library: its name in the archive, its path in storage, its step, title and credit."""

    name: str
    path: str
    step: str
    title: str
    credit: str = ""


def document(plan: Plan, steps: list[Step], coming: list[AnchorDate]) -> Document:
    """Return the plan as a document: title, summary, introduction, steps with their materials, and calendar."""
    blocks = [heading(plan.title)]
    if plan.summary:
        blocks.append(paragraph(plan.summary, italic=True))
    blocks += html.blocks(plan.details)
    for number, step in enumerate(steps, start=1):
        blocks += _step(number, step)
    if coming:
        blocks.append(heading(_("Days to act on"), 2))
        blocks += [_anchor(anchor) for anchor in coming]
    return Document(plan.title, tuple(blocks), plan.language, plan.direction)


def _step(number: int, step: Step) -> Iterator[Block]:
    yield heading(f"{number}. {step.title}", 2)
    if step.takes:
        yield paragraph(_("Roughly: %(time)s") % {"time": step.takes}, italic=True)
    yield from html.blocks(step.details)
    for material in step.materials_shown:
        if material.talk:
            yield heading(material.title, 3)
            yield from html.blocks(material.talk)
        else:
            yield Block((Run(str(material), href=settings.SITE_URL + material.url),), "bullet")


def _anchor(anchor: AnchorDate) -> Block:
    runs = [Run(anchor.title, bold=True), Run(f"\n{dates_in_words(anchor)}")]
    return Block((*runs, Run(f"\n{anchor.idea}")) if anchor.idea else tuple(runs))


def dates_in_words(anchor: AnchorDate) -> str:
    """Return the dates of an anchor date, such as "22 April 2027 to 29 April 2027, from the evening before"."""
    first, last = (date_format(day, "j F Y") if day else "" for day in (anchor.next_on, anchor.last_on))
    days = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return _("%(days)s, from the evening before") % {"days": days} if anchor.begins_the_evening_before else days


def files(steps: list[Step]) -> list[File]:
    """Return the steps' documents and pictures, each once, with its name in the archive."""
    found: dict[str, File] = {}
    for number, step in enumerate(steps, start=1):
        for material in step.materials_shown:
            entry = _file(f"{number:02}-{len(found) + 1:03}", step, material)
            if entry:
                found.setdefault(entry.path, entry)
    return list(found.values())


def _file(start: str, step: Step, material: Material) -> File | None:
    if material.document:
        name = material.document.file_name
        path = material.document.path_of(name)
        ending = f".{material.document.kind}"
        return File(f"{start}-{_plain(str(material))}{ending}", path, step.title, str(material))
    if material.picture:
        path = material.picture.path_of(f"{material.picture.width}.webp")
        return File(f"{start}-{_plain(str(material))}.webp", path, step.title, str(material), material.picture.credit)
    return None


def _plain(title: str) -> str:
    return slugify(title)[:MAX_NAME].strip("-") or "file"


def tag_of(plan: Plan, steps: list[Step], coming: list[AnchorDate]) -> str:
    """Return an ETag that changes whenever anything in the archive changes."""
    shown = [(anchor.title, anchor.next_on) for anchor in coming]
    kept = repr((plan.pk, plan.version_number, plan.updated_at, shown, files(steps), settings.SITE_URL))
    return f'"{sha256(kept.encode()).hexdigest()[:32]}"'


class KeptArchive:
    """The last archive that this process made, which all requests within a minute share."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[str, datetime, IO[bytes]] | None = None

    def open(self, tag: str, now: datetime, make: Callable[[], IO[bytes]]) -> IO[bytes]:
        """Return the archive with this tag, opened for reading. Make it unless there is one less than a minute old.

        It isn't kept for longer, because a file that was missing from storage may have been restored.
        """
        with self._lock:
            kept = self._kept
            if kept is None or kept[0] != tag or not kept[1] <= now < kept[1] + KEEP:
                kept = self._kept = (tag, now, make())
            return Path(kept[2].name).open("rb")


KEPT = KeptArchive()


def archive(plan: Plan, steps: list[Step], coming: list[AnchorDate]) -> IO[bytes]:
    """Return a ZIP archive of the plan and its materials, in a temporary file that disappears when it is closed.

    The same plan gives the same bytes. Files that would make the archive larger than 100 MB are left out, and so are
    files that are missing from the storage. README.txt lists those that it contains.
    """
    plan_document = document(plan, steps, coming)
    file = NamedTemporaryFile()  # noqa: SIM115 - it is kept, and closed when another is kept in its place
    with zipfile.ZipFile(file, "w") as package:
        for name, content in {"docx": docx.write(plan_document), "pdf": pdf.write(plan_document)}.items():
            package.writestr(zipfile.ZipInfo(f"{NAME}.{name}", FIXED_DATE), content)
        package.writestr(zipfile.ZipInfo(f"{NAME}.txt", FIXED_DATE), text.write(plan_document))
        packed = [entry for entry in files(steps) if _pack(package, entry, file)]
        package.writestr(zipfile.ZipInfo("README.txt", FIXED_DATE), _readme(plan, packed))
    file.flush()
    return file


def _pack(package: zipfile.ZipFile, entry: File, file: IO[bytes]) -> bool:
    """Copy a file from the storage into the archive in pieces; return False if it has to be left out."""
    try:
        if file.tell() + default_storage.size(entry.path) > MAX_BYTES:
            return False
        with (
            default_storage.open(entry.path) as content,
            package.open(zipfile.ZipInfo(entry.name, FIXED_DATE), "w") as packed,
        ):
            while piece := content.read(PIECE):
                packed.write(piece)
    except FileNotFoundError:
        log.error("The storage lacks a file of the plan for communities.")
        return False
    return True


def _readme(plan: Plan, packed: list[File]) -> str:
    """Return the text that lists the archive's contents. Its lines end with CRLF, which every system understands."""
    lines = [plan.title, settings.SITE_URL + plan.get_absolute_url(), ""]
    lines += [_("The plan itself: %(name)s, as a Word document, a PDF and plain text.") % {"name": NAME}, ""]
    for entry in packed:
        lines += [entry.name, f"    {entry.title}", "    " + _("For the step: %(step)s") % {"step": entry.step}]
        lines += ["    " + _("Credit: %(credit)s") % {"credit": entry.credit}] if entry.credit else []
    return "\r\n".join([*lines, ""])
