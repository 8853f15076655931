"""The parts of a document, whatever its format."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; `href` makes it a link."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or one of its kinds.

    `kind` is "paragraph", "heading1" to "heading3", "bullet", "number" or "quote"; `level` is how deeply a list item is
    nested (0 is outermost); `restart` starts a new numbered list.
    """

    runs: tuple[Run, ...]
    kind: str = "paragraph"
    level: int = 0
    restart: bool = False

    @property
    def text(self) -> str:
        """Return the block's text without styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Document:
    """A title, the blocks under it, and the language they are in; `direction` is "ltr" or "rtl"."""

    title: str
    blocks: tuple[Block, ...] = field(default=())
    language: str = "en-gb"
    direction: str = "ltr"


def paragraph(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """Return a paragraph in one style; line breaks in the text are kept."""
    return Block((Run(text, bold, italic),))


def heading(text: str, level: int = 1) -> Block:
    """Return a heading of level 1 to 3."""
    return Block((Run(text),), f"heading{level}")
