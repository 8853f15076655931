"""The materials of the plan for communities, its archive `/community/materials.zip`, and the plan as a document."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from actions.communities import documents
from actions.communities.models import Material, Plan
from campaign.media.library import delete_folder
from campaign.media.uses import uses_of
from tests.actions.communities.conftest import PASSOVER, TALK
from tests.actions.communities.factories import PlanFactory
from tests.factories import make_document, make_picture

pytestmark = pytest.mark.django_db


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


def test_the_archive_contains_the_plan_and_each_file_once(archive_of):
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


def test_the_same_plan_gives_the_same_archive_and_is_sent_once(archive_of):
    PlanFactory(materials=[{"document": make_document()}])

    first, content = archive_of()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        _second, again = archive_of()
    assert content == again
    assert "public" in first["Cache-Control"]
    cached, nothing = archive_of(**{"If-None-Match": first["ETag"]})
    assert (cached.status_code, nothing) == (304, b"")


def test_the_archive_leaves_out_withdrawn_and_lost_files(archive_of):
    hidden, lost = make_document(title="Hidden"), make_document(title="Lost")
    PlanFactory(materials=[{"document": hidden}, {"document": lost}])
    before = archive_of()[0]["ETag"]
    hidden.hide(timezone.now())
    delete_folder(lost.key)

    response, content = archive_of()
    assert response["ETag"] != before
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any("hidden" in name or "lost" in name for name in package.namelist())


def test_the_archive_stays_within_its_limit(archive_of, monkeypatch):
    monkeypatch.setattr("actions.communities.documents.MAX_BYTES", 200_000)
    PlanFactory(materials=[{"document": make_document(b"x" * 150_000, title=f"Long {n}")} for n in range(3)])

    _response, content = archive_of()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert sum("long" in name for name in package.namelist()) == 1
        assert package.read("README.txt").decode().count("-long-") == 1


def test_the_archive_is_made_at_most_once_a_minute_unless_the_plan_changes(archive_of, monkeypatch):
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


def test_a_file_that_a_version_of_the_plan_offers_cannot_be_deleted():
    document = make_document()
    plan = PlanFactory(materials=[{"document": document}])
    plan.materials.get().delete()

    with pytest.raises(ProtectedError):
        document.delete()
    assert any("version" in use.text for use in uses_of(document))


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "txt"])
def test_the_plan_can_be_downloaded(client, kind):
    PlanFactory(materials=[TALK, {"document": make_document()}], anchors=[PASSOVER])

    response = client.get(f"/community/download.{kind}")
    assert response.status_code == 200
    assert len(response.content) > 300


@pytest.mark.parametrize("file", ["materials.zip", "download.pdf"])
def test_a_query_string_redirects_instead_of_making_a_file_again(client, file):
    PlanFactory()
    response = client.get(f"/community/{file}?again=1")

    assert (response.status_code, response["Location"]) == (301, f"/community/{file}")
