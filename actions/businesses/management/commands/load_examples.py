"""The command `load_examples`."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.businesses.examples import load_examples


class Command(BaseCommand):
    """Adds the examples once. `make run` calls it in development; a production site never needs it."""

    help = "Add fictional brands, marked as examples. An organiser can remove them all with one button."

    def handle(self, **options: object) -> str:
        return f"Added {load_examples(timezone.now())} example brands."
