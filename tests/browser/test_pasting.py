"""Pasting from each program: the text editor's code for it, run in a real browser."""

import re
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "pasted"
CLEAN = """async samples => {
  const { clean } = await import("/static/editor/paste.js");
  return samples.map(clean);
}"""
KEPT = {
    "word-desktop": (
        "<h2>Our campaign</h2><h2>What we ask</h2>"
        "<p>Write to <strong>your</strong> <em>MP</em>, in London today.[1]</p>"
        "<ul><li><p>Be brief</p><ul><li><p>One page</p></li></ul></li><li><p>Be polite</p></li></ul>"
        '<ol><li><p><a href="https://www.example.org/act">Act</a></p></li><li><p>Tell us</p></li></ol>'
        "<p><strong>Month</strong> – <strong>Letters</strong></p><p>May – 12</p>"
        "<p>Check this soon</p><p>[1] A note.</p>",
        {"picture": 1, "table": 1, "colour": 1, "underline": 1, "anchor": 2},
    ),
    "word-online": (
        "<h2>Why now</h2><p><strong>Because</strong> it matters</p>"
        "<ul><li><p>First</p><ul><li><p>Within</p></li></ul></li></ul>"
        "<ol><li><p>One</p></li><li><p>Two</p></li></ol>",
        {"colour": 1},
    ),
    "google-docs": (
        "<h2>Our plan</h2><h3>Details</h3><h3>Small details</h3>"
        '<p>Not bold, <strong>bold</strong>, <em>slanted</em> and <a href="https://example.org/a?b=c">a link</a>.</p>'
        "<ul><li><p>Outer</p><ul><li><p>Inner</p></li></ul></li><li><p>Outer again</p></li></ul>"
        "<p>Town – People</p><p>Leeds – 40</p>",
        {"table": 1, "colour": 1, "picture": 1},
    ),
    "libreoffice": (
        "<h2>Minutes</h2><p>Present: <strong>Ruth</strong> and Sam1</p>"
        "<ol><li><p>Money</p><ol><li><p>Bank</p></li></ol></li><li><p>Dates</p></li></ol>"
        '<p><a href="mailto:ruth@example.org">ruth@example.org</a></p><p>1By phone</p>',
        {"colour": 1, "anchor": 2},
    ),
    "apple-pages": (
        "<p><strong>Come along</strong> on Tuesday<br>at six</p>"
        "<ul><li><p>Bring a friend</p></li><li><p>Bring tea</p></li></ul>",
        {},
    ),
    "outlook": (
        '<p>Dear all,</p><p>See <a href="https://example.org/news">the news</a> and my plan.</p>'
        "<ul><li><p>Tea</p></li></ul>",
        {"link": 1},
    ),
    "gmail": (
        "<p>Hello <strong>friends</strong>,</p><p>First line<br>second line</p><p>New paragraph 😀 🎉</p>"
        "<blockquote><p>They <em>said</em> so</p></blockquote><p>press</p>",
        {"other": 1, "link": 1},
    ),
}
# Small pieces of HTML, each with the part that a paste keeps.
PIECES = {
    "": "",
    "plain": "<p>plain</p>",
    "<b>a</b>b<i>c</i>": "<p><strong>a</strong>b<em>c</em></p>",
    "<h4>x</h4>": "<h2>x</h2>",
    "<h2>a</h2><h5>b</h5>": "<h2>a</h2><h3>b</h3>",
    "<h2><b>bold heading</b></h2>": "<h2>bold heading</h2>",
    "<table><tr><td>in a frame<p>two</p></td></tr></table>": "<p>in a frame</p><p>two</p>",
    "<table><tr><td>a<br>b</td><td></td><td><ul><li>c</li></ul></td></tr></table>": "<p>a b – c</p>",
    "<ol><li>a</ol><ol><li>b</ol>": "<ol><li><p>a</p></li></ol><ol><li><p>b</p></li></ol>",
    "<ul><li>a<p>more</p></ul>": "<ul><li><p>a</p><p>more</p></li></ul>",
    "<ul><ul><li>deep</ul></ul>": "<ul><li><p>deep</p></li></ul>",
    '<span style="display:none">hidden</span>seen': "<p>seen</p>",
    '<a href="java&#10;script:x">a</a> <a href="/letters/">b</a>': '<p>a <a href="/letters/">b</a></p>',
    "1 &lt; 2 &amp;amp; <custom-tag>x</custom-tag>": "<p>1 &lt; 2 &amp;amp; x</p>",
    "<p>a</p>\n\n<p>&nbsp;</p><p>b</p>": "<p>a</p><p>b</p>",
    "<svg><path/></svg><math><mi>x</mi></math>y": "<p>xy</p>",
    "<b>" * 400 + "deep": "<p><strong>deep</strong></p>",
}


@pytest.fixture
def cleaned(page):
    """Return a function that cleans HTML, on a page with our content security policy."""
    page.goto("/accounts/login/")
    return lambda samples: page.evaluate(CLEAN, samples)


def test_a_paste_keeps_what_we_can_show_and_lists_what_it_drops(cleaned):
    assert {path.stem for path in SAMPLES.glob("*.html")} == set(KEPT)
    results = cleaned([(SAMPLES / f"{name}.html").read_text() for name in KEPT])
    found = {name: (result["html"], result["dropped"]) for name, result in zip(KEPT, results, strict=True)}
    assert found == KEPT

    assert [result["html"] for result in cleaned(list(PIECES))] == list(PIECES.values())

    again = cleaned([html for html, _dropped in KEPT.values()])
    assert [result["html"] for result in again] == [html for html, _dropped in KEPT.values()]
    assert all(
        re.fullmatch(r"p|h2|h3|ul|ol|li|blockquote|strong|em|a|br", tag)
        for html, _dropped in KEPT.values()
        for tag in re.findall(r"<(\w+)", html)
    )
