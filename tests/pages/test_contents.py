"""The list of contents of a long page."""

import re

from campaign.pages.contents import with_anchors
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory, UpdateFactory, publish

FOUR = "<h2>Who we are</h2><p>We.</p><h2>What we do</h2><h3>Letters</h3><h2>Who we are</h2><h2>&amp; <em>more</em></h2>"


def test_headings_with_the_same_words_get_different_anchors_and_only_h2_is_listed():
    html, headings = with_anchors(FOUR.split("<p>We.</p>"))

    anchors = re.findall(r'id="([^"]+)"', "".join(html))
    expected = ["part-who-we-are", "part-what-we-do", "part-letters", "part-who-we-are-2", "part-more"]
    assert anchors == expected
    assert [heading.anchor for heading in headings] == [one for one in expected if one != "part-letters"]
    assert headings[-1].words == "& more"


def test_an_anchor_does_not_depend_on_other_headings():
    alone = with_anchors(["<h2>What we do</h2>"])[0]

    assert alone[0] in with_anchors([FOUR])[0][0]


def test_headings_in_any_script_and_without_words_get_usable_anchors():
    html = with_anchors(["<h2>שלום לכולם</h2><h2>!</h2><h2> </h2><h2>" + "long " * 90 + "</h2>"])[0][0]

    anchors = re.findall(r'id="([^"]+)"', html)
    assert anchors[:3] == ["part-שלום-לכולם", "part", "part-2"]
    assert len(set(anchors)) == 4
    assert max(map(len, anchors)) < 70


def add_text(page, html):
    page.pages_text_set.create(html=html, region="main", ordering=10)
    publish(page)


def test_a_long_page_lists_its_contents_and_a_short_one_does_not(client, db):
    SiteSettingsFactory()
    long, short = PageFactory(slug="long"), PageFactory(slug="short")
    add_text(long, FOUR)
    add_text(short, "<h2>One</h2><h2>Two</h2><h2>Three</h2>")
    page = client.get("/long/").text

    assert page.count('href="#part-what-we-do"') == 2  # once in the list for phones, and once in the list for desktops
    assert '<h2 id="part-what-we-do">' in page
    assert "On this page" not in client.get("/short/").text
    assert '<h2 id="part-two">' in client.get("/short/").text


def test_a_long_update_lists_its_contents(client, db):
    SiteSettingsFactory()
    add_text(UpdateFactory(slug="long"), FOUR)
    page = client.get("/updates/long/").text

    assert page.count('href="#part-what-we-do"') == 2
    assert '<h2 id="part-what-we-do">' in page


def test_the_contents_list_of_a_pledge_includes_the_updates_about_it(client, db):
    SiteSettingsFactory()
    pledge = PledgeFactory()
    assert 'href="#updates"' not in client.get(pledge.get_absolute_url()).text

    UpdateFactory(about=f"pledges.pledge:{pledge.pk}")

    assert client.get(pledge.get_absolute_url()).text.count('href="#updates"') == 2


def test_every_link_in_a_pledges_contents_list_has_its_anchor_on_the_page(client, db):
    SiteSettingsFactory()
    pledge_page = client.get(PledgeFactory().get_absolute_url()).text
    targets = re.findall(r'href="#([^"]+)"', pledge_page.partition('class="contents contents-beside"')[2])

    assert set(targets[:4]) == {"pledge", "demands", "names", "share"}
    for target in targets:
        assert pledge_page.count(f'id="{target}"') == 1
