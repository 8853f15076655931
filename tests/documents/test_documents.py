"""Tests that real programs can open our documents."""

import io
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import docx as reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents import docx, html, text
from campaign.documents.blocks import Block, Document, Run, heading, paragraph

HTML = (
    "<h2>Aims</h2><p>We <strong>act</strong> &amp; <em>ask</em>.</p><ul><li>One</li><li><p>Two</p></li></ul>"
    "<ol><li>First</li></ol><ol><li>Again first</li></ol><blockquote><p>Said.</p></blockquote>"
    '<p>See <a href="https://example.org/?a=1&amp;b=2">the source</a>.</p>'
)


def read(document):
    return reader.Document(io.BytesIO(docx.write(document)))


def test_html_becomes_blocks_in_order():
    blocks = [(block.kind, block.text) for block in html.blocks(HTML)]

    assert blocks == [
        ("heading2", "Aims"),
        ("paragraph", "We act & ask."),
        ("bullet", "One"),
        ("bullet", "Two"),
        ("number", "First"),
        ("number", "Again first"),
        ("quote", "Said."),
        ("paragraph", "See the source."),
    ]


def test_word_reads_headings_lists_styles_and_links():
    document = read(Document("Title", (heading("Title"), *html.blocks(HTML))))

    styles = {p.text: p.style.name for p in document.paragraphs}
    assert styles["Title"] == "Heading 1"
    assert styles["Aims"] == "Heading 2"
    assert styles["One"] == "List Paragraph"
    assert [run.text for p in document.paragraphs for run in p.runs if run.bold] == ["act"]
    targets = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert targets == ["https://example.org/?a=1&b=2"]
    assert document.core_properties.title == "Title"


def test_each_numbered_list_starts_at_one():
    file = zipfile.ZipFile(io.BytesIO(docx.write(Document("T", html.blocks(HTML)))))
    body = file.read("word/document.xml").decode()

    assert 'w:numId w:val="2"' in body
    assert 'w:numId w:val="3"' in body


def test_plain_text_keeps_structure_and_shows_addresses():
    written = text.write(Document("Title", (heading("Title"), *html.blocks(HTML))))

    assert "Title\n=====" in written
    assert "- One" in written
    assert "1. First" in written
    assert "1. Again first" in written
    assert "the source (https://example.org/?a=1&b=2)" in written.replace("\n", " ")


def test_plain_text_has_no_blank_lines_inside_a_list():
    nested = (
        "<p>We ask:</p><ul><li>One<ol><li>First</li><li>Second</li></ol></li><li>Two</li></ul><ol><li>Other</li></ol>"
    )
    materials = (Block((Run("Notice"),), "bullet"), Block((Run("Poster"),), "bullet"))
    written = text.write(Document("T", (*html.blocks(nested), *materials)))

    assert written == "We ask:\n\n- One\n  1. First\n  2. Second\n- Two\n\n1. Other\n\n- Notice\n- Poster\n"


@given(st.text())
def test_any_text_makes_a_file_that_opens_with_that_text(typed):
    document = Document(typed, (paragraph(typed),))

    for part in zipfile.ZipFile(io.BytesIO(docx.write(document))).infolist():
        assert part.file_size
    shown = read(document).paragraphs[0].text
    kept = "".join(c for c in typed if c.isprintable() and c not in "\ufffe\uffff")
    assert "".join(c for c in shown if c.isprintable()) == kept
    text.write(document).encode()


@pytest.mark.parametrize("hostile", ["</w:t><w:p/>", "{{ 7*7 }}", "{% debug %}", "&lt;", "]]>", "=cmd|'/c calc'!A1"])
def test_hostile_text_stays_text(hostile):
    document = Document(hostile, (paragraph(hostile, bold=True),))

    assert [p.text for p in read(document).paragraphs] == [hostile]
    assert hostile in text.write(document)


def test_every_paragraph_of_a_right_to_left_document_is_marked_so():
    document = Document("מכתב", (paragraph("שלום (עולם) 123"),), "he", "rtl")
    body = zipfile.ZipFile(io.BytesIO(docx.write(document))).read("word/document.xml").decode()

    assert body.count("<w:bidi/>") == 2
    assert "<w:rtl/>" in body
    assert read(document).paragraphs[0].text == "שלום (עולם) 123"


def test_the_same_document_makes_the_same_bytes():
    document = Document("T", html.blocks(HTML))

    assert docx.write(document) == docx.write(document)


def test_every_part_is_well_formed():
    file = zipfile.ZipFile(io.BytesIO(docx.write(Document("<&>", html.blocks(HTML)))))

    for name in file.namelist():
        ElementTree.fromstring(file.read(name))  # noqa: S314 - our own file


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path):
    (tmp_path / "plan.docx").write_bytes(docx.write(Document("Title", (heading("Title"), *html.blocks(HTML)))))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "plan.docx"], check=True, timeout=180)  # noqa: S603

    opened = (tmp_path / "plan.txt").read_text(encoding="utf-8-sig")
    for expected in ("Title", "We act & ask.", "Again first", "See the source."):
        assert expected in opened
