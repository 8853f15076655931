"""Versions as visitors read them, after the models have changed since they were stored."""

import logging

import pytest

from actions.fundraising.models import Fund
from actions.letters.models import Letter
from campaign.pages.models import Page, Text
from pledges.models import Pledge
from tests.actions.factories import FundFactory, LetterFactory
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory
from tests.versions.conftest import publish_as_stored

GALLERY = [{"pk": 1, "fields": {"region": "main", "ordering": 5, "pictures": "[]"}}]


@pytest.fixture
def errors(caplog):
    """Return a function that returns the errors logged so far."""
    caplog.set_level(logging.ERROR)
    return lambda: sorted({record.getMessage() for record in caplog.records})


def test_a_field_that_the_model_has_gained_has_its_default(page, shown):
    publish_as_stored(page, lambda content: [content["fields"].pop(name) for name in ("summary", "exit_link")])

    text = shown()
    assert "Why we act" in text
    assert "In short." not in text
    assert "Exit this page" not in text


def test_a_field_that_the_model_has_lost_is_ignored(page, shown, errors):
    publish_as_stored(page, lambda content: content["fields"].update(colour="red"))
    publish_as_stored(page, lambda content: content["parts"]["pages_text_set"][0]["fields"].update(colour="red"))

    assert "We remember." in shown()
    assert errors() == []


def test_parts_of_a_removed_kind_are_left_out_and_logged(page, shown, errors):
    publish_as_stored(page, lambda content: content["parts"].update(pages_gallery_set=GALLERY))

    text = shown()
    assert "We remember." in text
    assert "It was found." in text
    assert errors() == ["Parts “pages_gallery_set” of a version of pages.page can't be shown."]


def test_a_new_kind_of_part_has_no_rows(page, shown):
    publish_as_stored(page, lambda content: content["parts"].pop("pages_fact_set"))

    text = shown()
    assert "We remember." in text
    assert "It was found." not in text


def test_a_part_that_cannot_be_read_is_left_out_and_logged_and_the_others_are_shown(page, shown, errors):
    publish_as_stored(page, lambda content: content["parts"]["pages_text_set"][0]["fields"].update(ordering="ten"))

    text = shown()
    assert "We remember." not in text
    assert "It was found." in text
    assert errors() == ["A row of pages.text in a version can't be read (DeserializationError)."]


def test_a_field_that_cannot_be_read_has_its_default_and_the_others_are_shown(page, shown, errors):
    publish_as_stored(page, lambda content: content["fields"].update(exit_link="perhaps", downloadable=True))

    text = shown()
    assert "Exit this page" not in text
    assert "download.docx" in text
    assert errors() == ["Field “exit_link” of a version of pages.page can't be read (DeserializationError)."]


def test_a_language_that_is_no_longer_offered_does_no_harm(page, shown):
    publish_as_stored(page, lambda content: content["fields"].update(language="xx"))

    assert 'lang="xx"' in shown()


@pytest.mark.django_db
def test_a_link_to_something_deleted_is_empty():
    more = PageFactory()
    letter = LetterFactory(read_more=more)
    assert Letter.objects.published().get().read_more == more
    more.delete()
    letter.refresh_from_db()

    assert Letter.objects.published().get().read_more is None
    assert letter.as_published().read_more is None


@pytest.mark.django_db
def test_a_version_keeps_its_own_link_when_the_draft_has_another():
    first, second = PageFactory.create_batch(2)
    letter = LetterFactory(read_more=first)
    letter.read_more = second
    letter.save()

    assert Letter.objects.published().get().read_more == first


def test_harmful_html_in_an_old_version_is_removed_on_reading(page, shown):
    harm = '<p onclick="x()">Fine<script>alert(1)</script><a href="javascript:x()">go</a></p>'
    publish_as_stored(page, lambda content: content["parts"]["pages_text_set"][0]["fields"].update(html=harm))

    text = shown()
    assert "Fine" in text
    for harm in ("onclick", "alert(1)", "javascript:"):
        assert harm not in text


def test_content_in_an_older_form_is_upgraded_step_by_step(page, shown, monkeypatch):
    def name_heading(content):
        content["fields"]["heading"] = content["fields"].pop("name")

    def name_title(content):
        content["fields"]["title"] = content["fields"].pop("heading") + " (upgraded)"

    monkeypatch.setattr(Page, "upgrades", (name_heading, name_title))
    publish_as_stored(page, lambda content: content["fields"].update(name=content["fields"].pop("title")))
    assert "Why we act (upgraded)" in shown()

    publish_as_stored(page, lambda content: content["fields"].update(heading=content["fields"].pop("name")), schema=2)
    assert "Why we act (upgraded)" in shown()
    assert page.publish().schema == 3
    assert "(upgraded)" not in shown()


@pytest.mark.django_db
def test_neither_a_published_copy_nor_its_parts_can_be_saved_or_deleted():
    draft = PledgeFactory()
    for copy in (Pledge.objects.published().get(), draft.as_published()):
        with pytest.raises(TypeError):
            copy.save()
        for act in ("save", "delete"):
            with pytest.raises(TypeError):
                getattr(copy.demands.all()[0], act)()
    assert draft.demands.count() == 2
    draft.save()


@pytest.mark.django_db
def test_a_published_copy_leaves_the_draft_and_its_parts_unchanged():
    draft = PledgeFactory(demands=["As published."])
    draft.demands.update(text="As drafted.")
    draft = Pledge.objects.prefetch_related("demands").get()
    copy = draft.as_published()

    assert [demand.text for demand in copy.demands.all()] == ["As published."]
    assert [demand.text for demand in draft.demands.all()] == ["As drafted."]
    assert draft.version_number is None


@pytest.mark.django_db
def test_facts_show_at_once_and_the_rest_once_published():
    SiteSettingsFactory()
    fund = FundFactory(title="As published", payee="A", presets="10")
    fund.title, fund.payee, fund.presets = "As drafted", "B", "20"
    fund.save()
    [shown] = Fund.objects.published()
    assert (shown.title, shown.presets, shown.payee) == ("As published", "10", "B")

    fund.publish()
    [shown] = Fund.objects.published()
    assert (shown.title, shown.presets, shown.payee) == ("As drafted", "20", "B")


@pytest.mark.django_db
def test_published_rows_with_their_parts_take_one_query(django_assert_num_queries):
    PledgeFactory.create_batch(3)
    with django_assert_num_queries(1):
        assert [len(pledge.demands.all()) for pledge in Pledge.objects.published()] == [2, 2, 2]


def test_blocks_keep_their_order_in_a_version(page):
    for number in range(5):
        Text.objects.create(parent=page, region="main", ordering=15 - number, html=f"<p>{number}</p>")
    page.publish()

    assert [block.ordering for block in page.as_published().blocks()] == [10, 11, 12, 13, 14, 15, 20]


def test_encrypted_fields_are_not_part_of_a_version(page):
    page.checked_by = "Aynur"
    page.save()
    content = page.publish().content

    assert "checked_on" in content["facts"]
    assert "checked_by" not in content["facts"]
