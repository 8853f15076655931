"""Making uploaded pictures safe and small: each is recognised by content, decoded, and encoded without metadata.

Only the pixels are kept. Location, camera, comments, thumbnails and anything appended to the file are dropped.
Memory is limited before anything is decoded: see MAX_PIXELS.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO

import pi_heif
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

pi_heif.register_heif_opener(thumbnails=False)
pi_heif.options.DECODE_THREADS = 1

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
WIDTHS = (480, 960, 1920)
# For each width: the most bytes and the best WebP quality. A page with its pictures has at most 150 kB, whatever is in
# them: a full page of the list of updates has twelve of the narrowest, and the home page two of the second width. Pages
# only link to the widest.
LIMITS = {480: (11_000, 70), 960: (34_000, 60), 1920: (150_000, 55)}
MIN_QUALITY = 25  # worse looks broken: a smaller picture looks better
MAX_HEIGHT = 2560
SHARE_SIZE = (1200, 630)  # the size to which Facebook, LinkedIn, X and WhatsApp crop
MEGA = 1_000_000
# Each format's limit keeps decoding under 300 MB: the decoders of WebP and HEIF hold several copies of the picture.
MAX_PIXELS = {"JPEG": 40 * MEGA, "PNG": 40 * MEGA, "WEBP": 16 * MEGA, "HEIF": 25 * MEGA}
# A progressive JPEG is held in memory as two-byte coefficients. 4:2:0, which cameras use, has 1.5 per pixel.
MAX_COEFFICIENT_BYTES = 180 * MEGA
STRIP_PIXELS = 2 * MEGA  # converted at a time
ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
SIDEWAYS = {turn for number in (5, 6, 7, 8) for turn in TURNS[number]}
# The exceptions that Pillow's and libheif's parsers raise for damaged files.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
NOT_A_PICTURE = _(
    "This is not a picture that we can use. Choose a JPEG, PNG, WebP or HEIC file. The name doesn’t matter: we look at "
    "what is inside."
)
DAMAGED = _("The picture is damaged or incomplete. Open it on your computer, save it again, and choose the new file.")
MOVING = _(
    "This picture is animated. Moving pictures make some people ill and distract others, so save one frame of it as a "
    "picture, and choose that."
)
TOO_LARGE = _(
    "The picture has too many pixels (%(width)d × %(height)d). Make it smaller: it is never shown wider than "
    "1,920 pixels."
)


def open_picture(file: IO[bytes]) -> Image.Image:
    """Return the picture, not yet decoded. Raises ValidationError with the reason if it can't be used."""
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("The picture has too many pixels. Make it smaller.")) from error
    except UNREADABLE as error:
        raise ValidationError(DAMAGED if begins_like_a_picture(file) else NOT_A_PICTURE) from error
    if image.width * image.height > limit_of(image):
        raise ValidationError(TOO_LARGE, params={"width": image.width, "height": image.height})
    # A JPEG with several pictures is a photograph with a preview or a depth map. Its first picture is the one to show.
    # The other pictures in a HEIC file are the same photograph, or were taken just before or after it.
    if getattr(image, "is_animated", False) and image.format in ("PNG", "WEBP"):
        raise ValidationError(MOVING)
    return image


def begins_like_a_picture(file: IO[bytes]) -> bool:
    """Return whether the file has the first bytes of a format that we accept."""
    file.seek(0)
    head = file.read(12)
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG")) or head[8:] in (b"WEBP", b"heic", b"heix", b"mif1", b"hevc")


def limit_of(image: Image.Image) -> int:
    """Return how many pixels a picture of this format may have."""
    layers = getattr(image, "layer", None)
    if not layers:
        return MAX_PIXELS.get(image.format or "", MAX_PIXELS["JPEG"])
    widest = max(layer[1] for layer in layers) * max(layer[2] for layer in layers)
    per_pixel = 2 * sum(layer[1] * layer[2] for layer in layers) / max(widest, 1)
    return min(MAX_PIXELS["JPEG"], int(MAX_COEFFICIENT_BYTES / max(per_pixel, 1)))


def clean(file: IO[bytes]) -> Image.Image:
    """Return the pixels of an uploaded picture: upright, sRGB, in mode RGB or RGBA, within WIDTHS[-1] × MAX_HEIGHT.

    Raises ValidationError with the reason if the file isn't a picture that we can use.
    """
    image = open_picture(file)
    try:
        turns = turns_of(image)
        profile = image.info.get("icc_profile")
        small = shrink(image)
        if small is not image:
            image.close()  # frees its memory
        # A picture that lies on its side is turned last, once it is small.
        box = (MAX_HEIGHT, WIDTHS[-1]) if SIDEWAYS.intersection(turns) else (WIDTHS[-1], MAX_HEIGHT)
        small.thumbnail(box, Image.Resampling.LANCZOS)
        for turn in turns:
            small = small.transpose(turn)
        return in_srgb(small, profile)
    except UNREADABLE as error:
        raise ValidationError(DAMAGED) from error


def turns_of(image: Image.Image) -> list[Image.Transpose]:
    """Return the turns that make the picture upright, according to its EXIF data, or none if that is unreadable."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1), [])
    except UNREADABLE:
        return []


def shrink(image: Image.Image) -> Image.Image:
    """Return the decoded picture, reduced by a whole number, but no smaller than the size that we keep.

    A JPEG is decoded at that size. Other formats are decoded whole and reduced strip by strip, to save memory.
    """
    short, long = sorted(image.size)
    ratio = max(short / WIDTHS[-1], long / MAX_HEIGHT)
    image.draft(None, (int(image.width / ratio), int(image.height / ratio)))
    image.load()
    factor = max(1, int(ratio * max(image.size) / long))
    rows = max(1, STRIP_PIXELS // image.width // factor) * factor
    first = plain(image.crop((0, 0, image.width, 1)))
    if factor == 1 and first.mode == image.mode:
        return image
    small = Image.new(first.mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        strip = plain(image.crop((0, top, image.width, min(top + rows, image.height))))
        small.paste(strip.reduce(factor), (0, top // factor))
    return small


def plain(image: Image.Image) -> Image.Image:
    """Return the picture with eight bits per channel and no palette."""
    if "transparency" in image.info or image.mode in ("PA", "La", "RGBa"):
        return image.convert("RGBA")
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "I;16N"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("L" if image.mode in ("1", "F") else "RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, in mode RGB or RGBA. A profile that can't be used is ignored."""
    opacity = image.getchannel("A") if "A" in image.getbands() else None
    colours = image.convert({"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode))
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else None
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(colours, own, srgb, outputMode="RGB") if own else None
    except (*UNREADABLE, ImageCms.PyCMSError):
        converted = None
    result = converted or colours.convert("RGB")
    if opacity and opacity.histogram()[255] < opacity.width * opacity.height:
        result.putalpha(opacity)
    return result


def renditions(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    """Yield a file name such as "960.webp" and its contents for each width, widest last. Nothing is enlarged."""
    for width in widths(image.width):
        height = max(1, round(image.height * width / image.width))
        resized = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
        max_bytes, quality = next(limits for widest, limits in LIMITS.items() if width <= widest)
        yield f"{width}.webp", webp(resized, max_bytes, quality)


def webp(image: Image.Image, max_bytes: int, quality: int) -> bytes:
    """Return the picture as a WebP file of at most `max_bytes`, in this quality if possible.

    A picture with much detail loses quality, down to MIN_QUALITY, and then pixels.
    """
    for lower in range(quality, MIN_QUALITY - 1, -5):
        content = encoded(image, "WEBP", quality=lower, method=4)
        if len(content) <= max_bytes:
            return content
    fewer = (max(1, image.width * 9 // 10), max(1, image.height * 9 // 10))
    return webp(image.resize(fewer, Image.Resampling.LANCZOS), max_bytes, MIN_QUALITY)


def widths(widest: int) -> list[int]:
    """Return the widths at which a picture of this width is kept: up to three, in ascending order."""
    return [width for width in WIDTHS if width < widest] + [widest]


def share_crop(image: Image.Image, focus: tuple[float, float]) -> bytes:
    """Return a JPEG of SHARE_SIZE, cut out around the focal point (fractions from the left and the top)."""
    opaque = Image.new("RGB", image.size, "white")
    opaque.paste(image, mask=image if image.mode == "RGBA" else None)
    return encoded(ImageOps.fit(opaque, SHARE_SIZE, Image.Resampling.LANCZOS, centering=focus), "JPEG", quality=85)


def encoded(image: Image.Image, file_format: str, **options: int) -> bytes:
    """Return the picture as a file without metadata."""
    image.info.clear()
    buffer = BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()
