"""The plan for communities: `/community/`."""

import pytest

from actions.communities.models import Plan
from campaign.pages.embeds import target_of
from campaign.pages.models import Embed
from tests.actions.communities.conftest import HUMAN_RIGHTS_DAY, PASSOVER, TALK
from tests.actions.communities.factories import PlanFactory
from tests.factories import PageFactory, SiteSettingsFactory, make_document, make_picture, publish

pytestmark = pytest.mark.django_db


def text_of(client, path="/community/"):
    return client.get(path).content.decode()


def test_the_page_shows_the_steps_with_how_long_they_take_and_what_to_use(client):
    document = make_document(title="A leaflet")
    PlanFactory(materials=[{"document": document}, {"title": "A notice", "picture": make_picture()}, TALK])

    text = text_of(client)
    assert "Hold a letter-writing evening" in text
    assert "One evening" in text
    assert document.download_url in text
    assert "A notice" in text
    assert "Three points." in text


def test_the_page_works_without_a_plan(client):
    assert "The plan is being written" in text_of(client)
    assert client.get("/community/materials.zip").status_code == 404
    assert client.get("/community/download.txt").status_code == 404


def test_a_draft_is_not_shown_until_it_is_published(client):
    plan = PlanFactory(steps=["Write letters"])
    step = plan.steps.get()
    step.title = "Write many letters"
    step.save()

    assert "Write many letters" not in text_of(client)
    publish(Plan.objects.get())
    assert "Write many letters" in text_of(client)


def test_a_step_keeps_its_code_in_every_version():
    plan = PlanFactory(steps=["Write letters"])
    code = plan.steps.get().code
    publish(Plan.objects.get(), title="Another title")

    assert Plan.objects.published().get().steps.all()[0].code == code


def test_a_page_can_show_the_plan_as_a_card(client):
    page = PageFactory(slug="about", publish=False)
    Embed.objects.create(parent=page, region="main", ordering=10, target=target_of(PlanFactory()))
    page.publish(check=False)

    text = client.get("/about/").content.decode()
    assert 'href="/community/join/"' in text
    assert "A plan for communities" in text


def test_the_home_page_links_to_the_plan(client):
    SiteSettingsFactory()
    assert 'href="/community/"' not in text_of(client, "/").partition("<main")[2].partition("</main")[0]
    PlanFactory()
    assert 'href="/community/"' in text_of(client, "/").partition("<main")[2]


def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    materials = [{"document": make_document()} for _ in range(3)] + [{"title": "A", "picture": make_picture()}]
    PlanFactory(materials=materials, anchors=[PASSOVER, HUMAN_RIGHTS_DAY])
    with django_assert_max_num_queries(9):
        response = client.get("/community/")

    assert "public" in response["Cache-Control"]
    assert not response.cookies
