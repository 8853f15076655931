"""What each section of the home page shows."""

import re
from datetime import time

import pytest
from django.utils import timezone

from campaign.media.uses import uses_of
from campaign.pages.models import Update
from pledges.models import LedgerLine
from tests.actions.factories import ProtestFactory
from tests.factories import PledgeFactory
from tests.pages.conftest import select, text_of
from tests.pages.home.conftest import words

QUERIES = 17


def test_every_section_with_content_appears_in_a_fixed_number_of_queries(client, mapped, django_assert_num_queries):
    Update.objects.update(picture=None)  # only in the drafts: visitors see the pictures in the versions
    with django_assert_num_queries(QUERIES):
        text = text_of(client.get("/"))

    for part in (
        "We will not look away.",
        "Friends",
        "For those who fled",
        "How the count has grown",
        "Latest updates",
        "Where people have signed",
    ):
        assert part in text


def test_the_quotation_names_its_speaker_and_links_to_its_source(home):
    [quotation] = select(home, "figure.quotation")

    assert words(quotation) == "We will not look away. Ada in Leeds Source"
    assert quotation.xpath(".//a/@href") == ["https://example.org/a"]
    assert home.xpath("//figure[contains(@class, 'portrait')]//img/@alt") == ["Ada"]


def test_a_quotation_without_words_or_a_withdrawn_portrait_is_left_out(client, everything):
    section = everything.sections.get(kind="quotation")
    section.picture.withdraw("Asked to.", timezone.now())
    text = text_of(client.get("/"))
    assert "We will not look away." in text
    assert 'alt="Ada"' not in text

    section.words = ""
    section.save()
    everything.publish()
    assert "band-dark" not in text_of(client.get("/"))


def test_partners_appear_in_order_with_their_logos_and_links(home):
    partners = select(home, "ul.partners li")

    assert [words(partner) for partner in partners] == ["Friends", "Neighbours"]
    assert [partner.xpath("a/@href") for partner in partners] == [["https://friends.example/"], []]
    assert [len(partner.xpath(".//img")) for partner in partners] == [1, 0]


def test_the_next_protest_shows_its_date_in_large_type(client, everything, time_machine):
    time_machine.move_to("2026-11-29T12:00:00+00:00", tick=False)
    [leaf] = client.get("/").content.decode().split('class="leaf"')[1:]

    assert leaf.partition("</time>")[0].count("December 2026") == 1
    assert 'datetime="2026-12-01T18:00:00+00:00"' in leaf


def test_the_next_protests_date_is_in_the_local_time_of_its_place(client, db, time_machine):
    time_machine.move_to("2026-11-29T12:00:00+00:00", tick=False)
    ProtestFactory(timezone="America/New_York", schedule__start_time=time(20), schedule__end_time=time(21))
    [leaf] = client.get("/").content.decode().split('class="leaf"')[1:]

    assert re.findall(r"<span[^>]*>([^<]+)</span>", leaf)[:3] == ["Tuesday", "1", "December 2026"]


def test_an_appeal_shows_how_much_of_its_target_it_has_raised(home):
    [bar] = [bar for bar in select(home, "progress") if bar.get("max") == "2000"]

    assert bar.get("value") == "1500"
    assert words(home.get_element_by_id(bar.get("aria-labelledby"))) == "£1,500 raised of £2,000"


def test_growth_is_a_chart_with_a_table_and_the_rise_in_the_last_month(home):
    [growth] = home.xpath("//section[@aria-labelledby='growth']")

    assert len(select(growth, "polyline")) == 1
    assert [words(row) for row in select(growth, "tbody tr")] == [
        "31 October 2026 1,800",
        "20 October 2026 1,400",
        "1 October 2026 1,000",
    ]
    assert "800 more in the 30 days to 31 October 2026" in words(growth)


def test_there_is_no_chart_for_a_single_day(client, everything):
    LedgerLine.objects.order_by("day").last().delete()
    LedgerLine.objects.order_by("day").last().delete()

    assert "How the count has grown" not in text_of(client.get("/"))


def test_the_three_newest_updates_appear_and_the_newest_is_large(home):
    numbers = [int(words(title).removeprefix("Update ")) for title in select(home, "div.newest h3")]

    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)


def test_the_picture_beside_the_headline_replaces_the_drawing_unless_it_is_withdrawn(client, everything):
    text = text_of(client.get("/"))
    assert 'alt="A crowd"' in text
    assert "Grace" in text
    assert 'class="scene"' not in text

    everything.hero_picture.withdraw("Asked to.", timezone.now())
    assert 'class="scene"' in text_of(client.get("/"))


def test_only_the_picture_in_the_first_screen_is_loaded_at_once(home):
    pictures = home.xpath("//img")

    assert [picture.get("loading") for picture in pictures][:2] == ["eager", "lazy"]
    assert {picture.get("loading") for picture in pictures[1:]} == {"lazy"}
    assert all(picture.get("width") and picture.get("height") for picture in pictures)


def test_a_site_without_content_says_that_the_campaign_is_about_to_begin(client, db):
    text = text_of(client.get("/"))

    assert "This campaign is about to begin." in text
    assert 'class="scene"' in text


def test_a_site_with_only_a_pledge_shows_its_demands(client, db):
    PledgeFactory(on_home_page=True)
    text = text_of(client.get("/"))
    assert "What the pledge asks for" in text
    assert "about to begin" not in text


@pytest.mark.parametrize("path", ["/", "/protests/", "/updates/"])
def test_a_page_without_content_shows_a_drawing(client, db, path):
    assert 'class="drawing"' in text_of(client.get(path))


def test_a_logo_or_portrait_in_use_cannot_be_deleted(everything):
    partner = everything.partners.first()
    assert [use.text for use in uses_of(partner.picture)] == ["A campaign (draft)", "A campaign (version 1)"]
    assert [use.text for use in uses_of(everything.hero_picture)] == ["A campaign (draft)", "A campaign (version 1)"]


def test_old_versions_keep_their_quotation_and_partners(client, everything):
    everything.sections.filter(kind="quotation").update(words="Changed.")
    everything.partners.all().delete()

    text = text_of(client.get("/"))
    assert "We will not look away." in text
    assert "Friends" in text
    assert "Changed." not in text
