"""Nested lists, left-to-right lines in right-to-left letters, and odd documents that must make accessible PDFs."""

import io
import re
import zipfile

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents import docx, html, odt, pdf, text
from campaign.documents.blocks import Block, Document, Run, heading, paragraph
from campaign.documents.direction import MARK, marked, stretches
from campaign.documents.lists import List, gather, placed
from campaign.documents.package import language_tag

NESTED = html.blocks(
    "<ol><li>One<ol><li>Inner</li><li>Inner too</li></ol></li><li>Two<ul><li>Dot</li></ul></li><li>Three</li></ol>"
    "<ol><li>Again</li></ol>"
)


def in_hebrew(*blocks):
    return Document("מכתב", blocks, "he", "rtl")


def part(written, name):
    return zipfile.ZipFile(io.BytesIO(written)).read(name).decode()


def accessible(document):
    """Return whether its PDF says that it is PDF/UA-1."""
    with pikepdf.open(io.BytesIO(pdf.write(document))).open_metadata() as metadata:
        return metadata.get("pdfuaid:part") == "1"


def shown(document):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.write(document))).pages)


def test_a_nested_list_does_not_disturb_the_outer_numbers():
    items = [(item.block.text, item.list_number, item.number) for item in placed(NESTED)]

    inner = [("Inner", 2, 1), ("Inner too", 2, 2)]
    assert items == [("One", 1, 1), *inner, ("Two", 1, 2), ("Dot", 0, 0), ("Three", 1, 3), ("Again", 3, 1)]


def test_every_format_has_the_same_numbers():
    document = Document("T", NESTED)

    assert re.findall(r"(\d)\. (\w+)", text.write(document)) == [
        *[("1", "One"), ("1", "Inner"), ("2", "Inner"), ("2", "Two"), ("3", "Three"), ("1", "Again")]
    ]
    ids = re.findall(r'<w:ilvl w:val="(\d)"/><w:numId w:val="(\d)"/>', part(docx.write(document), "word/document.xml"))
    assert ids == [("0", "2"), ("1", "3"), ("1", "3"), ("0", "2"), ("1", "1"), ("0", "2"), ("0", "4")]
    assert part(odt.write(document), "content.xml").count('<text:list text:style-name="Numbers">') == 3
    assert "3. Three" in shown(document)


@given(st.lists(st.builds(Block, st.just((Run("x"),)), st.sampled_from(["bullet", "number", "paragraph"]))))
def test_gathering_keeps_every_block(blocks):
    assert [item.block for item in placed(blocks)] == blocks


def test_levels_deeper_than_our_styles_use_the_deepest():
    deep = tuple(Block((Run("x"),), "bullet", level) for level in range(80))

    assert len(list(placed(deep))) == 80
    assert isinstance(gather(deep)[0], List)
    assert accessible(Document("T", deep))


@pytest.mark.parametrize("line", ["1 High Street", "+44 20 7219 3000", "London.", "(House)"])
def test_a_line_without_hebrew_keeps_its_own_order_in_a_hebrew_letter(line):
    """Put a mark before the digits to make them run from left to right (Unicode Standard Annex 9, rules P2 and W7)."""
    block = marked(in_hebrew(paragraph(f"שלום\n{line}\nSW1A 0AA"))).blocks[0]

    assert block.text == f"שלום\n{MARK}{line}{MARK}\nSW1A 0AA"


def test_marks_are_placed_correctly_between_styled_runs():
    block = Block((Run("שלום\n1 "), Run("High", bold=True), Run(" St.\nעולם")))

    assert [run.text for run in marked(in_hebrew(block)).blocks[0].runs] == [
        f"שלום\n{MARK}1 ",
        "High",
        f" St.{MARK}\nעולם",
    ]


def test_a_left_to_right_letter_is_unchanged():
    document = Document("T", (paragraph("1 High Street"),))

    assert marked(document) is document


@given(st.text())
def test_stretches_lose_no_text(typed):
    assert "".join(piece for piece, _right in stretches(typed)) == typed


def test_a_docx_marks_which_text_runs_from_right_to_left():
    assert list(stretches("חוק (Slavery Act 2015), סעיף 54")) == [
        *[("חוק (", True), ("Slavery Act 2015", False), ("), סעיף 54", True)]
    ]
    assert list(stretches("ראו the act (UK) כאן")) == [("ראו ", True), ("the act (UK)", False), (" כאן", True)]
    body = part(docx.write(in_hebrew(paragraph("שלום Act"))), "word/document.xml")
    assert '<w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">שלום </w:t>' in body
    assert '<w:rPr></w:rPr><w:t xml:space="preserve">Act</w:t>' in body


def test_a_right_to_left_odt_is_aligned_right():
    """Name the side, since LibreOffice treats "start" as "left"."""
    assert 'fo:text-align="right"' in part(odt.write(in_hebrew(paragraph("שלום"))), "styles.xml")
    assert 'fo:text-align="left"' in part(odt.write(Document("T")), "styles.xml")


@pytest.mark.parametrize(
    ("code", "tag"), [("en-gb", "en-GB"), ("zh-hans", "zh-Hans"), ("es-419", "es-419"), ("ug", "ug"), ("kab", "kab")]
)
def test_every_language_is_named_and_makes_a_pdf(code, tag):
    document = Document("T", (paragraph("x"),), code)

    assert language_tag(code) == tag
    assert accessible(document)
    assert f"<dc:language>{tag}</dc:language>" in part(odt.write(document), "meta.xml")


@pytest.mark.parametrize(
    "blocks",
    [
        [heading("Third first", 3)],
        [heading("First"), heading("Third", 3)],
        [heading("")],
        [Block((Run("far", href="https://example.org/" + "a" * 9000),))],
        [Block((Run("", href="https://example.org/"),))],
        [paragraph("a\x85b\x9fc\ufeffd\u2028e\u202ef")],
        [],
    ],
    ids=["begins low", "leaves one out", "empty", "long link", "empty link", "controls", "nothing"],
)
def test_odd_documents_are_accessible(blocks):
    assert accessible(Document("T", tuple(blocks)))


def test_a_pdf_has_bold_italics_and_tabs_and_breaks_long_words():
    document = Document("T", (paragraph("both", bold=True, italic=True), paragraph("a\tb"), paragraph("x" * 400)))
    opened = pikepdf.open(io.BytesIO(pdf.write(document)))

    assert any(str(font.BaseFont).endswith("BoldItalic") for font in opened.pages[0].Resources.Font.values())
    assert re.search(r"a\s+b", shown(document))
    assert max(len(line) for line in shown(document).splitlines()) < 120
