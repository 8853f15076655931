"""Links that open the mail program with a message in it (RFC 6068)."""

from dataclasses import dataclass
from urllib.parse import quote

from campaign.documents.characters import one_line, printable

# Mail programs and systems cut longer addresses off, some at 2,000 characters and some sooner.
LONGEST = 1600


@dataclass(frozen=True)
class Mailto:
    """The address to link to; `whole` says whether the text is in it, or still has to be pasted."""

    url: str
    whole: bool


def mailto(to: str, subject: str, body: str) -> Mailto:
    """A link with subject and text, or with the subject alone where that would be longer than mail programs take."""
    start = f"mailto:{quote(one_line(to), safe='@')}?subject={quote(one_line(subject), safe='')}"
    lines = printable(body).replace("\r\n", "\n").replace("\n", "\r\n")
    url = f"{start}&body={quote(lines, safe='')}"
    return Mailto(url, True) if len(url) < LONGEST else Mailto(start, False)
