"""Links that open the mail program with a message filled in (RFC 6068)."""

from dataclasses import dataclass
from urllib.parse import quote

from campaign.documents.characters import one_line, printable
from campaign.email_addresses.parsing import usable_address

# Mail programs and systems cut off longer URLs, some at 2,000 characters and some sooner.
MAX_LENGTH = 1600


@dataclass(frozen=True)
class Mailto:
    """The URL to link to; `whole` says whether it contains the text, which otherwise has to be pasted."""

    url: str
    whole: bool


def mailto(to: str, subject: str, body: str, limit: int = MAX_LENGTH) -> Mailto:
    """Return a link of fewer than `limit` characters with a subject and text. An unusable address is left out.

    If the link would be too long, the text is left out. A subject that is too long by itself is cut off.
    """
    start = f"mailto:{quote(usable_address(to), safe='@')}?subject="
    title = one_line(subject)
    lines = printable(body).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    url = f"{start}{quote(title, safe='')}&body={quote(lines, safe='')}"
    if len(url) < limit:
        return Mailto(url, True)
    while title and len(start) + len(quote(title, safe="")) >= limit:
        title = title[:-1]
    return Mailto(f"{start}{quote(title, safe='')}", False)
