"""Loading a layout of the hex map."""

from pathlib import Path
from typing import Any

from campaign.places.hexes import files
from campaign.places.hexes.layout import HEXES
from campaign.places.importing import ImportCommand, Loaded
from campaign.places.models import Constituency, HexLayout
from campaign.places.tables import RefusedError


class Command(ImportCommand):
    """A command that is safe to run again: the new layout replaces the old one."""

    help = "Load a layout for the hex map from a HexJSON file, for instance after a boundary change."
    dataset = HEXES
    title = "Hexagons of the constituencies"

    def load(self, path: Path, **options: Any) -> Loaded:
        codes = set(Constituency.objects.values_list("code", flat=True))
        if not codes:
            raise RefusedError("There are no constituencies yet: import them first, with import_constituencies.")
        hexjson = files.read(path, codes)
        HexLayout.objects.update_or_create(pk=self.dataset, defaults={"hexjson": hexjson})
        return Loaded(len(hexjson["hexes"]), [f"{len(hexjson['hexes'])} hexagons."])
