"""Pictures and documents as the media library serves them to visitors."""

import re

import pytest
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from campaign.media.models import new_key
from tests.factories import make_document, make_picture

pytestmark = pytest.mark.django_db


def content_of(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_picture_is_cached_for_ever_and_sets_no_cookie(client, django_assert_num_queries):
    picture = make_picture()
    with django_assert_num_queries(1):
        response = client.get(picture.thumbnail)

    assert content_of(response)[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert {"public", "immutable", "max-age=31536000"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert not response.cookies
    assert client.get(picture.thumbnail, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_share_picture_is_a_jpeg(client):
    response = client.get(make_picture(size=(800, 900)).share_url)

    assert content_of(response)[:3] == b"\xff\xd8\xff"
    assert response["Content-Type"] == "image/jpeg"


def test_a_document_is_always_downloaded_and_cannot_run_scripts(client):
    document = make_document(b"Words", "מכתב \u202e\n; filename=x.html.txt")
    response = client.get(document.download_url)

    assert content_of(response) == b"Words"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_only_files_in_the_library_are_served(client):
    picture, document = make_picture(), make_document()
    default_storage.save(f"{picture.key}/other.html", document_file := default_storage.open(f"{document.key}/document"))
    document_file.close()
    names = ["other.html", "61.webp", "document", "..%2F..%2Fsettings.py", "share-1-1.jpg", "x.webp"]

    for name in names:
        assert client.get(f"/media/{picture.key}/{name}").status_code == 404, name
    assert client.get(f"/media/{document.key}/document").status_code == 404
    assert client.get(f"/media/{document.key}/60.webp").status_code == 404
    assert client.get(f"/media/{new_key()}/60.webp").status_code == 404
    assert client.get("/media/").status_code == 404
    assert client.post(picture.thumbnail).status_code == 405


def test_the_address_of_a_file_cannot_be_guessed_from_the_upload():
    first, second = make_document(), make_document()

    assert first.key != second.key
    assert all(len(row.key) == 22 and re.fullmatch(r"[\w-]+", row.key) for row in (first, second))


def test_a_picture_on_a_page_has_sizes_alternative_text_and_a_main_point_without_inline_style():
    picture = make_picture(size=(1000, 500), focus_x=75, alternative_text='A "march"')
    html = render_to_string("media/picture.html", {"picture": picture, "sizes": "100vw"})

    assert f'srcset="{picture.url("480.webp")} 480w, {picture.url("960.webp")} 960w"' in html
    assert 'alt="A &quot;march&quot;"' in html
    assert 'width="1000"' in html
    assert 'loading="lazy"' in html
    assert "focus-x3 focus-y2" in html
    assert "style=" not in html


def test_the_link_to_a_document_states_its_kind_and_size():
    html = render_to_string("media/document_link.html", {"document": make_document(b"x" * 2048)})

    assert "(TXT, 2.0\xa0KB)" in html
    assert "download=" in html


def test_a_phone_with_a_dense_screen_gets_a_narrow_file_unless_the_picture_matters_more():
    picture = make_picture(size=(1000, 500))

    for dense, width in [("", "37vw"), ("66vw", "66vw")]:
        html = render_to_string("media/picture.html", {"picture": picture, "sizes": "100vw", "dense": dense})
        assert f'sizes="(max-width: 40rem) and (min-resolution: 2x) {width}, 100vw"' in html


def test_a_small_picture_has_only_the_narrowest_file():
    picture = make_picture(size=(1000, 500))
    html = render_to_string("media/picture.html", {"picture": picture})

    assert f'src="{picture.url("480.webp")}"' in html
    assert "srcset" not in html
    assert "sizes" not in html
