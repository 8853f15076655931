"""The 650 constituencies, in memory, and hex maps of them."""

import json

from campaign.places.areas import publishable
from campaign.places.hexes.drawing import draw
from campaign.places.hexes.layout import FILE, shipped
from campaign.places.models import Place

HEXJSON = json.loads(FILE.read_text(encoding="utf-8"))


def place(code, name):
    """Return a constituency, in one of two regions if it is in England."""
    region = ("East" if code < "E14001200" else "West") if code.startswith("E") else ""
    return Place(code, name, code[0], region)


PLACES = [place(code, hexagon["n"]) for code, hexagon in HEXJSON["hexes"].items()]
EVERYWHERE = {place: 10 + number for number, place in enumerate(PLACES)}


def drawing(counts):
    """Return the map of the publishable counts."""
    return draw(PLACES, publishable(counts), shipped())
