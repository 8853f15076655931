"""After an old backup is restored: erase again who had asked for it since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from campaign.mail.models import NeverAgain
from campaign.privacy import erasures
from campaign.privacy.erasures import Erasure
from pledges.models import Signature


class Command(BaseCommand):
    """Run it before the site is opened again. Safe to run twice."""

    help = "Erase again, by the journal of erasures, what a restored backup has brought back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("journal", type=Path, nargs="?", default=Path(settings.ERASURE_JOURNAL))

    def handle(self, *, journal: Path, **options: Any) -> str:
        try:
            wanted = list(erasures.read(journal))
        except (OSError, ValueError) as error:
            raise CommandError(f"{journal} can't be read: {error}. Nothing was changed.") from error
        done = sum(replay(erasure) for erasure in tqdm(wanted, disable=None))
        return f"Of {len(wanted)} erasures, {done} had to be made again."


def replay(erasure: Erasure) -> bool:
    """Erase what is there of the one who asked and was there when they asked; return whether there was anything."""
    forgotten = erasure.what == "never" and NeverAgain.objects.get_or_create(address_hash=erasure.address_hash)[1]
    found = Signature.objects.brought_back(erasure).select_related("pledge").first()
    if found:
        found.replay(erasure)
    return forgotten or found is not None
