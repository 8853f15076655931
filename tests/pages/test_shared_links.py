"""Links to our pages, which always have a picture and a text in a message."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from lxml import html

from campaign.pages.models import GalleryPicture
from tests.actions.factories import AppealFactory, BrandFactory, LetterFactory, ProtestFactory
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, PledgeFactory, make_picture, publish
from tests.pages.conftest import change_of, select, text_of

SHARED = [PageFactory, PledgeFactory, LetterFactory, ProtestFactory, BrandFactory]
ABOUT_A_PLEDGE = ["share", "thank-you", "signatories", "organisations", "wordings", "areas", "over-time"]


def tags(client, path):
    """Return a public page's tags for shared links, after checking that no tag occurs twice."""
    tree = html.fromstring(text_of(client.get(path)))
    found = tree.xpath("//meta[starts-with(@property, 'og:') or starts-with(@name, 'twitter:')]")
    names = [tag.get("property") or tag.get("name") for tag in found]
    assert len(names) == len(set(names)), names
    return dict(zip(names, (tag.get("content").strip() for tag in found), strict=True))


def is_there(client, url):
    """Return whether an absolute URL is the address of a static file or of a page or picture that opens."""
    path = url.removeprefix(settings.SITE_URL)
    if path.startswith(settings.STATIC_URL):
        return finders.find(path.removeprefix(settings.STATIC_URL)) is not None
    return client.get(path).status_code == 200


def address(picture):
    return settings.SITE_URL + picture.share_url


def test_no_shared_link_is_bare(client, site):
    AppealFactory()
    rows = [factory(published=True) for factory in SHARED]
    pledge = rows[1].get_absolute_url()
    publish(site, description="What we ask.")
    paths = ["/", "/letters/", "/letters/find-your-mp/", "/protests/", "/donate/", "/businesses/", "/data-notes/"]
    paths += [row.get_absolute_url() for row in rows]
    paths += [f"{pledge}{name}/" for name in ABOUT_A_PLEDGE]
    for path in paths:
        found = tags(client, path)
        assert found["og:title"], path
        assert found["og:description"], path
        assert is_there(client, found["og:image"]), path
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630"), path
        assert found["og:image:alt"], path
        assert found["twitter:card"] == "summary_large_image", path


@pytest.mark.parametrize("factory", SHARED)
def test_an_organiser_chooses_the_picture_and_the_text(client, site, factory):
    row = factory(published=True, summary="The summary.")
    publish(site, share_picture=make_picture())
    own = make_picture(alternative_text="A street")
    publish(row, share_picture=own, share_text="Read this.")
    row.share_text = "Only a draft."
    row.save()

    found = tags(client, row.get_absolute_url())
    assert found["og:description"] == "Read this."
    assert found["og:image"] == address(own)
    assert found["og:image:alt"] == "A street"


def test_a_page_falls_back_on_its_first_picture_then_on_the_sites(client, site):
    page = PageFactory(slug="briefing", summary="The summary.")
    assert tags(client, "/briefing/")["og:image"].endswith("/share.png")
    default, first = make_picture(), make_picture()
    publish(site, share_picture=default)
    assert tags(client, "/briefing/")["og:image"] == address(default)
    assert tags(client, "/")["og:image"] == address(default)
    assert tags(client, "/briefing/")["og:description"] == "The summary."

    for number, picture in enumerate((first, make_picture())):
        GalleryPicture.objects.create(parent=page, region="main", ordering=number, picture=picture)
    page.publish()
    assert tags(client, "/briefing/")["og:image"] == address(first)


def test_a_pledge_and_the_home_page_show_the_count_unless_there_is_a_picture(client, site):
    pledge = PledgeFactory(on_home_page=True)

    assert f"{pledge.get_absolute_url()}share.png" in tags(client, pledge.get_absolute_url())["og:image"]
    assert f"{pledge.get_absolute_url()}share.png" in tags(client, "/")["og:image"]


def test_pages_behind_a_personal_link_have_no_card(client, site):
    pledge = PledgeFactory()

    assert "og:image" not in tags(client, f"{pledge.get_absolute_url()}my-signature/")


def test_the_preview_shows_the_card_of_the_draft_and_of_unsaved_text(organiser, site):
    page = PageFactory(title="Briefing", publish=False)
    preview = change_of(page).replace("/change/", "/preview/")
    picture = make_picture()
    publish(page, share_picture=picture, share_text="Read this.")
    card = text_of(organiser.get(f"{preview}card/"))
    assert "Read this." in card
    assert picture.share_url in card
    assert f'src="{preview}card/?' in text_of(organiser.get(preview))

    form = filled_in(organiser.get(change_of(page)), share_text="Only typed.")
    shown = html.fromstring(organiser.post(preview, form, follow=True).content)
    unsaved = select(shown, "iframe.preview-card")[0].get("src")
    assert "Only typed." in text_of(organiser.get(unsaved))
    assert "Only typed." not in text_of(organiser.get(f"{preview}card/"))


def test_content_without_a_share_card_has_no_page_that_previews_one(organiser, site):
    preview = f"/admin/fundraising/appeal/{AppealFactory().pk}/preview/"

    assert "preview-card" not in text_of(organiser.get(preview))
    assert organiser.get(f"{preview}card/").status_code == 302  # no page previews a card of this content


def test_the_settings_have_a_card_too(organiser, site):
    publish(site, description="What we ask.")

    assert "What we ask." in text_of(organiser.get("/admin/pages/sitesettings/1/preview/card/"))
