"""Import the members of a body that people write to."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from actions.letters import mp_importers
from actions.letters.membership import MEMBERS_LICENCE, listed, store, vacant_seats, without_address
from actions.letters.recipients import COMMONS, Body
from campaign.places.importing import ImportCommand, Loaded, counted
from campaign.places.tables import RefusedError


class Command(ImportCommand):
    """An import that is safe to repeat. Members and details that a new list lacks are kept unless --drop is given."""

    help = "Load MPs, or the members of another body, from a CSV file or from saved Members API responses."
    dataset = "mps"
    title = "Members of the House of Commons"
    licence = MEMBERS_LICENCE

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--body", default=COMMONS, help="the body's short name in the admin")
        parser.add_argument("--partial", action="store_true", help="allow a list with many seats missing")
        parser.add_argument("--drop", action="store_true", help="delete members and details missing from the list")

    def load(self, path: Path, **options: Any) -> Loaded:
        body = Body.objects.filter(slug=options["body"]).first()
        if body is None:
            raise RefusedError(f"There is no body called {options['body']}: add it in the admin first.")
        self.dataset = "mps" if body.is_commons else body.slug
        found = mp_importers.read(path)
        if body.is_commons:
            mp_importers.check_seats(found, partial=options["partial"])
        found.members = list(counted(found.members, self.dataset))
        report = store(body, found, drop=options["drop"])
        if body.is_commons:
            report.append(listed("Vacant seats", vacant_seats(body)))
        report.append(listed("Without an e-mail address", without_address(body)))
        return Loaded(len(found.members), report)
