"""The command that puts a new key into use. Before you run it, put the key first in FIELD_KEYS and restart the site."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from campaign.accounts.sign_in.rotation import rotate_second_factors
from campaign.privacy.rotation import Rotation, rotations

PAUSE = 1.0


class Command(BaseCommand):
    """A command that runs while the site is open. If it is stopped at any point, run it again to continue."""

    help = "Re-encrypt with the newest of FIELD_KEYS everything that is encrypted with an older one."

    def handle(self, **options: Any) -> None:
        every = rotations()
        for rotation in every:
            rotate(rotation)
            self.stdout.write(f"{rotation}: {rotation.changed} re-encrypted.")
        damaged = [f"{rotation} of {key}" for rotation in every for key in sorted(rotation.damaged, key=str)]
        damaged += [f"second factor {key}" for key in rotate_second_factors()]
        if damaged:
            raise CommandError("These can't be read with any of FIELD_KEYS: " + ", ".join(damaged))
        if any(rotation.left() for rotation in every):
            raise CommandError(
                "Something was encrypted with an older key meanwhile: restart the site, and run this again."
            )
        self.stdout.write("Nothing needs an older key any more.")


def rotate(rotation: Rotation) -> None:
    """Re-encrypt until only damaged values are left. Wait for rows that another process has locked."""
    with tqdm(desc=str(rotation), total=rotation.left(), disable=None) as bar:
        while rotation.left() > len(rotation.damaged):
            for number in rotation.run():
                bar.update(number)
            if rotation.left() > len(rotation.damaged):
                time.sleep(PAUSE)
