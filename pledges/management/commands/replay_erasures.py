"""After an old backup is restored: erase again who had asked for it since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError, transaction
from tqdm import tqdm

from campaign.mail.models import NeverAgain
from campaign.privacy import erasures
from campaign.privacy.crypto import DecryptionError
from campaign.privacy.erasures import Erasure
from pledges.models import Pledge, Signature

OF_ONE_ROW = (ValueError, DecryptionError, DataError, IntegrityError)


class Command(BaseCommand):
    """Run it before the site is opened again. Safe to run twice; what can't be read or done stops nothing else."""

    help = "Erase again, by the journals of erasures, what a restored backup has brought back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "journals", type=Path, nargs="*", help="all there are, in any order; unset: ERASURE_JOURNAL"
        )

    def handle(self, *, journals: list[Path], **options: Any) -> None:
        if not journals and not settings.ERASURE_JOURNAL:
            raise CommandError("This machine keeps no journal (ERASURE_JOURNAL is empty). Name the files to replay.")
        wanted, problems = read_all(journals or [Path(settings.ERASURE_JOURNAL)])
        done = 0
        for erasure in tqdm(sorted(wanted, key=lambda one: (one.at, one.line())), disable=None):
            try:
                done += replay(erasure)
            except OF_ONE_ROW as error:
                problems.append(f"{erasure.at:%d %B %Y %H:%M:%S}, {erasure.what}: not done ({type(error).__name__}).")
        self.stdout.write(f"Of {len(wanted)} erasures, {done} had to be made again.")
        if problems:
            raise CommandError("\n".join(["All others are made, but:", *problems]))


def read_all(journals: list[Path]) -> tuple[set[Erasure], list[str]]:
    """Return what the journals hold, and what is wrong with them, in words."""
    wanted: set[Erasure] = set()
    problems = []
    for path in journals:
        try:
            found, damaged = erasures.read(path)
        except OSError as error:
            problems.append(f"{path} can't be read: {error.strerror}.")
            continue
        wanted.update(found)
        if damaged:
            problems.append(f"{path}: damaged and left out, line {', '.join(map(str, damaged))}.")
    return wanted, problems


@transaction.atomic
def replay(erasure: Erasure) -> bool:
    """Erase what is there of the one who asked and was there when they asked; return whether there was anything."""
    if erasure.what == "closed":
        return replay_closing(erasure)
    forgotten = erasure.what == "never" and NeverAgain.objects.get_or_create(address_hash=erasure.address_hash)[1]
    found = Signature.objects.brought_back(erasure).select_related("pledge").first()
    if found:
        found.replay(erasure)
    return forgotten or found is not None


def replay_closing(erasure: Erasure) -> bool:
    """Erase the signers of a pledge that had closed by then; return whether any were known."""
    pledge = Pledge.objects.filter(pk=erasure.about, closes_at__lte=erasure.at).first()
    if pledge is None or not pledge.signatures.known().exists():
        return False
    pledge.forget_signers()
    return True
