"""After an old backup has been restored: repeat the erasures that were requested since it was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError
from tqdm import tqdm

from campaign.mailings.models import Mailing
from campaign.privacy import erasures
from campaign.privacy.crypto import DecryptionError
from campaign.privacy.erasures import Erasure
from pledges.erasure_replay import replay

ROW_ERRORS = (ValueError, DecryptionError, DataError, IntegrityError)


class Command(BaseCommand):
    """A command to run before the site reopens. It is safe to run twice, and goes on after an erasure that fails."""

    help = "Repeat the erasures in the journals, after a backup has been restored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "journals", type=Path, nargs="*", help="every journal you have, in any order; default: ERASURE_JOURNAL"
        )

    def handle(self, *, journals: list[Path], **options: Any) -> None:
        if stopped := Mailing.objects.stop_restored():
            self.stdout.write(f"{stopped} mailings were stopped: they may have been sent since the backup was made.")
        if not journals and not settings.ERASURE_JOURNAL:
            raise CommandError("This machine keeps no journal (ERASURE_JOURNAL is empty). Name the files to replay.")
        wanted, problems = read_all(journals or [Path(settings.ERASURE_JOURNAL)])
        done = 0
        for erasure in tqdm(sorted(wanted, key=lambda erasure: (erasure.at, erasure.line())), disable=None):
            try:
                done += replay(erasure)
            except ROW_ERRORS as error:
                problems.append(f"{erasure.at:%d %B %Y %H:%M:%S}, {erasure.what}: not done ({type(error).__name__}).")
        self.stdout.write(f"Of {len(wanted)} erasures, {done} had to be repeated.")
        if problems:
            raise CommandError("\n".join(["All the others are done, but:", *problems]))


def read_all(journals: list[Path]) -> tuple[set[Erasure], list[str]]:
    """Return the erasures in the journals, and a sentence for each problem."""
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
            problems.append(f"{path}: skipped these damaged lines: {', '.join(map(str, damaged))}.")
    return wanted, problems
