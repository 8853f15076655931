"""Tests that real programs can open letters in every format."""

import email
import email.policy
import io
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import docx as word
import pikepdf
import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odf import teletype
from odf.opendocument import load
from odf.text import H, P

from campaign.documents import eml, html, pdf, text
from campaign.documents.blocks import Block, Document, Run, heading, paragraph
from campaign.documents.download import FORMATS
from campaign.documents.mailto import MAX_LENGTH, mailto

HTML = (
    "<h2>Aims</h2><p>We <strong>act</strong> &amp; <em>ask</em>.</p><ul><li>One</li><li>Two</li></ul>"
    '<ol><li>First</li></ol><ol><li>Again first</li></ol><p>See <a href="https://example.org/?a=1&amp;b=2">it</a>.</p>'
)
HOSTILE = [
    "</text:p><text:p/>",
    "{{ 7*7 }} {% debug %}",
    '#import "x" $x$ *b* <label> @ref `raw` \\u{41} #eval("1")',
    r"{\rtf1 {\field{\*\fldinst INCLUDETEXT x}}}",
    "=cmd|'/c calc'!A1",
    "a\0b\x08c\ud800d",
]
HEBREW = Document("מכתב", (paragraph("שלום (עולם) 123 [א]\nHouse of Commons SW1A 0AA"),), "he", "rtl")
UYGHUR = Document("خەت", (paragraph("ئۇيغۇر (2022) [ئەركىنلىك] ۋ ڭ ۆ ۈ ۇ ھ چ گ پ ژ ې ە"),), "ug", "rtl")


def read_odt(written):
    body = load(io.BytesIO(written)).text
    return [teletype.extractText(part) for part in body.childNodes for part in paragraphs_in(part)]


def paragraphs_in(part):
    if part.qname in (P(stylename=None).qname, H(outlinelevel=1).qname):
        return [part]
    return [node for child in part.childNodes for node in paragraphs_in(child)]


def read_docx(written):
    return [part.text for part in word.Document(io.BytesIO(written)).paragraphs]


def read_pdf(written):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(written)).pages)


def write(kind, document):
    return FORMATS[kind].write(document)


def test_every_office_format_has_the_same_text():
    document = Document("Title", (heading("Title"), *html.blocks(HTML), paragraph("two\nlines  and\tmore")))

    assert read_odt(write("odt", document)) == read_docx(write("docx", document))


def test_odt_begins_with_its_mimetype_uncompressed():
    """See OpenDocument 1.3, part 2, section 3.3."""
    file = zipfile.ZipFile(io.BytesIO(write("odt", HEBREW)))

    first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert file.read("mimetype") == b"application/vnd.oasis.opendocument.text"


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_makes_an_odt_that_opens_with_that_text(typed):
    written = write("odt", Document(typed, (paragraph(typed),)))
    for name in zipfile.ZipFile(io.BytesIO(written)).namelist()[1:]:
        ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(written)).read(name))  # noqa: S314 - our own

    kept = "".join(letter for letter in typed if letter.isprintable() and letter not in "\ufffe\uffff")
    assert "".join(letter for letter in read_odt(written)[0] if letter.isprintable()) == kept


@given(st.text(max_size=300))
@settings(max_examples=40)
def test_any_text_makes_a_pdf(typed):
    assert write("pdf", Document(typed, (paragraph(typed),))).startswith(b"%PDF-")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_every_format(hostile):
    document = Document(hostile, (paragraph(hostile),))
    shown = hostile.replace("\0", "").replace("\x08", "").replace("\ud800", "")

    assert read_odt(write("odt", document)) == [shown]
    assert read_docx(write("docx", document)) == [shown]
    assert "".join(shown.split()) in "".join(read_pdf(write("pdf", document)).split())
    assert "".join(shown.split()) in "".join(write("txt", document).split())


@pytest.mark.parametrize("kind", FORMATS)
def test_a_hundred_kilobytes_are_written_whole(kind):
    typed = " ".join(f"word{number}" for number in range(12_000))
    written = write(kind, Document("Long", (paragraph(typed),)))

    read = {"odt": read_odt, "docx": read_docx, "pdf": read_pdf, "txt": str}[kind](written)
    assert "word11999" in "".join(read)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_document_makes_the_same_bytes(kind):
    assert write(kind, HEBREW) == write(kind, HEBREW)


@pytest.mark.parametrize("document", [HEBREW, UYGHUR], ids=["Hebrew", "Uyghur"])
def test_a_pdf_is_tagged_names_its_language_and_embeds_its_fonts(document):
    """See PDF/UA-1 (ISO 14289-1), clauses 5, 7.1, 7.2 and 7.21.4."""
    opened = pikepdf.open(io.BytesIO(write("pdf", document)))

    assert opened.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in opened.Root
    assert opened.Root.Lang == document.language
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert opened.Root.ViewerPreferences.Direction == "/R2L"
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == document.title
    fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts]
    assert descriptors
    assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


@pytest.mark.parametrize("document", [HEBREW, UYGHUR], ids=["Hebrew", "Uyghur"])
@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_a_right_to_left_letter_is_marked_so(kind, document):
    file = zipfile.ZipFile(io.BytesIO(write(kind, document)))
    everything = "".join(file.read(name).decode() for name in file.namelist())

    assert ('style:writing-mode="rl-tb"' if kind == "odt" else "<w:bidi/>") in everything
    assert f'"{document.language}"' in everything


def test_characters_that_our_fonts_lack_still_make_a_pdf():
    assert write("pdf", Document("信", (paragraph("王小明"),))).startswith(b"%PDF-")


def test_a_pdf_reaches_no_file_and_no_network():
    document = Document("T", (paragraph('#read("/etc/passwd") #include "/etc/passwd" #import "@preview/a:1.0.0"'),))

    assert "root:" not in read_pdf(pdf.write(document))


def test_threads_can_write_at_the_same_time():
    documents = [Document(f"Letter {number}", (paragraph(f"Number {number}"),)) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(pdf.write, documents))

    assert [f"Number {number}" in read_pdf(one) for number, one in enumerate(written)] == [True] * 24


@given(
    st.text(max_size=200),
    st.sampled_from(
        ["", "a@b.example\r\nBcc: c@d.example", ",0@", "a@b.example, c@d.example", '"\x0b"@b.example', "<", "x@["]
    ),
)
def test_no_text_adds_a_header_to_a_draft(title, to):
    draft = email.message_from_bytes(eml.write(Document(title, (paragraph(title),)), to=to))

    expected = {"Subject", "X-Unsent", "Content-Language", "MIME-Version", "Content-Type"}
    assert set(draft.keys()) == expected | {"Content-Transfer-Encoding"}


def test_a_draft_opens_with_subject_address_and_text():
    written = eml.write(Document("Ask\r\nBcc: all@example.org", (paragraph("שלום"),), "he", "rtl"), to="mp@example.org")
    draft = email.message_from_bytes(written, policy=email.policy.default)

    assert draft["Subject"] == "Ask Bcc: all@example.org"
    assert draft["Bcc"] is None
    assert draft["To"] == "mp@example.org"
    assert draft.get_content().strip() == "שלום"


def unflowed(body):
    """Join the lines of format=flowed text as mail programs do (RFC 3676, 4.1, DelSp=no)."""
    paragraphs, continues = [], False
    for line in body.removesuffix("\r\n").split("\r\n"):
        text = line.removeprefix(" ")
        if continues:
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
        continues = text.endswith(" ")
    return paragraphs


LONG = "Every spring our synagogue reads out the names, and this year the rabbi added those of poets in prison. " * 3


@example(f"{LONG}\n> Quoted by hand\nFrom me\n  indented")
@example(f"{'x' * 200} {LONG}ü – שלום")
@example("0\r\x1f")  # a space at the end of the line, once the control character is gone
@given(st.text(max_size=300))
def test_a_flowed_draft_reads_back_as_one_line_per_paragraph(typed):
    document = Document("Ask", (paragraph(typed), paragraph(LONG)))
    written = eml.write(document)
    draft = email.message_from_bytes(written, policy=email.policy.SMTP)

    assert draft["Content-Type"].params["format"] == "flowed"
    assert draft["Content-Transfer-Encoding"] == "quoted-printable"
    assert written.isascii()
    body = draft.get_payload(decode=True).decode()
    assert all(len(line) <= 78 or " " not in line.strip(" ") for line in body.split("\r\n"))
    assert unflowed(body) == text.write(document).removesuffix("\n").split("\n")


@pytest.mark.parametrize("block", [paragraph(LONG), Block((Run(LONG),), "bullet"), Block((Run(LONG),), "quote")])
def test_plain_text_has_a_line_for_each_paragraph(block):
    assert LONG.strip() in text.write(Document("T", (block,)))


@pytest.mark.parametrize(
    ("to", "written"),
    [("mp@bücher.example\u202c", "mp@xn--bcher-kva.example"), ("a@b。.org", ""), ("a@x Bcc: b@y.org", "")],
)
def test_a_draft_and_a_link_have_a_normalised_address_or_none(to, written):
    draft = email.message_from_bytes(eml.write(Document("Ask", (paragraph("Hello"),)), to=to))

    assert (draft["To"] or "") == written
    assert unquote(urlsplit(mailto(to, "Ask", "Hello").url).path) == written


def test_a_short_letter_fits_in_a_link():
    link = mailto("mp@example.org", "Ask & answer", "Dear MP,\nאין.")

    assert link.whole
    assert parse_qs(urlsplit(link.url).query) == {"subject": ["Ask & answer"], "body": ["Dear MP,\r\nאין."]}
    assert unquote(urlsplit(link.url).path) == "mp@example.org"


@given(st.text(), st.text(), st.text(max_size=200))
@example("mp@example.org", "x" * 2000, "שלום " * 90)
def test_a_link_is_never_longer_than_mail_programs_accept(to, body, subject):
    link = mailto(to, subject, body)

    assert len(link.url) < MAX_LENGTH
    assert link.whole == ("&body=" in link.url)
    assert link.url.isascii()
    assert "\n" not in link.url


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_every_language_in_both_formats(tmp_path):
    """LibreOffice takes seconds to start, so it starts once for all files."""
    languages = {"en": html.blocks(HTML), "he": HEBREW.blocks, "ug": UYGHUR.blocks}
    files = {tmp_path / f"{language}-{kind}.{kind}": language for language in languages for kind in ("odt", "docx")}
    for path, language in files.items():
        document = Document("Title", languages[language], language, "ltr" if language == "en" else "rtl")
        path.write_bytes(write(path.suffix[1:], document))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path]
    subprocess.run([*command, *files], check=True, timeout=180)  # noqa: S603

    for path, language in files.items():
        opened = "".join(path.with_suffix(".txt").read_text(encoding="utf-8-sig").split())
        for block in languages[language]:
            assert "".join(block.text.split()) in opened, path.name
