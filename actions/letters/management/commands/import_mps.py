"""Import of the members of a body that people write to."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from actions.letters import mp_importers
from actions.letters.recipients import COMMONS, Body
from campaign.email_addresses.parsing import usable_address
from campaign.places.importing import ImportCommand, Loaded, counted
from campaign.places.models import Constituency
from campaign.places.tables import RefusedError


class Command(ImportCommand):
    """Safe to run again: the new list replaces the old one, except for e-mail addresses entered by hand."""

    help = "Load MPs, or the members of another body, from a CSV file or from saved answers of the Members API."
    dataset = "mps"
    title = "Members of the House of Commons"
    licence = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--body", default=COMMONS, help="the short name of the body, as in the admin")
        parser.add_argument("--partial", action="store_true", help="allow a list with many seats missing")

    def load(self, path: Path, **options: Any) -> Loaded:
        body = Body.objects.filter(slug=options["body"]).first()
        if body is None:
            raise RefusedError(f"There is no body called {options['body']}: add it in the admin first.")
        self.dataset = "mps" if body.is_commons else body.slug
        members = list(counted(mp_importers.read(path), self.dataset))
        by_seat = body.is_commons
        mp_importers.check(members, by_seat=by_seat, partial=options["partial"])
        kept = mp_importers.store(body, members)
        report = [f"{len(members)} members; {kept} e-mail addresses entered by hand were kept."]
        if by_seat:
            vacant = Constituency.objects.exclude(pk__in=[member.area_code for member in members])
            names = ", ".join(vacant.values_list("name", flat=True)[:10]) or "none"
            report.append(f"Vacant seats: {names}.")
        if unusable := [member.name for member in members if member.email and not usable_address(member.email)]:
            report.append(f"{len(unusable)} e-mail addresses were left out as unusable: {', '.join(unusable[:10])}.")
        return Loaded(len(members), report)
