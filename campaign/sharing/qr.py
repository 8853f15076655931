"""QR codes of our addresses."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage


def qr_code(address: str) -> bytes:
    """Return an SVG with a white background, so that phones can read it on dark pages too.

    It works with a quarter dirty or torn (ISO/IEC 18004, error correction level Q), since posters hang in the street.
    """
    picture = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, error_correction=ERROR_CORRECT_Q).save(picture)
    return picture.getvalue()
