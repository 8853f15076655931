"""Sections whose contents have been unpublished, closed or deleted since organisers chose them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from actions.businesses.models import CallToAction
from actions.fundraising.models import Appeal
from actions.letters.models import Letter
from actions.protests.models import Protest
from campaign.pages.models import HomeSection, Partner, SiteSettings, Update
from pledges.models import LedgerLine, Pledge, Signature
from tests.factories import publish
from tests.pages.conftest import select, text_of

SETTINGS = "/admin/pages/sitesettings/1/change/"


def unpublish(model):
    for row in model.objects.all():
        publish(row, published=False)


def delete_demands():
    pledge = Pledge.objects.get()
    pledge.demands.all().delete()
    pledge.publish(check=False)


def change_site(**fields):
    publish(SiteSettings.objects.get(), **fields)


def delete_words():
    HomeSection.objects.filter(kind="quotation").update(words="")
    change_site()


def delete_partners():
    Partner.objects.all().delete()
    change_site()


EMPTYING = {
    "no demands": ("pledge", delete_demands),
    "unpublished updates": ("updates", lambda: unpublish(Update)),
    "deleted updates": ("updates", lambda: [one.delete() for one in Update.objects.all()]),
    "unpublished protest": ("next_protest", lambda: unpublish(Protest)),
    "deleted protest": ("next_protest", lambda: [one.delete() for one in Protest.objects.all()]),
    "unpublished letter": ("letters", lambda: unpublish(Letter)),
    "unpublished appeal": ("appeals", lambda: unpublish(Appeal)),
    "no line in the ledger": ("growth", lambda: LedgerLine.objects.all().delete()),
    "no words": ("quotation", delete_words),
    "nothing about the organisers": ("about", lambda: change_site(about_html="")),
    "no names": ("names", lambda: Signature.objects.update(public_name="", public_number=None, visibility="private")),
    "no partners": ("partners", delete_partners),
}


def sections(client):
    """Return the page's bands, by the first word of their text, after checking that each has more than its heading."""
    response = client.get("/")
    assert response.status_code == 200
    bands = select(html.fromstring(text_of(response)), "section.band")
    for band in bands:
        heading = band.find(".//h2")
        rest = band.text_content().replace(heading.text_content() if heading is not None else "", "")
        assert rest.strip() or band.find(".//img") is not None
    return bands


def left_out(organiser):
    """Return the kinds of section that the settings say are left out."""
    labels = dict(HomeSection.Kind.choices)
    text = " ".join(text_of(organiser.get(SETTINGS)).split())
    return {kind for kind, label in labels.items() if f"The home page leaves out “{label}”" in text}


@pytest.mark.parametrize("case", EMPTYING)
def test_a_section_that_has_lost_its_contents_is_left_out_and_organisers_see_why(client, organiser, everything, case):
    kind, empty = EMPTYING[case]
    assert kind not in left_out(organiser)
    before = len(sections(client))
    empty()

    after = sections(client)
    assert kind in left_out(organiser)
    assert len(after) < before or kind in ("next_protest", "letters", "appeals")  # these share one band
    assert not [band for band in after if band.xpath(f".//*[@id='{kind}']")]


@pytest.mark.parametrize(
    "end",
    [
        lambda: unpublish(Pledge),
        lambda: Pledge.objects.update(on_home_page=False),
        lambda: publish(Pledge.objects.get(), closes_at=timezone.now() - timedelta(days=1)),
    ],
    ids=["unpublished", "no longer on the home page", "closed"],
)
def test_the_home_page_survives_the_end_of_its_pledge(client, organiser, everything, end):
    end()
    sections(client)
    organiser.get(SETTINGS)


def test_a_site_that_has_lost_everything_shows_no_empty_box(client, everything):
    for model in (Pledge, Letter, Protest, Appeal, Update, CallToAction):
        unpublish(model)
    delete_words()
    delete_partners()
    change_site(about_html="")

    [only] = sections(client)
    assert "about to begin" in only.text_content()


def test_a_section_that_is_unticked_is_not_reported(organiser, everything):
    assert "map" in left_out(organiser)
    HomeSection.objects.filter(kind="map").update(shown=False)

    assert "map" not in left_out(organiser)


def test_the_page_after_signing_has_no_heading_without_actions(client, everything):
    slug = Pledge.objects.get().slug
    assert "What you can do next" in text_of(client.get(f"/pledges/{slug}/thank-you/"))
    for model in (Letter, Protest, Appeal):
        unpublish(model)

    assert "What you can do next" not in text_of(client.get(f"/pledges/{slug}/thank-you/"))
