"""Documents as ODT (OpenDocument 1.3, ISO/IEC 26300), using only the standard library.

The same document gives the same bytes. Text is escaped, so nothing in it is run.
"""

import re
from xml.sax.saxutils import escape, quoteattr

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import LEVELS, List, gather
from campaign.documents.package import HEAD, archive, language_tag, region

MIME = "application/vnd.oasis.opendocument.text"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = (
    f'xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0" '
    f'xmlns:fo="{OASIS}:xsl-fo-compatible:1.0" xmlns:svg="{OASIS}:svg-compatible:1.0" xmlns:meta="{OASIS}:meta:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
FONT = "Arial"
HEADING_SIZES = {1: 18, 2: 14, 3: 12}
STYLES = {(False, False): "", (True, False): "Bold", (False, True): "Italic", (True, True): "Bold_20_Italic"}
# OpenDocument 1.3, part 3, 6.1.2: runs of spaces collapse, and tabs and line ends count as spaces, unless they are
# elements.
SPACES = re.compile(r"(?<= ) +|^ +|\t")


def write(document: Document) -> bytes:
    """Return the document as the bytes of an .odt file."""
    document = marked(document)
    parts = {
        "META-INF/manifest.xml": _manifest(),
        "content.xml": _content(document),
        "meta.xml": _meta(document),
        "styles.xml": _styles(document),
    }
    return archive(parts, first=("mimetype", MIME))


def _content(document: Document) -> str:
    body = "".join(map(_node, gather(document.blocks)))
    return (
        f"{HEAD}<office:document-content {NAMESPACES}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )


def _node(node: Block | List) -> str:
    if isinstance(node, List):
        return _list(node)
    if node.kind.startswith("heading"):
        level = node.kind[-1]
        return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{_runs(node)}</text:h>'
    style = "Quotations" if node.kind == "quote" else "Standard"
    return f'<text:p text:style-name="{style}">{_runs(node)}</text:p>'


def _list(node: List) -> str:
    items = "".join(
        f'<text:list-item><text:p text:style-name="List_20_Contents">{_runs(item.block)}</text:p>'
        f"{''.join(map(_list, item.lists))}</text:list-item>"
        for item in node.items
    )
    return f'<text:list text:style-name="{"Numbers" if node.numbered else "Bullets"}">{items}</text:list>'


def _runs(block: Block) -> str:
    return "".join(_run(run) for run in block.runs)


def _run(run: Run) -> str:
    lines = re.split(r"\r\n|\r|\n", run.text)
    text = "<text:line-break/>".join(SPACES.sub(_space, escape(printable(line))) for line in lines)
    style = STYLES[run.bold, run.italic]
    text = f'<text:span text:style-name="{style}">{text}</text:span>' if style else text
    if run.href:
        return f'<text:a xlink:type="simple" xlink:href={quoteattr(printable(run.href))}>{text}</text:a>'
    return text


def _space(match: re.Match[str]) -> str:
    return "<text:tab/>" if match[0] == "\t" else f'<text:s text:c="{len(match[0])}"/>'


def _styles(document: Document) -> str:
    language, country = document.language.partition("-")[0], region(document.language) or "none"
    # "start" would be right, but LibreOffice reads it as "left" in either direction.
    mode, side = ("rl-tb", "right") if document.direction == "rtl" else ("lr-tb", "left")
    locale = "".join(
        f' {prefix}:language{kind}="{language}" {prefix}:country{kind}="{country}"'
        for prefix, kind in (("fo", ""), ("style", "-complex"))
    )
    fonts = f'style:font-name="{FONT}" style:font-name-asian="{FONT}" style:font-name-complex="{FONT}"'
    return (
        f'{HEAD}<office:document-styles {NAMESPACES}><office:font-face-decls><style:font-face style:name="{FONT}" '
        f'svg:font-family="{FONT}" style:font-family-generic="swiss"/></office:font-face-decls><office:styles>'
        f'<style:default-style style:family="paragraph"><style:paragraph-properties style:writing-mode="{mode}"/>'
        f'<style:text-properties {fonts} fo:font-size="11pt" style:font-size-asian="11pt" '
        f'style:font-size-complex="11pt"{locale}/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties '
        f'fo:text-align="{side}" fo:margin-bottom="0.28cm" fo:line-height="115%" style:writing-mode="{mode}"/>'
        "</style:style>"
        f"{_paragraph_styles()}{_text_styles()}{_list_styles(document.direction)}</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        f'fo:margin="2.3cm" style:writing-mode="{mode}"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/>'
        "</office:master-styles></office:document-styles>"
    )


def _paragraph_styles() -> str:
    headings = "".join(
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" '
        f'style:parent-style-name="Standard" style:next-style-name="Standard" style:default-outline-level="{level}">'
        '<style:paragraph-properties fo:margin-top="0.5cm" fo:margin-bottom="0.2cm" fo:keep-with-next="always"/>'
        f"<style:text-properties {_sized(size)} {_BOLD}/></style:style>"
        for level, size in HEADING_SIZES.items()
    )
    return (
        f'{headings}<style:style style:name="List_20_Contents" style:display-name="List Contents" '
        'style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties '
        'fo:margin-bottom="0.14cm"/></style:style><style:style style:name="Quotations" style:family="paragraph" '
        'style:parent-style-name="Standard"><style:paragraph-properties fo:margin-left="1cm" fo:margin-right="1cm"/>'
        f"<style:text-properties {_ITALIC}/></style:style>"
    )


def _text_styles() -> str:
    looks = {"Bold": _BOLD, "Italic": _ITALIC, "Bold_20_Italic": f"{_BOLD} {_ITALIC}"}
    return "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in looks.items()
    )


def _list_styles(direction: str) -> str:
    # LibreOffice mirrors a number's place, but not the direction in which it grows, so it would stick out of the text.
    align = "end" if direction == "rtl" else "start"

    def levels(tag: str, mark: str) -> str:
        return "".join(
            f'<text:{tag} text:level="{level}" {mark}><style:list-level-properties fo:text-align="{align}" '
            'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment '
            f'text:label-followed-by="listtab" fo:text-indent="-0.75cm" fo:margin-left="{level * 0.75}cm"/>'
            f"</style:list-level-properties></text:{tag}>"
            for level in range(1, LEVELS + 1)
        )

    bullets = levels("list-level-style-bullet", 'text:bullet-char="•"')
    numbers = levels("list-level-style-number", 'style:num-format="1" style:num-suffix="."')
    return (
        f'<text:list-style style:name="Bullets">{bullets}</text:list-style>'
        f'<text:list-style style:name="Numbers">{numbers}</text:list-style>'
    )


def _sized(points: int) -> str:
    return " ".join(
        f'{name}="{points}pt"' for name in ("fo:font-size", "style:font-size-asian", "style:font-size-complex")
    )


_BOLD = 'fo:font-weight="bold" style:font-weight-asian="bold" style:font-weight-complex="bold"'
_ITALIC = 'fo:font-style="italic" style:font-style-asian="italic" style:font-style-complex="italic"'


def _meta(document: Document) -> str:
    title, language = escape(printable(document.title)), escape(language_tag(document.language))
    return (
        f"{HEAD}<office:document-meta {NAMESPACES}><office:meta><dc:title>{title}</dc:title>"
        f"<dc:language>{language}</dc:language></office:meta></office:document-meta>"
    )


def _manifest() -> str:
    version = 'manifest:version="1.3"'
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}" {version}/>'
        for path, kind in [("/", MIME), *((f"{name}.xml", "text/xml") for name in ("content", "meta", "styles"))]
    )
    return f'{HEAD}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" {version}>{entries}</manifest:manifest>'
