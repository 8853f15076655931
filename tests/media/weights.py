"""Pictures that compress badly, and the bytes that a page's pictures weigh."""

from pathlib import PurePath

from django.core.files.storage import default_storage
from lxml import html
from PIL import Image

from campaign.media.library import new_key
from campaign.media.models import Picture

MAX_PAGE_BYTES = 150_000


def busy_picture(size=(960, 640), deviation=90):
    """Return a picture full of detail: coloured noise over coarser noise."""
    channels = [
        Image.blend(
            Image.effect_noise(size, deviation),
            Image.effect_noise((size[0] // 4, size[1] // 4), deviation).resize(size),
            0.5,
        )
        for _ in "RGB"
    ]
    return Image.merge("RGB", channels)


def make_all_busy():
    """Give every picture of the site files with much detail."""
    image = busy_picture()
    for picture in Picture.objects.all():
        picture.key = new_key()
        picture.store(image)
        picture.save()


def bytes_of_pictures(page):
    """Return the bytes of the pictures on a page, each in the heaviest file that a browser may choose."""
    total = 0
    for element in html.fromstring(page).iter("img"):
        candidates = [part.split()[0] for part in element.get("srcset", element.get("src")).split(",")]
        total += max(default_storage.size("/".join(PurePath(link).parts[-2:])) for link in candidates)
    return total
