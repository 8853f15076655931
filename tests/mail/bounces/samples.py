"""Sample bounces of one of our messages, as several mail servers write them."""

from pathlib import Path

from campaign.mail.envelope import message_id

RUTH, EVE = "ruth@example.org", "eve@example.net"
KEY = "0b6f0d3e-7f0e-4d5e-9a55-6a3f1f7f9a10"
FOLDER = Path(__file__).parent / "data"


def sample(name, recipient=RUTH, *, sealed_to=None, key=KEY, identity=None):
    """Return a sample bounce of a message to `recipient`. Its Message-ID is sealed to somebody else if a test asks."""
    text = (FOLDER / f"{name}.eml").read_text().replace("RETURNED", (FOLDER / "returned.txt").read_text())
    identity = identity if identity is not None else message_id(key, sealed_to or recipient)
    return text.replace("RECIPIENT", recipient).replace("MESSAGE-ID", identity).encode()
