"""Looking up the constituency of a postcode."""

import pytest

from campaign.places.lookup import find
from campaign.places.models import Constituency, Sector
from campaign.places.packing import Packer

HAMPSTEAD, HOLBORN, BELFAST = "E14001265", "E14001290", "N05000003"
UNITS = {"UX": (HAMPSTEAD, False), "UY": (HOLBORN, False), "UZ": (HAMPSTEAD, True)}


@pytest.fixture
def sector(constituencies):
    """Create NW3 7, in two constituencies, with one terminated unit and two units in no known constituency."""
    packer = Packer()
    for letters, (code, terminated) in [*UNITS.items(), ("AA", ("", False)), ("AB", ("", True))]:
        packer.add(letters, code, terminated)
    units, areas = packer.packed()
    return Sector.objects.create(name="NW3 7", units=units, areas=areas)


@pytest.mark.parametrize("letters", UNITS)
def test_each_postcode_is_looked_up_in_one_query(sector, letters, django_assert_num_queries):
    code, terminated = UNITS[letters]
    with django_assert_num_queries(1):
        found = find(f"nw37{letters}")

    assert found.postcode == f"NW3 7{letters}"
    assert found.constituency == Constituency(code=code)
    assert found.terminated == terminated


def test_the_constituency_has_its_name_and_nation(sector):
    constituency = find("NW3 7UX").constituency

    assert constituency.name == "Hampstead and Highgate"
    assert constituency.nation == Constituency.Nation.ENGLAND


@pytest.mark.parametrize("postcode", ["NW3 7UW", "NW3 6UX", "BT1 1AA", "NW3 7AA", "NW3 7AB"])
def test_an_unknown_postcode_is_not_replaced_by_a_neighbour(sector, postcode):
    assert find(postcode) is None


@pytest.mark.parametrize("text", ["", "NW3", "NW3 7CC", "nonsense", "NW3 7UX; DROP TABLE"])
def test_an_invalid_postcode_is_refused_without_a_query(text, django_assert_num_queries):
    with pytest.raises(ValueError, match="postcode"):
        find(text)


def test_a_code_that_is_no_longer_listed_is_unknown(sector):
    Constituency.objects.filter(pk=HAMPSTEAD).delete()

    assert find("NW3 7UX") is None
    assert find("NW3 7UY").constituency.pk == HOLBORN
