"""Translations, which are published only after a speaker has checked them."""

import re
from datetime import date

import pytest

from campaign.pages.models import Page
from tests.factories import PageFactory
from tests.pages.conftest import answers, change_of, text_of
from tests.tables import contents


@pytest.fixture
def draft(site):
    """Return a draft in Chinese that nobody has checked."""
    return PageFactory(language="zh-hans", publish=False)


def error_beside(field, text):
    """Return the error shown beside a field of the form."""
    row = re.search(rf'<div class="form-row errors field-{field}">.*?</ul>', text, re.DOTALL)
    return row[0] if row else ""


def test_a_translation_is_published_only_with_a_speaker_and_a_day(organiser, draft):
    fields = answers(draft, language="zh-hans") | {"_publish": "1"}
    text = text_of(organiser.post(change_of(draft), fields, follow=True))
    for field in ("checked_by", "checked_on"):
        assert f'href="{change_of(draft)}#id_{field}"' in text
    assert "only once a speaker of its language has checked it" in text
    assert not Page.objects.published().exists()

    checked = {"checked_by": "Li Na", "checked_on": "2026-11-01", "_publish": "1"}
    organiser.post(change_of(draft), answers(draft, language="zh-hans", **checked))
    assert Page.objects.published().get().checked_by == "Li Na"


def test_a_draft_may_be_saved_without_a_speaker(organiser, draft):
    organiser.post(change_of(draft), answers(draft, title="New", language="zh-hans", checked_by="  "))

    page = Page.objects.get()
    assert (page.title, page.checked_by) == ("New", None)


def test_a_page_in_english_needs_no_speaker(organiser, site):
    page = PageFactory(publish=False)
    organiser.post(change_of(page), answers(page, _publish="1"))

    assert Page.objects.published().get() == page


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday"])
def test_the_day_of_a_check_must_be_a_real_day_in_the_past(organiser, draft, day):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on=day)

    assert error_beside("checked_on", text_of(organiser.post(change_of(draft), fields)))


def test_the_list_marks_translations(organiser, draft):
    url = "/admin/pages/page/"
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(url))
    assert "draft translation, not yet checked by a speaker" in text_of(organiser.get(change_of(draft)))

    Page.objects.update(checked_by="Li Na", checked_on=date(2026, 11, 1))
    text = text_of(organiser.get(url))
    assert "checked on 1 November 2026" in text
    assert "Li Na" not in text


def test_neither_versions_nor_unsaved_text_keep_the_speakers_name(organiser, draft):
    fields = answers(draft, language="zh-hans", checked_by="Li Na", checked_on="2026-11-01")
    organiser.post(f"/admin/pages/page/{draft.pk}/keep/", fields)
    organiser.post(change_of(draft), fields | {"_publish": "1"})

    assert Page.objects.published().exists()
    assert "Li Na" not in str(contents())


def test_a_page_is_not_a_translation_of_itself(organiser, site):
    page = PageFactory()

    text = text_of(organiser.post(change_of(page), answers(page, translation_of=page.pk)))
    assert "Choose a different page" in text
