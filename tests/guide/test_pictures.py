"""The guide's pictures are those that `make guide` takes; each has a description and matches the current software."""

import os
import re

import pytest
from PIL import Image, ImageChops, ImageDraw

from tests import sizes
from tests.accounts.organisers import sign_in
from tests.checkouts import HERE
from tests.guide import camera
from tests.guide.screens import SCREENS
from tests.guide.site import NOW, Site

GUIDE = HERE / "docs" / "organisers"
FOLDER = GUIDE / "pictures"
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
MAX_BYTES, MAX_BYTES_IN_ALL = 150_000, 1_500_000
MAX_PIXELS, TILE, MAX_DIFFERENCE = 8, 24, 0.06
IS_WRITING = os.environ.get("GUIDE") == "1"


def shown():
    """Return the page, the alternative text and the path of each picture in the guide."""
    return [(page.name, *found) for page in GUIDE.glob("*.md") for found in SHOWN.findall(page.read_text())]


def test_the_guide_shows_the_pictures_that_the_command_takes_and_no_others():
    taken = {f"pictures/{name}.webp" for name in SCREENS}

    assert {address for _page, _text, address in shown()} == taken
    assert {f"pictures/{path.name}" for path in FOLDER.iterdir()} == taken


def test_every_picture_has_a_different_description():
    texts = {address: text for _page, text, address in shown()}

    assert [name for name, text in texts.items() if len(text) < 30 or not text.endswith(".")] == []
    assert len(set(texts.values())) == len(texts)
    assert [
        text for text in texts.values() if re.match("(a )?(picture|screenshot|image) of", text, re.IGNORECASE)
    ] == []


def test_the_pictures_are_small_files():
    kept = {path.name: path.stat().st_size for path in FOLDER.iterdir()}

    assert {name: size for name, size in kept.items() if size > MAX_BYTES} == {}
    assert sum(kept.values()) < MAX_BYTES_IN_ALL


@pytest.fixture
def take(live_server, transactional_db, playwright, chromium_path, client, settings, time_machine, tmp_path):
    """Return a function that takes the picture with a given name; all are taken in one browser on one site."""
    settings.EMAIL_IS_SET_UP, settings.SITE_URL = True, "https://library.example"
    time_machine.move_to(NOW, tick=False)
    site = Site(sign_in(client, username="miriam", first_name="Miriam", last_name="Hart"))
    cookies = {"sessionid": client.cookies["sessionid"].value}
    browser = camera.launch(playwright, chromium_path, tmp_path)

    def photograph(name):
        time_machine.move_to(NOW, tick=True)
        page = camera.open_page(browser, live_server, cookies)
        picture = SCREENS[name](page, site)
        page.context.close()
        return picture

    yield photograph
    browser.close()


def difference(old, new):
    """Return the largest difference between two pictures, from 0 to 1, in any square of `TILE` pixels.

    A changed word alters a square or two by a tenth, but barely alters the mean of all the squares.
    """
    if any(abs(one - other) > MAX_PIXELS for one, other in zip(old.size, new.size, strict=True)):
        return 1.0
    size = tuple(max(1, min(pair) // TILE) for pair in zip(old.size, new.size, strict=True))
    box = (0, 0, size[0] * TILE, size[1] * TILE)
    old, new = (one.crop(box).resize(size, Image.Resampling.BOX) for one in (old, new))
    return max(most for _least, most in ImageChops.difference(old, new).getextrema()) / 255


def test_a_changed_word_is_noticed_but_compression_is_not(tmp_path):
    old, new = (Image.new("RGB", (1000, 600), "white") for _picture in range(2))
    for picture, word in ((old, "Save"), (new, "Save the draft")):
        ImageDraw.Draw(picture).text((40, 40), word, "black", font_size=15)
    camera.save(old, tmp_path / "old.webp")

    assert difference(Image.open(tmp_path / "old.webp").convert("RGB"), old) < MAX_DIFFERENCE
    assert difference(old, new) > MAX_DIFFERENCE
    assert difference(old, Image.new("RGB", (1000, 640), "white")) == 1


@pytest.mark.parametrize("names", sizes.size([list(SCREENS)] if IS_WRITING else [], [list(SCREENS)]))
def test_the_pictures_match_the_current_software(take, names):
    """With GUIDE=1, write the pictures instead of comparing them."""
    if IS_WRITING:
        for name in names:
            camera.save(take(name), FOLDER / f"{name}.webp")
        return
    off = {name: difference(Image.open(FOLDER / f"{name}.webp").convert("RGB"), take(name)) for name in names}
    assert {name: off for name, off in off.items() if off > MAX_DIFFERENCE} == {}
