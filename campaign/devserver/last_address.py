"""The address at which `make run` serves this checkout, for commands that print links."""

from campaign.devserver.localkeys import VAR

FILE = VAR / "address"
DEFAULT = "http://localhost:8000"


def remember(url: str) -> None:
    """Save the address of the site that is starting."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(url)


def last_address() -> str:
    """Return the address at which the site is running or last ran, or DEFAULT if it has never been started."""
    url = FILE.read_text() if FILE.exists() else ""
    return url if url.startswith(("http://", "https://")) else DEFAULT
