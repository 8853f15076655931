"""The message of a mailing: HTML and plain text have the same words and links, and nothing is loaded."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.mailings.models import Mailing
from campaign.mailings.rendering import MARKERS, UNSUBSCRIBE_LINK, WHY, as_example, compose
from campaign.mailings.sending.ready_message import Template
from campaign.pages.models import SiteSettings
from campaign.tags.models import Tag
from tests.factories import PledgeFactory
from tests.mailings.drafts import button, card, make_draft, make_site, quotation, text
from tests.sizes import size

pytestmark = pytest.mark.django_db

HOSTILE = f"<script>alert(1)</script> & {{{{ mailing }}}} {{% now %}} {UNSUBSCRIBE_LINK} {WHY}"
WORDS = re.compile(r"[^\W_]+")
URL = re.compile(r"https?://[^\s()<>\"]+|mailto:[^\s()<>\"]+")
VOID = {"meta", "br", "hr", "img"}
LOADED = {"src", "srcset", "background", "poster", "data", "action", "formaction"}


class Reader(HTMLParser):
    """The words and links in some HTML, its unclosed tags, and everything that a program would load."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.loaded, self.hidden = [], [], [], 0
        self.open, self.misplaced = [], []
        self.feed(html)
        self.misplaced += self.open

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.open += [] if tag in VOID else [tag]
        self.misplaced += [name for name, _value in attributes if [one for one, _value in attributes].count(name) > 1]
        self.hidden += tag in ("style", "title")
        self.loaded += [found[name] for name in LOADED & found.keys()] + (["link"] if tag in ("link", "script") else [])
        if tag == "a":
            self.links.append(found["href"])

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def words_of_text(plain):
    return sorted(WORDS.findall(plain))


def words_of_html(html):
    return sorted(WORDS.findall(" ".join(Reader(html).words)))


@pytest.fixture
def site(db):
    return make_site()


def test_html_and_plain_text_have_the_words_and_links_of_each_block(site, db):
    pledge = PledgeFactory(title="Stop buying", slug="stop", summary="Sign it today.")
    mailing = make_draft(
        text(
            '<h2>News</h2><p>Read <a href="/letters/">our letter</a>, or <a href="https://bbc.co.uk/x">theirs</a>.</p>'
        ),
        quotation("We were there.", "A witness"),
        button("Write to your MP", "/letters/find-your-mp/"),
        card(pledge),
    )
    composed = compose(mailing)

    for words in ("News", "our letter", "“We were there.”", "— A witness", "Write to your MP", "Sign it today."):
        assert words in composed.text
        assert words in composed.html
    links = Reader(composed.html).links
    assert links[:3] == [
        "http://127.0.0.1:8000/letters/",
        "https://bbc.co.uk/x",
        "http://127.0.0.1:8000/letters/find-your-mp/",
    ]
    assert "http://127.0.0.1:8000/pledges/stop/" in links
    assert {link for link in links if link != UNSUBSCRIBE_LINK} == set(URL.findall(composed.text))


def test_a_message_names_its_publisher_and_the_page_to_read_next(site):
    composed = compose(make_draft(card(PledgeFactory(slug="stop"))))

    assert "Ruth & Co <charity>, 1 High Street · Leeds LS1 1AA" in composed.text
    assert "Ruth &amp; Co &lt;charity&gt;" in composed.html
    assert "what happens next on our website:\nhttp://127.0.0.1:8000/pledges/stop/" in composed.text
    assert "what happens next on our website:\nhttp://127.0.0.1:8000/\n" in compose(make_draft()).text


def test_links_to_our_own_pages_get_the_tag_and_others_stay_unchanged(site):
    tag = Tag.objects.create(name="March", slug="news-march")
    html = (
        '<p><a href="/a/?b=1#c">a</a> <a href="https://bbc.co.uk/?x=1">b</a> <a href="mailto:a@example.org">c</a></p>'
    )
    composed = compose(make_draft(text(html), button("Go", "/b/"), tag=tag))

    assert Reader(composed.html).links[:4] == [
        "http://127.0.0.1:8000/a/?b=1&via=news-march#c",
        "https://bbc.co.uk/?x=1",
        "mailto:a@example.org",
        "http://127.0.0.1:8000/b/?via=news-march",
    ]


def test_what_organisers_type_never_becomes_markup_or_a_marker(site):
    mailing = make_draft(
        text(f"<p>{HOSTILE}</p>"),
        quotation(HOSTILE, HOSTILE),
        button(HOSTILE[:40], "/a/"),
        subject=HOSTILE[:90],
        preheader=HOSTILE[:140],
    )
    composed = compose(mailing)

    assert "<script" not in composed.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ mailing }} {% now %}" in composed.html
    assert "<script>alert(1)</script> & {{ mailing }} {% now %}" in composed.text
    for marker in MARKERS:
        assert (composed.html.count(marker), composed.text.count(marker)) == (1, 1)


def test_filled_in_text_is_escaped_and_its_markers_are_not_replaced(site):
    filled = compose(make_draft()).filled_in("https://example.org/?a=1&b=2", f"You signed <b> {UNSUBSCRIBE_LINK}.")

    assert f"You signed <b> {UNSUBSCRIBE_LINK}." in filled.text
    assert f"You signed &lt;b&gt; {UNSUBSCRIBE_LINK}." in filled.html
    assert "https://example.org/?a=1&b=2" in filled.text
    assert 'href="https://example.org/?a=1&amp;b=2"' in filled.html


def test_the_first_line_reveals_nothing_unless_an_organiser_wrote_it(site):
    discreet, own = compose(make_draft()), compose(make_draft(preheader="Two minutes for a letter"))

    assert "Persecution" not in discreet.text[:150]
    assert discreet.text.startswith("Here is the news that you asked for.")
    assert "Persecution" not in discreet.html.partition("<body")[2].partition("</div>")[0]
    assert own.text.startswith("Two minutes for a letter\n")
    assert "Two minutes for a letter" in own.html.partition("<body")[2].partition("</div>")[0]


def test_a_right_to_left_message_keeps_its_addresses_whole(site):
    composed = compose(make_draft(text("<p>ئۇيغۇر</p>"), button("ئىمزالاڭ", "/a/"), language="ug"))

    assert '<html lang="ug" dir="rtl">' in composed.html
    assert 'lang="en-gb" dir="ltr"' in composed.html
    assert "\nhttp://127.0.0.1:8000/a/\n" in composed.text


def test_a_card_of_something_that_visitors_cannot_see_is_left_out(site):
    composed = compose(make_draft(card(PledgeFactory(title="Secret", publish=False)), text("<p>Words</p>")))

    assert "Secret" not in composed.html + composed.text


def test_a_card_keeps_its_approved_words_or_is_left_out(site):
    pledge = PledgeFactory(title="Approved")
    mailing = make_draft(card(pledge), text("<p>Words</p>"))
    mailing.submit(None)
    pledge.title = "Changed"
    pledge.save()
    pledge.publish(None)
    composed = compose(Mailing.objects.get(pk=mailing.pk).as_sent())
    assert "Approved" in composed.text
    assert "Changed" not in composed.html

    pledge.delete()
    composed = compose(Mailing.objects.get(pk=mailing.pk).as_sent())
    assert "Approved" not in composed.html + composed.text


def test_the_sender_and_the_tag_are_those_that_were_approved(site):
    tag = Tag.objects.create(name="Mail", slug="mail")
    mailing = make_draft(text('<p><a href="/letters/">Letters</a></p>'), tag=tag)
    mailing.submit(None)
    sent = Mailing.objects.get().as_sent()
    before = Template(sent)
    SiteSettings.objects.update(
        name="Another", publisher_name="Somebody", publisher_address="Elsewhere", contact_email="new@example.org"
    )
    Tag.objects.update(slug="renamed")
    after = Template(Mailing.objects.get())

    assert SiteSettings.current().publisher_name == "Somebody"
    assert (after.composed, after.common) == (before.composed, before.common)
    assert "/letters/?via=mail" in after.composed.text
    assert "Leeds" in after.composed.text

    Mailing.objects.get().withdraw(None)
    assert "Elsewhere" in compose(Mailing.objects.get()).text


def test_a_frozen_version_is_composed_as_it_was_saved(site):
    mailing = make_draft(text("<p>Before</p>"))
    number = mailing.keep(None, "").number
    mailing.mailings_mailtext_set.get().delete()
    Mailing.objects.filter(pk=mailing.pk).update(subject="After", version=number)
    composed = compose(Mailing.objects.get().as_sent())

    assert (composed.subject, "Before" in composed.html, "Before" in composed.text) == (
        "What you asked for",
        True,
        True,
    )


PIECES = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30) | st.sampled_from(
    [HOSTILE, "x" * 300, "https://example.org/" + "y" * 200, "维吾尔人", "👋🏽", "ئۇيغۇر <b>", "a@b.c", "&amp;", "–"]
)
INLINE = PIECES.map(lambda words: words.replace("&", "&amp;").replace("<", "&lt;"))
HTML = st.builds(
    lambda tag, words, href: f'<{tag}>{words} <a href="{href}">{words}z</a></{tag}>',
    st.sampled_from(["p", "h2", "h3", "blockquote"]),
    INLINE,
    st.sampled_from(["/letters/", "https://example.org/a?b=c&amp;d=e", "mailto:a@example.org"]),
) | INLINE.map(lambda words: f"<ul><li><p>{words}</p></li><li><p>a<br>b</p></li></ul>")
BLOCKS = st.lists(
    HTML.map(text)
    | st.builds(quotation, PIECES, PIECES.map(lambda one: one[:200]))
    | st.builds(button, PIECES.map(lambda one: one[:40]), st.just("/a/")),
    min_size=1,
    max_size=4,
)


@settings(max_examples=size(25, 500), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=BLOCKS, subject=PIECES, preheader=PIECES, language=st.sampled_from(["en-gb", "ug", "he", "zh-hans"]))
def test_html_and_plain_text_say_the_same_and_load_nothing(site, blocks, subject, preheader, language):
    mailing = make_draft(*blocks, subject=subject[:100], preheader=preheader[:150], language=language)
    composed = compose(mailing)
    read = Reader(composed.html)

    for marker in MARKERS:
        assert (composed.html.count(marker), composed.text.count(marker)) == (1, 1)
    assert read.loaded == []
    assert "url(" not in composed.html
    assert "@import" not in composed.html
    example = as_example(mailing, composed)
    shown = Reader(example.html)
    assert set(shown.links) <= set(re.split(r"[\s()]", example.text))
    assert words_of_html(example.html) == words_of_text(without(example.text, shown.links))
    assert read.misplaced == []


def without(plain, links):
    """Return the plain text without the addresses of links, which HTML shows only as link texts."""
    for link in sorted(links, key=len, reverse=True):
        plain = plain.replace(link, " ")
    return plain
