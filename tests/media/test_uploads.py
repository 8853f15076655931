"""Hostile uploads: each becomes a clean picture or a recognised document, or is refused with a reason."""

import io
from pathlib import PurePath

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from campaign.media.cleaning import LIMITS, WIDTHS, clean, renditions, widths
from campaign.media.forms import MAX_BYTES
from campaign.media.models import Document, Picture
from tests.media.conftest import error_of
from tests.media.uploads import (
    DOCUMENTS,
    HEIC,
    HTML,
    PDF,
    PICTURES,
    PLACE,
    REFUSED_DOCUMENTS,
    halves,
    made,
    photograph,
    saved,
)
from tests.media.weights import busy_picture


def stored(row):
    """Return the contents of the row's files, by name."""
    _folders, names = default_storage.listdir(row.key)
    return {name: default_storage.open(f"{row.key}/{name}").read() for name in names}


@pytest.mark.parametrize("upload", PICTURES)
def test_an_upload_is_cleaned_or_refused_with_a_reason(add, upload):
    name, content, reason = made(PICTURES[upload])
    response = add(name, content)

    if reason:
        assert reason in error_of(response)
        assert not Picture.objects.exists()
        assert "Forty people with banners" in response.content.decode()
        return
    assert response.status_code == 302, error_of(response)
    picture = Picture.objects.get()
    for file_name, file in stored(picture).items():
        image = Image.open(io.BytesIO(file), formats=["WEBP", "JPEG"])
        image.load()
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile", "Comment"} & image.info.keys() == set(), file_name
        assert not any(mark in file for mark in (PLACE.encode(), HTML, b"PK\x03\x04"))
    assert picture.title.isprintable()


@pytest.mark.parametrize("upload", DOCUMENTS)
def test_a_document_is_recognised_by_its_contents(add_document, upload):
    name, content, kind = made(DOCUMENTS[upload])
    response = add_document(name, content)

    assert response.status_code == 302, error_of(response)
    document = Document.objects.get()
    assert (document.kind, document.size) == (kind, len(content))
    assert document.file_name.endswith(f".{kind}")
    assert stored(document) == {"document": content}


@pytest.mark.parametrize("upload", REFUSED_DOCUMENTS)
def test_a_hostile_document_is_refused_with_a_reason(add_document, upload):
    name, content, reason = made(REFUSED_DOCUMENTS[upload])
    response = add_document(name, content)

    assert reason in error_of(response)
    assert "Our briefing" in response.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize("number", range(1, 9))
def test_a_photograph_is_turned_upright(number):
    # The side where the blue left half belongs once the picture is upright (EXIF 2.32, 4.6.4).
    side = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[number]
    image = clean(io.BytesIO(photograph(number)))
    width, height = image.size
    middle = {
        "left": (4, height // 2),
        "right": (width - 4, height // 2),
        "top": (width // 2, 4),
        "bottom": (width // 2, height - 4),
    }[side]

    red, _green, blue = image.getpixel(middle)
    assert blue > red
    assert (width, height) == ((64, 48) if number < 5 else (48, 64))


def test_colours_survive_sixteen_bits_transparency_and_heic():
    grey = saved(Image.new("I;16", (8, 8), 128 * 256), "PNG")
    assert clean(io.BytesIO(grey)).getpixel((4, 4)) == (128, 128, 128)

    clear = Image.new("RGBA", (8, 8), (10, 200, 30, 90))
    assert clean(io.BytesIO(saved(clear))).getpixel((4, 4)) == (10, 200, 30, 90)

    assert clean(io.BytesIO(HEIC)).mode == "RGB"


def test_a_large_picture_is_kept_in_three_widths_and_a_small_one_is_not_enlarged(add):
    add("wide.png", saved(halves((2400, 1200))))
    picture = Picture.objects.get()
    files = stored(picture)
    sizes = {name: Image.open(io.BytesIO(files[name])).size for name in files}

    assert sizes == {
        "480.webp": (480, 240),
        "960.webp": (960, 480),
        "1920.webp": (1920, 960),
        "share-50-50.jpg": (1200, 630),
    }
    assert [f" {width}w" in picture.srcset for width in WIDTHS] == [True, True, False]
    picture.delete()

    add("small.png", saved(halves((700, 350))))
    picture = Picture.objects.get()
    assert picture.srcset.endswith("/700.webp 700w")
    assert (picture.width, picture.height) == (700, 350)


@pytest.mark.parametrize("image", [busy_picture((1920, 1280)), busy_picture((480, 2560))], ids=["wide", "tall"])
def test_each_file_of_a_picture_with_much_detail_stays_within_its_limit(image):
    sizes = {int(PurePath(name).stem): len(content) for name, content in renditions(image)}

    assert list(sizes) == widths(image.width)
    assert all(size <= LIMITS[width][0] for width, size in sizes.items()), sizes
    assert all(size > LIMITS[width][0] * 0.6 for width, size in sizes.items()), "more is lost than needed"


def test_a_picture_within_its_limit_loses_no_pixels():
    sizes = [Image.open(io.BytesIO(content)).width for _name, content in renditions(halves((1920, 1280)))]

    assert sizes == [480, 960, 1920]


def test_a_file_over_20_mb_is_refused(add, add_document):
    large = photograph() + b"\0" * MAX_BYTES

    for response in (add("p.jpg", large), add_document("d.pdf", PDF + b"\0" * MAX_BYTES)):
        assert "larger than 20 MB" in error_of(response)
    assert not Picture.objects.exists()


def test_a_picture_requires_alternative_text_unless_it_is_decoration(add):
    response = add("p.jpg", photograph(), alternative_text=" ")
    form = response.context["adminform"].form

    assert "Describe the picture" in form.errors["alternative_text"][0]
    assert "choose it again" in error_of(response)
    assert add("p.jpg", photograph(), alternative_text="", is_decoration="on").status_code == 302
    assert Picture.objects.get().alt == ""
