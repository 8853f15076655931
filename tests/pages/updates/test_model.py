"""Updates share a table with pages, but lists of one never contain the other."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from campaign.links.places import places
from campaign.pages.models import Page, Text, Update
from campaign.pages.uses import uses_by_drafts, uses_by_versions
from campaign.versions.models import Version
from campaign.versions.restoring import bring_back, restore
from tests.factories import OrganiserFactory, PageFactory, UpdateFactory, make_picture, publish

pytestmark = pytest.mark.django_db


def test_pages_and_updates_are_kept_apart():
    page, update = PageFactory(), UpdateFactory()

    assert list(Page.objects.all()) == list(Page.objects.published()) == [page]
    assert (
        list(Update.objects.all()) == list(Update.objects.published()) == list(Update._base_manager.all()) == [update]
    )
    assert list(page.translations.all()) == []


def test_a_block_in_an_update_belongs_to_the_update():
    block = Text.objects.create(parent=UpdateFactory(), region="main", html='<p><a href="/nowhere/">x</a></p>')

    assert type(Text.objects.get(pk=block.pk).parent) is Update
    assert [type(place.edited) for place in places()] == [Update]


def test_an_update_is_published_and_restored_with_its_blocks():
    update = UpdateFactory(title="First", publish=False)
    Text.objects.create(parent=update, region="main", html="<p>One.</p>")
    first = update.publish()
    update.pages_text_set.all().delete()
    publish(update, title="Second")
    assert [(one.title, one.blocks()) for one in Update.objects.published()] == [("Second", [])]

    restore(update, first, OrganiserFactory())

    again = Update.objects.get()
    assert (first.model, again.title, [block.html for block in again.blocks()]) == (
        *("pages.update", "First"),
        ["<p>One.</p>"],
    )


def test_a_deleted_update_can_be_brought_back():
    update = UpdateFactory(title="Gone", posted_on=date(2026, 3, 1))
    Text.objects.create(parent=update, region="main", html="<p>One.</p>")
    publish(update)
    update.delete()
    [version] = Version.objects.newest_of_deleted(Update)

    back = bring_back(Update, version)

    assert (back.title, back.posted_on, back.published) == ("Gone", date(2026, 3, 1), False)
    assert [block.html for block in back.blocks()] == ["<p>One.</p>"]
    assert not Version.objects.newest_of_deleted(Page).exists()


@pytest.mark.parametrize(("first", "second"), [(PageFactory, Update), (UpdateFactory, Page), (UpdateFactory, Update)])
def test_a_page_and_an_update_cannot_share_a_slug(first, second):
    first(slug="our-news")

    with pytest.raises(ValidationError) as raised:
        second(title="News", slug="our-news").full_clean()
    assert list(raised.value.message_dict) == ["slug"]


def test_the_use_of_a_picture_in_an_update_links_to_the_update():
    picture = make_picture()
    update = UpdateFactory(picture=picture)

    for found in (uses_by_drafts(picture), uses_by_versions(picture)):
        assert [use.url for use in found] == [f"/admin/pages/update/{update.pk}/change/"]
