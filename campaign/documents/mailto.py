"""Links that open the mail program with a message in it (RFC 6068)."""

from dataclasses import dataclass
from urllib.parse import quote

from campaign.documents.addresses import first_address
from campaign.documents.characters import one_line, printable

# Mail programs and systems cut longer addresses off, some at 2,000 characters and some sooner.
LONGEST = 1600


@dataclass(frozen=True)
class Mailto:
    """The address to link to; `whole` says whether the text is in it, or still has to be pasted."""

    url: str
    whole: bool


def mailto(*, to: str, subject: str, body: str, limit: int = LONGEST) -> Mailto:
    """A link of fewer than `limit` characters to the first address in `to`, with subject and text.

    Where that would be too long the text is left out, and of a subject as long as that its end.
    """
    start = f"mailto:{quote(first_address(to), safe='@')}"
    title = one_line(subject)
    lines = printable(body).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    url = f"{start}?subject={quote(title, safe='')}&body={quote(lines, safe='')}"
    if len(url) < limit:
        return Mailto(url, True)
    room = limit - len(f"{start}?subject=") - 1
    while len(quote(title, safe="")) > room and title:
        title = title[:-1]
    return Mailto(f"{start}?subject={quote(title, safe='')}", False)
