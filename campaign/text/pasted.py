"""Rewriting word processors' HTML in our few tags without losing its meaning. The editor does more on pasting."""

import re
from html.parser import HTMLParser

import nh3
from django.utils.html import escape

# Tags and attributes whose meaning would otherwise be lost. The sanitiser decides later what to keep.
READ_TAGS = {
    *("p", "br", "ul", "ol", "li", "blockquote", "a", "strong", "em", "b", "i", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
READ = {"a": {"href", "title", "rel"}, "ol": {"start", "type", "data-type"}} | {
    tag: {"style"} for tag in ("b", "strong", "i", "em", "span")
}
MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
HEADINGS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
FOREIGN = re.compile(r"<(?:b|i|span|h[1456])\b|\bstyle\s*=", re.IGNORECASE)
WEIGHT = re.compile(r"font-weight\s*:\s*([a-z]+|\d+)", re.IGNORECASE)
SLANT = re.compile(r"font-style\s*:\s*([a-z]+)", re.IGNORECASE)
BOLD_FROM = 600


def plainly_marked(html: str) -> str:
    """Return the HTML with <strong>, <em>, h2 and h3 in place of other tags and styles with the same meaning.

    Google Docs wraps everything that it copies in <b style="font-weight:normal">, which is not bold, whereas a <span>
    with a style may be.
    """
    if not FOREIGN.search(html):
        return html
    schemes = {"http", "https", "mailto"}
    tidy = nh3.clean(html, tags=READ_TAGS, attributes=READ, link_rel=None, url_schemes=schemes)
    writer = _Writer()
    writer.feed(tidy)
    writer.close()
    return "".join(writer.written)


class _Writer(HTMLParser):
    """A parser that rewrites HTML from nh3, in which every tag is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.closing: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.written.append("<br>")
            return
        values = {name: value or "" for name, value in attributes}
        if tag in MARKS or tag == "span":
            opened = _marks(tag, values.get("style", ""))
            shown = ""
        else:
            opened = [HEADINGS.get(tag, tag)]
            shown = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
        self.written += [f"<{name}{shown}>" for name in opened]
        self.closing.append("".join(f"</{name}>" for name in reversed(opened)))

    def handle_endtag(self, tag: str) -> None:
        if self.closing:
            self.written.append(self.closing.pop())

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data))


def _marks(tag: str, style: str) -> list[str]:
    """Return our tags for text with this tag and style: none for a <b> that isn't bold."""
    weight, slant = WEIGHT.search(style), SLANT.search(style)
    bold = _is_bold(weight[1].lower()) if weight else MARKS.get(tag) == "strong"
    italic = slant[1].lower() in ("italic", "oblique") if slant else MARKS.get(tag) == "em"
    return ["strong"] * bold + ["em"] * italic


def _is_bold(weight: str) -> bool:
    return int(weight) >= BOLD_FROM if weight.isdecimal() else weight in ("bold", "bolder")
