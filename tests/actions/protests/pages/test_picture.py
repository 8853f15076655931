"""The picture that social networks show for a protest."""

import re
from datetime import UTC, date, datetime

import pytest

from actions.protests.models import ProtestChange
from tests.actions.factories import ProtestFactory
from tests.factories import SiteSettingsFactory, make_picture, publish

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def protest(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return ProtestFactory(slug="it")


def address(client):
    """Return the path of the picture given on the page, with its version."""
    return re.search(r'property="og:image" content="[^"]*?(/[^/"]+/it/share\.png\?v=\w{12})"', page(client))[1]


def page(client):
    return " ".join(client.get("/protests/it/").content.decode().split())


def test_a_shared_protest_has_its_own_picture(client, protest):
    picture = client.get(address(client))

    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert "immutable" in picture.headers["Cache-Control"]
    assert client.get("/protests/it/share.png?v=old").headers["Location"] == "/protests/it/share.png"
    assert "immutable" not in client.get("/protests/it/share.png").headers["Cache-Control"]
    assert '<meta property="og:image:alt" content="“Weekly protest”, with the time">' in page(client)


def test_its_address_changes_only_with_what_it_shows(client, protest):
    seen = [address(client)]
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 24), kind="cancelled")
    assert address(client) == seen[0]
    publish(protest, title="Another title")
    seen.append(address(client))
    protest.schedules.update(weekdays=[3])
    seen.append(address(client))

    assert len(set(seen)) == 3


def test_a_cancelled_one_off_is_not_advertised(client, protest):
    day = date(2026, 12, 6)
    protest.schedules.update(repeats="dates", days=[day], first_on=day, last_on=day)
    first = address(client)
    ProtestChange.objects.create(protest=protest, on=day, kind="cancelled")

    assert address(client) != first


def test_a_picture_that_an_organiser_chose_comes_first(client, protest):
    chosen = make_picture()
    publish(protest, share_picture=chosen)

    assert "share.png" not in page(client)
    assert chosen.share_url in page(client)
