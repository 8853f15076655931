"""The address of a pledge as a QR code."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage


def svg(address: str) -> bytes:
    """A QR code as SVG, dark on white with its quiet zone; a quarter of it may be torn or dirty (level Q)."""
    picture = BytesIO()
    made = qrcode.make(address, image_factory=SvgPathFillImage, error_correction=ERROR_CORRECT_Q)
    made.save(picture)
    return picture.getvalue()
