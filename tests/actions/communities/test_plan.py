"""The plan for communities: `/community/`, its calendar, and its materials in one archive."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from pyluach.dates import HebrewDate

from actions.communities import documents
from actions.communities.dates import HebrewMonth, hebrew_days_in_every_year, next_hebrew, next_yearly
from actions.communities.models import AnchorDate, Material, Plan
from campaign.media.library import delete_folder
from campaign.media.uses import uses_of
from campaign.pages.embeds import target_of
from campaign.pages.models import Embed
from tests.actions.factories import PlanFactory
from tests.factories import PageFactory, SiteSettingsFactory, make_document, make_picture, publish

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HUMAN_RIGHTS_DAY = {"title": "Human Rights Day", "rule": "yearly", "day": 10, "month": 12}
PASSOVER = {"title": "Passover", "rule": "hebrew", "day": 15, "hebrew_month": 1, "days": 8}
TALK = {"title": "Why we act", "talk": "<p>Three points.</p>"}


def text_of(client, path="/community/"):
    return client.get(path).content.decode()


@pytest.mark.django_db
def test_the_page_shows_the_steps_with_how_long_they_take_and_what_to_use(client):
    document = make_document(title="A leaflet")
    PlanFactory(materials=[{"document": document}, {"title": "A notice", "picture": make_picture()}, TALK])

    text = text_of(client)
    assert "Hold a letter-writing evening" in text
    assert "One evening" in text
    assert document.download_url in text
    assert "A notice" in text
    assert "Three points." in text


@pytest.mark.django_db
def test_the_page_works_without_a_plan(client):
    assert "The plan is being written" in text_of(client)
    assert client.get("/community/materials.zip").status_code == 404
    assert client.get("/community/download.txt").status_code == 404


@pytest.mark.django_db
def test_a_change_of_the_draft_is_not_shown_until_it_is_published(client):
    plan = PlanFactory(steps=["Write letters"])
    step = plan.steps.get()
    step.title = "Write many letters"
    step.save()

    assert "Write many letters" not in text_of(client)
    publish(Plan.objects.get())
    assert "Write many letters" in text_of(client)


@pytest.mark.django_db
def test_a_step_keeps_its_code_in_every_version():
    plan = PlanFactory(steps=["Write letters"])
    code = plan.steps.get().code
    publish(Plan.objects.get(), title="Another title")

    assert Plan.objects.published().get().steps.all()[0].code == code


@pytest.mark.django_db
def test_the_calendar_shows_the_next_of_each_day(client):
    once = {"title": "A vigil", "rule": "once", "on": date(2026, 12, 6)}
    PlanFactory(anchors=[PASSOVER, HUMAN_RIGHTS_DAY, once, once | {"title": "Over", "on": date(2026, 11, 25)}])

    with time_machine.travel(NOW, tick=False):
        text = text_of(client)
    assert text.index("6 December 2026") < text.index("10 December 2026") < text.index("22 April 2027")
    assert "29 April 2027" in text
    assert text.count("begins the evening before") == 1
    assert "Over" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (HUMAN_RIGHTS_DAY | {"day": None}, "day"),
        (HUMAN_RIGHTS_DAY | {"month": 2, "day": 29}, "day"),
        (HUMAN_RIGHTS_DAY | {"month": 13}, "month"),
        (PASSOVER | {"hebrew_month": None}, "hebrew_month"),
        (PASSOVER | {"hebrew_month": HebrewMonth.CHESHVAN, "day": 30}, "day"),
        ({"title": "A vigil", "rule": "once"}, "on"),
        ({"title": "A vigil", "rule": "never"}, "rule"),
        ({"title": "A vigil", "rule": "once", "on": date(9999, 12, 31), "days": 15}, "days"),
    ],
)
def test_an_impossible_day_is_refused_and_breaks_no_page(client, fields, wrong):
    plan = PlanFactory(publish=False)
    anchor = AnchorDate(plan=plan, order=1, **fields)

    with pytest.raises(ValidationError) as error:
        anchor.full_clean()
    assert wrong in error.value.message_dict
    anchor.save()
    plan.publish(check=False)
    assert client.get("/community/").status_code == 200


@given(
    today=st.dates(date(2000, 1, 1), date(2200, 1, 1)),
    month=st.sampled_from(HebrewMonth.values),
    day=st.integers(1, 29),
    days=st.integers(1, 14),
)
@example(today=date(2026, 9, 15), month=HebrewMonth.ELUL, day=29, days=10)  # it began in the year before
def test_the_next_hebrew_date_is_the_first_that_is_not_over(today, month, day, days):
    found = next_hebrew(month, day, today, days)
    assert (found - today).days > -days
    assert (found - today).days < 385
    hebrew = HebrewDate.from_pydate(found)
    assert hebrew.day == day
    assert hebrew.month in ((12, 13) if month == HebrewMonth.ADAR else (month,))
    assert next_hebrew(month, day, found, days) == found
    assert next_hebrew(month, day, today - timedelta(days=days - 1)) == found


@pytest.mark.parametrize("year", range(2026, 2046))
def test_hebrew_festivals_agree_with_pyluach(year):
    names = {(1, 15): "Pesach", (3, 6): "Shavuos", (7, 1): "Rosh Hashana", (9, 25): "Chanuka", (12, 14): "Purim"}
    for (month, day), name in names.items():
        found = next_hebrew(month, day, date(year, 1, 1))
        assert HebrewDate.from_pydate(found).holiday(israel=False) == name


def test_every_day_offered_for_a_hebrew_month_occurs_every_year():
    for month in HebrewMonth.values:
        for year in range(2026, 2060):
            next_hebrew(month, hebrew_days_in_every_year(month), date(year, 1, 1))


def test_a_day_that_lasts_a_week_is_still_shown_on_its_last_day():
    assert next_yearly(12, 28, date(2027, 1, 3), days=7) == date(2026, 12, 28)
    assert next_yearly(12, 28, date(2027, 1, 4), days=7) == date(2027, 12, 28)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({}, "__all__"), (TALK | {"title": ""}, "title"), (TALK | {"document": "a document"}, "__all__")],
)
def test_material_is_one_document_picture_or_talk_with_a_title(fields, wrong):
    plan = PlanFactory(publish=False)
    if "document" in fields:
        fields = fields | {"document": make_document()}
    material = Material(plan=plan, step=plan.steps.first(), order=1, **fields)

    with pytest.raises(ValidationError) as error:
        material.full_clean()
    assert wrong in error.value.message_dict


@pytest.mark.django_db
def test_material_belongs_to_a_step_of_the_same_plan():
    other = PlanFactory(publish=False)
    material = Material(plan=PlanFactory(publish=False), step=other.steps.first(), order=1, **TALK)

    with pytest.raises(ValidationError, match="step of this plan"):
        material.full_clean()


@pytest.fixture
def archive_of(client):
    def get(**headers):
        response = client.get("/community/materials.zip", headers=headers)
        return response, b"".join(response.streaming_content) if response.streaming else response.content

    return get


@pytest.mark.django_db
def test_the_archive_holds_the_plan_and_every_file_once(archive_of):
    leaflet, picture = make_document(b"A leaflet.", title="A leaflet"), make_picture()
    notice = {"title": "../../A notice", "picture": picture}
    PlanFactory(materials=[{"document": leaflet}, {"document": leaflet}, notice, TALK])

    response, content = archive_of()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        names = package.namelist()
        readme = package.read("README.txt").decode()
        plan = package.read("community-plan.txt").decode()
        assert package.read("01-001-a-leaflet.txt") == b"A leaflet."
    assert len(names) == 6
    assert "01-002-a-notice.webp" in names
    assert "A leaflet" in readme
    assert "Hold a letter-writing evening" in readme
    assert "Three points." in plan
    assert 'filename="community-plan.zip"' in response["Content-Disposition"]
    assert not response.cookies


@pytest.mark.django_db
def test_the_same_plan_gives_the_same_archive_and_is_sent_once(archive_of):
    PlanFactory(materials=[{"document": make_document()}])

    first, content = archive_of()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        _second, again = archive_of()
    assert content == again
    assert "public" in first["Cache-Control"]
    cached, nothing = archive_of(**{"If-None-Match": first["ETag"]})
    assert (cached.status_code, nothing) == (304, b"")


@pytest.mark.django_db
def test_the_archive_leaves_out_withdrawn_and_lost_files(archive_of):
    hidden, lost = make_document(title="Hidden"), make_document(title="Lost")
    PlanFactory(materials=[{"document": hidden}, {"document": lost}])
    before = archive_of()[0]["ETag"]
    hidden.hide(NOW)
    delete_folder(lost.key)

    response, content = archive_of()
    assert response["ETag"] != before
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any("hidden" in name or "lost" in name for name in package.namelist())


@pytest.mark.django_db
def test_the_archive_stays_within_its_limit(archive_of, monkeypatch):
    monkeypatch.setattr("actions.communities.documents.MAX_BYTES", 200_000)
    PlanFactory(materials=[{"document": make_document(b"x" * 150_000, title=f"Long {n}")} for n in range(3)])

    _response, content = archive_of()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert sum("long" in name for name in package.namelist()) == 1
        assert package.read("README.txt").decode().count("-long-") == 1


@pytest.mark.django_db
def test_a_file_that_a_version_of_the_plan_offers_cannot_be_deleted():
    document = make_document()
    plan = PlanFactory(materials=[{"document": document}])
    plan.materials.get().delete()

    with pytest.raises(ProtectedError):
        document.delete()
    assert any("version" in use.text for use in uses_of(document))


@pytest.mark.django_db
def test_a_page_can_show_the_plan_as_a_card(client):
    page = PageFactory(slug="about", publish=False)
    Embed.objects.create(parent=page, region="main", ordering=10, target=target_of(PlanFactory()))
    page.publish(check=False)

    text = client.get("/about/").content.decode()
    assert 'href="/community/join/"' in text
    assert "A plan for communities" in text


@pytest.mark.django_db
def test_the_home_page_leads_to_the_plan(client):
    SiteSettingsFactory()
    assert 'href="/community/"' not in text_of(client, "/").partition("<main")[2].partition("</main")[0]
    PlanFactory()
    assert 'href="/community/"' in text_of(client, "/").partition("<main")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "txt"])
def test_the_plan_can_be_downloaded(client, kind):
    PlanFactory(materials=[TALK, {"document": make_document()}], anchors=[PASSOVER])

    response = client.get(f"/community/download.{kind}")
    assert response.status_code == 200
    assert len(response.content) > 300


@pytest.mark.django_db
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    materials = [{"document": make_document()} for _ in range(3)] + [{"title": "A", "picture": make_picture()}]
    PlanFactory(materials=materials, anchors=[PASSOVER, HUMAN_RIGHTS_DAY])
    with django_assert_max_num_queries(9):
        response = client.get("/community/")

    assert "public" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["materials.zip", "download.pdf"])
def test_a_query_string_does_not_have_a_file_made_again(client, file):
    PlanFactory()
    response = client.get(f"/community/{file}?again=1")

    assert (response.status_code, response["Location"]) == (301, f"/community/{file}")


@pytest.mark.django_db
def test_the_archive_is_made_once_a_minute_and_at_once_for_another_plan(archive_of, monkeypatch):
    made, make = [], documents.archive
    monkeypatch.setattr(documents, "archive", lambda *args: made.append(1) or make(*args))
    PlanFactory()
    _first, content = archive_of()
    _second, again = archive_of()
    assert (content, len(made)) == (again, 1)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        archive_of()
    assert len(made) == 2
    Plan.objects.all().delete()
    PlanFactory(title="Another plan")
    assert archive_of()[1] != content
