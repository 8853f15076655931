"""Fixtures for tests of the media library."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounts.organisers import sign_in

ADD_PICTURE = "/admin/media/picture/add/"
ADD_DOCUMENT = "/admin/media/document/add/"
ANSWERS = {
    "alternative_text": "Forty people with banners",
    "credit": "Ada Lovelace",
    "title": "",
    "focus_x": "50",
    "focus_y": "50",
}


@pytest.fixture
def organiser(client, db):
    """Return the client of a signed-in organiser."""
    client.organiser = sign_in(client)
    return client


@pytest.fixture
def add(organiser):
    """Return a function that adds a picture through the admin, and returns the response."""

    def send(name, content, **changes):
        upload = SimpleUploadedFile("x", content)
        upload._name = name  # exactly as given, although Django would tidy the name
        return organiser.post(ADD_PICTURE, ANSWERS | changes | {"upload": upload})

    return send


@pytest.fixture
def add_document(organiser):
    """Return a function that adds a document through the admin, and returns the response."""

    def send(name, content, title="Our briefing"):
        upload = SimpleUploadedFile("x", content)
        upload._name = name
        return organiser.post(ADD_DOCUMENT, {"title": title, "upload": upload})

    return send


def error_of(response):
    """Return the errors beside the upload in the form that is shown again."""
    assert response.status_code == 200
    return " ".join(response.context["adminform"].form.errors.get("upload", []))
