"""QR codes of our addresses."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage


def qr_code(address: str) -> bytes:
    """Return a QR code as SVG, with a white background so that phones can read it on dark pages too.

    Because posters hang in the street, it still works if a quarter is dirty or torn (ISO/IEC 18004, error correction
    level Q).
    """
    picture = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, error_correction=ERROR_CORRECT_Q).save(picture)
    return picture.getvalue()
