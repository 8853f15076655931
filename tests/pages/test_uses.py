"""Pictures and documents that pages, or their versions, use."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone

from actions.letters.models import Letter
from campaign.media.uses import uses_of
from campaign.pages.models import Download, PictureBlock
from campaign.versions.models import Version
from tests.actions.factories import LetterFactory
from tests.factories import PageFactory, make_document, make_picture, publish
from tests.pages.conftest import change_of


@pytest.fixture
def page(site):
    return PageFactory(title="Briefing", publish=False)


def texts(file):
    return [use.text for use in uses_of(file)]


def show(page, picture):
    """Add the picture to the draft of the page."""
    return PictureBlock.objects.create(parent=page, region="main", picture=picture)


def refuse_to_delete(file):
    with pytest.raises(ProtectedError):
        file.delete()
    assert type(file).objects.filter(pk=file.pk).exists()


def test_a_picture_that_only_a_draft_shows_is_in_use(page):
    picture = make_picture()
    show(page, picture)

    assert texts(picture) == ["Briefing (draft)"]
    assert [use.url for use in uses_of(picture)] == [change_of(page)]
    refuse_to_delete(picture)
    PictureBlock.objects.get().delete()
    picture.delete()


@pytest.mark.parametrize("when", ["live", "scheduled", "past", "kept", "deleted"])
def test_a_picture_that_a_version_shows_cannot_be_deleted(page, when):
    picture, other = make_picture(), make_picture()
    block = show(page, picture)
    if when == "kept":
        page.keep(None, "Before a change")
    else:
        page.publish(live_at=timezone.now() + timedelta(days=1) if when == "scheduled" else None)
    block.delete()
    if when == "past":
        page.publish()
    if when == "deleted":
        page.delete()

    assert texts(picture) == ["Briefing (version 1)"]
    refuse_to_delete(picture)
    other.delete()


def test_shared_links_and_downloads_are_uses_too(site, page):
    picture, document = make_picture(), make_document()
    publish(page, share_picture=picture)
    publish(site, share_picture=picture)
    letter = LetterFactory(title="To your MP")
    publish(letter, share_picture=picture)
    Download.objects.create(parent=page, region="main", document=document)

    names = ["A campaign", "Briefing", "To your MP"]
    versions = ["A campaign (version 2)", "Briefing (version 1)", "To your MP (version 2)"]
    assert sorted(texts(picture)) == sorted([f"{name} (draft)" for name in names] + versions)
    assert texts(document) == ["Briefing (draft)"]
    publish(page)
    assert texts(document) == ["Briefing (draft)", "Briefing (version 2)"]


def test_finding_uses_takes_one_query_for_drafts_and_one_for_versions(page, django_assert_num_queries):
    picture = make_picture()
    for _number in range(5):
        show(page, picture)
    page.publish()
    for _number in range(5):
        show(PageFactory(publish=False), picture)

    with django_assert_num_queries(2):
        assert len(uses_of(picture)) == 7


def test_the_versions_that_show_a_picture_are_found_by_their_index(page):
    show(page, make_picture())
    content = page.freeze()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = Version.objects.filter(content__contains=content)
        assert "version_content" in rows.explain()


def test_a_letter_whose_draft_has_another_picture_takes_no_more_queries(site, django_assert_num_queries):
    for _number in range(5):
        letter = LetterFactory()
        publish(letter, share_picture=make_picture())
        letter.share_picture = None
        letter.save()

    with django_assert_num_queries(1):
        assert all(letter.share_picture_id for letter in Letter.objects.published())
