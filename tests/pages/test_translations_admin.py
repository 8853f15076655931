"""Translations, which are published only after a speaker has checked them."""

import re
from datetime import date

import pytest
from reversion.models import Version

from campaign.pages.models import Page
from tests.factories import PageFactory
from tests.pages.conftest import answers, change_of, text_of


@pytest.fixture
def draft(site):
    """Return an unpublished page in Chinese that nobody has checked."""
    return PageFactory(language="zh-hans", published=False)


def error_beside(field, text):
    """Return the error shown beside a field of the form."""
    row = re.search(rf'<div class="form-row errors field-{field}">.*?</ul>', text, re.DOTALL)
    return row[0] if row else ""


def test_a_translation_is_published_only_with_a_speaker_and_a_day(organiser, draft):
    fields = answers(draft, language="zh-hans")
    text = text_of(organiser.post(change_of(draft), fields))
    for field in ("checked_by", "checked_on"):
        assert "only once a speaker of its language has checked it" in error_beside(field, text)
    half = text_of(organiser.post(change_of(draft), fields | {"checked_by": "Li Na"}))
    assert error_beside("checked_on", half)
    assert not error_beside("checked_by", half)
    assert "Li Na" in half
    assert not Page.objects.get().published

    organiser.post(change_of(draft), fields | {"checked_by": "Li Na", "checked_on": "2026-11-01"})
    page = Page.objects.get()
    assert (page.published, page.checked_by) == (True, "Li Na")


def test_a_draft_may_be_saved_without_a_speaker(organiser, draft):
    fields = {name: value for name, value in answers(draft, title="New").items() if name != "published"}
    organiser.post(change_of(draft), fields | {"language": "zh-hans", "checked_by": "  "})

    page = Page.objects.get()
    assert (page.title, page.checked_by) == ("New", None)


def test_a_page_in_english_needs_no_speaker(organiser, site):
    page = PageFactory(published=False)
    organiser.post(change_of(page), answers(page, language="en-gb"))

    assert Page.objects.published().get() == page


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday"])
def test_the_day_of_a_check_must_be_a_real_day_in_the_past(organiser, draft, day):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on=day)

    assert error_beside("checked_on", text_of(organiser.post(change_of(draft), fields)))


def test_the_list_marks_translations_and_explains_why_one_cannot_be_published(organiser, draft):
    url = "/admin/pages/page/"
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(url))
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(change_of(draft)))
    fields = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": draft.pk, "form-0-published": "on"}
    text = text_of(organiser.post(url, fields | {"form-0-order": 0, "_save": "Save"}))
    assert "only once a speaker of its language has checked it" in text
    assert not Page.objects.get().published

    Page.objects.update(checked_by="Li Na", checked_on=date(2026, 11, 1))
    text = text_of(organiser.get(url))
    assert "checked on 1 November 2026" in text
    assert "Li Na" not in text


def test_versions_do_not_keep_the_speakers_name_and_a_restored_one_must_be_checked_again(organiser, draft):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on="2026-11-01")
    organiser.post(change_of(draft), fields)
    version = Version.objects.get_for_object(draft).first()
    assert "Li Na" not in version.serialized_data

    version.revision.revert()
    assert not Page.objects.published().exists()
    assert Page.objects.get().checked_by is None


def test_a_page_is_not_a_translation_of_itself(organiser, site):
    page = PageFactory()

    text = text_of(organiser.post(change_of(page), answers(page, translation_of=page.pk)))
    assert "Choose a different page" in text
