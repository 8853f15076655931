"""How the site cleans the HTML that organisers send, whatever their browsers have done to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents import docx, html, text
from campaign.documents.blocks import Document
from campaign.documents.pdf import write as write_pdf
from campaign.pages.models import Text
from campaign.pages.rich_text import excerpt, sanitise

MARKUP = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i style='font-style:normal'>", "<span style=font-weight:700>", "</span>", "<![x]>"]
    )
    | st.sampled_from(
        ["<h1>", "</h4>", "<p>", "<br>", "<a href='x\"y'>", "<script>", "<!--", "&lt;b>", '<ol start="2">']
    )
    | st.text(max_size=3)
).map("".join)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('<b style="font-weight:normal" id="docs-internal-guid-1"><p>a</p></b>', "<p>a</p>"),
        ("<p><b style='font-weight: 400'>a</b><b>b</b></p>", "<p>a<strong>b</strong></p>"),
        ("<p><span style='color:red;font-weight:700'>a</span></p>", "<p><strong>a</strong></p>"),
        ("<p><i>a</i><em style='font-style:normal'>b</em></p>", "<p><em>a</em>b</p>"),
        ("<h1>a</h1><h4>b</h4>", "<h2>a</h2><h3>b</h3>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        (
            '<p><b onclick="x()">1 &lt; 2 &amp;lt; "</b><script>x</script></p>',
            '<p><strong>1 &lt; 2 &amp;lt; "</strong></p>',
        ),
        ('<b>x</b><a href="javascript:x" title="a&quot;b">c</a>', '<strong>x</strong><a title="a&quot;b">c</a>'),
    ],
)
def test_bold_and_headings_mean_the_same_however_they_are_written(sent, kept):
    assert sanitise(sent) == kept
    assert sanitise(kept) == kept


@given(MARKUP)
def test_any_html_is_reduced_to_our_few_tags_and_cleaning_again_changes_nothing(sent):
    kept = sanitise(sent)

    assert sanitise(kept) == kept
    assert "style=" not in kept.replace("&", "") or "style=" in sent
    assert not {"<script", "<b>", "<span", "<h1"} & set(kept.split())


def test_a_line_break_is_kept_in_the_page_and_in_every_document(db):
    blocks = html.blocks("<p>one <strong>two</strong><br>\nthree<br></p><h2>a<br>bcd</h2><ul><li>x<br>y</li></ul>")
    document = Document("T", blocks)

    assert [block.text for block in blocks] == ["one two\nthree", "a\nbcd", "x\ny"]
    assert text.write(document) == "one two\nthree\n\na\nbcd\n---\n\n- x\n  y\n"
    assert docx.write(document).startswith(b"PK")
    assert write_pdf(document).startswith(b"%PDF")
    assert (
        Text(html="<p>one<br>two</p>")._meta.get_field("html").clean("<p>one<br>two</p>", None) == "<p>one<br>two</p>"
    )


def test_white_space_between_words_in_different_styles_is_kept():
    assert html.blocks("<p><strong>a</strong>\n<em>b</em></p>")[0].text == "a b"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<h2>What we heard</h2><p>Two <b>offi</b>cials</p>", "What we heard Two officials"),
        ("<ul><li>One</li><li>two<br>three</li></ul>", "One two three"),
        (f"<p>{'word ' * 11}</p>", f"{'word ' * 10}".strip() + "…"),
    ],
)
def test_an_excerpt_keeps_paragraphs_apart(html, shown):
    assert excerpt(html) == shown
