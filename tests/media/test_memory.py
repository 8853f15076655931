"""The memory and time needed to clean the largest pictures that the site accepts (`make prove` only)."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from campaign.media.cleaning import MEGA
from tests.checkouts import HERE
from tests.media.uploads import PICTURES, made
from tests.sizes import FULL

pytestmark = pytest.mark.skipif(not FULL, reason="make prove only")
MAX_MEGABYTES = 300
CLEAN = """
import json, resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.exceptions import ValidationError
from campaign.media import cleaning
try:
    with open(sys.argv[1], "rb") as file:
        image = cleaning.clean(file)
    list(cleaning.renditions(image)), cleaning.share_crop(image, (0.5, 0.5))
    refused = ""
except ValidationError as error:
    refused = error.messages[0]
# Not ru_maxrss: after a fork and an exec, that is at least the size of the test's own process.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime
print(json.dumps({"megabytes": peak / 1024, "seconds": seconds, "refused": refused}))
"""


def noise(size, mode="RGB"):
    """Return a picture that compresses badly."""
    tile = Image.frombytes("RGB", (500, 500), os.urandom(750_000)).resize((1000, 1000))
    image = Image.new("RGB", size)
    for left in range(0, size[0], 1000):
        for top in range(0, size[1], 1000):
            image.paste(tile, (left, top))
    return image.convert(mode)


def write(path, case):
    """Write the largest picture of this kind that the site accepts."""
    size = (7300, 5470)
    makers = {
        "jpeg 4:2:0": lambda: noise(size).save(path, "JPEG", quality=60),
        "jpeg progressive 4:2:0": lambda: noise(size).save(path, "JPEG", quality=60, progressive=True),
        "jpeg progressive 4:4:4": lambda: noise((6300, 4700)).save(path, "JPEG", progressive=True, subsampling=0),
        "jpeg progressive CMYK": lambda: noise((5400, 4100), "CMYK").save(path, "JPEG", progressive=True),
        "png rgba": lambda: Image.new("RGBA", size, (10, 200, 30, 90)).save(path, "PNG"),
        "png grey and alpha": lambda: Image.new("LA", size).save(path, "PNG"),
        "png 16 bits": lambda: Image.new("I;16", size).save(path, "PNG"),
        "png palette": lambda: Image.new("P", size).save(path, "PNG"),
        "png 12,000 wide": lambda: Image.new("RGB", (12_000, 3_330)).save(path, "PNG"),
        "png 40,000 wide": lambda: Image.new("RGB", (40_000, 999)).save(path, "PNG"),
        "webp": lambda: noise((3990, 4000)).save(path, "WEBP", quality=50, method=0),
        "webp with transparency": lambda: Image.new("RGBA", (3990, 4000), (9, 9, 9, 9)).save(path, "WEBP", method=0),
    }
    makers[case]()


CASES = [
    "jpeg 4:2:0",
    "jpeg progressive 4:2:0",
    "jpeg progressive 4:4:4",
    "jpeg progressive CMYK",
    "png rgba",
    "png grey and alpha",
    "png 16 bits",
    "png palette",
    "png 12,000 wide",
    "png 40,000 wide",
    "webp",
    "webp with transparency",
]


def measured(path):
    """Clean a file in a separate process; return the megabytes and seconds of processor time used, and any refusal."""
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", CLEAN, path], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("case", CASES)
def test_cleaning_the_largest_pictures_uses_less_than_300_mb(tmp_path, case, record_property):
    path = tmp_path / "picture"
    write(path, case)
    used = measured(path)
    record_property("summary", f"{case}: {used['megabytes']:.0f} MB, {used['seconds']:.1f} s")

    assert not used["refused"]
    assert used["megabytes"] < MAX_MEGABYTES
    assert path.stat().st_size < 100 * MEGA


@pytest.mark.parametrize("upload", PICTURES)
def test_cleaning_any_hostile_upload_uses_less_than_300_mb(tmp_path, upload, record_property):
    path = tmp_path / "picture"
    path.write_bytes(made(PICTURES[upload])[1])
    used = measured(path)
    record_property("summary", f"{upload}: {used['megabytes']:.0f} MB, {used['seconds']:.1f} s")

    assert used["megabytes"] < MAX_MEGABYTES
