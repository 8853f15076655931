"""Downloading a letter as a file or an e-mail draft."""

import email
import email.policy
import io

import docx
import pytest

from tests.actions.letters.conftest import HAMPSTEAD, LINES, URL, text_of


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "txt", "eml"])
def test_the_download_is_filled_in(client, letter, answers, kind):
    response = client.post(f"{URL}download.{kind}", answers)

    assert response.headers["Content-Disposition"] == f'attachment; filename="act.{kind}"'
    assert "no-store" in response.headers["Cache-Control"]
    if kind == "docx":
        lines = [part.text for part in docx.Document(io.BytesIO(response.content)).paragraphs]
        assert lines[0] == "Ruth Feldman\n1 High Street\nLondon NW3 7UX"
        assert lines[2] == "Ms Jane Doe MP\nHouse of Commons\nLondon\nSW1A 0AA"
        assert lines[4:] == LINES


def test_the_plain_letter_is_filled_in_when_no_parts_are_chosen(client, letter):
    answers = {"constituency": HAMPSTEAD, "name": "Ruth Feldman", "address": "1 High Street"}
    text = client.post(f"{URL}download.txt", answers).content.decode()

    assert "Will you act?" in text
    assert "Dear Ms Jane Doe," in text


def test_a_draft_has_a_recipient_a_subject_and_the_senders_address(client, letter, answers):
    hostile = answers | {"name": "Ruth\r\nBcc: all@example.org"}
    response = client.post(f"{URL}download.eml", hostile)
    draft = email.message_from_bytes(response.content, policy=email.policy.default)

    assert draft["To"] == "jane.doe.mp@example.org"
    assert draft["Subject"] == "A question"
    assert draft["Bcc"] is None
    assert "1 High Street" in draft.get_content()


def test_an_invalid_form_makes_no_file(client, letter, answers):
    response = client.post(f"{URL}download.docx", answers | {"name": ""})

    assert "Enter your name" in text_of(response)


@pytest.mark.parametrize("path", ["download.exe", "download.eml"])
def test_an_unavailable_format_is_not_found(client, letter, path):
    assert client.get(URL + path).status_code == 404
