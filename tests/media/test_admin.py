"""The media library in the admin: lists, uses, and the main point of a picture."""

import pytest
from django.contrib import admin
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import ProtectedError
from django.test.utils import isolate_apps

from campaign.media import uses
from campaign.media.choosing import ChoosesPictures, ChooseView
from campaign.media.models import Document, Picture
from campaign.media.uses import Use
from tests.factories import make_document, make_picture

LIST = "/admin/media/picture/"


@pytest.fixture
def in_use(monkeypatch):
    """Return a function that makes a page appear to use the given picture."""

    def use(picture):
        found = lambda file: [Use("Our statement", "/admin/pages/page/1/change/")] if file == picture else []  # noqa: E731
        monkeypatch.setattr(uses, "FINDERS", [found])

    return use


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_library_says_what_to_do_next(organiser):
    assert "Press “Add picture”" in text_of(organiser.get(LIST))
    assert "Press “Add document”" in text_of(organiser.get("/admin/media/document/"))
    assert "Press “Add picture”" not in text_of(organiser.get(LIST + "?q=banners"))


def test_the_list_shows_thumbnails_in_few_queries(organiser, django_assert_num_queries):
    pictures = [make_picture(title=f"March {number}") for number in range(12)]
    organiser.get(LIST)  # fills the cache of content types

    with django_assert_num_queries(7):
        text = text_of(organiser.get(LIST))
    assert all(picture.thumbnail in text for picture in pictures)


def test_pictures_are_searched_and_filtered_by_alternative_text(organiser):
    make_picture(title="March")
    make_picture(title="Ribbon", alternative_text="", is_decoration=True)
    make_picture(title="Forgotten", alternative_text="")

    def found(query):
        return {picture.title for picture in organiser.get(LIST + query).context["cl"].result_list}

    assert found("?text=missing") == {"Forgotten"}
    assert found("?text=decoration") == {"Ribbon"}
    assert found("?text=present") == {"March"}
    assert found("?q=forty") == {"March"}


def test_a_picture_in_use_cannot_be_deleted_and_the_admin_lists_its_uses(organiser, in_use):
    picture, _other = make_picture(), make_picture()
    in_use(picture)
    delete = f"{LIST}{picture.pk}/delete/"
    assert "Our statement" in text_of(organiser.get(f"{LIST}{picture.pk}/change/"))

    for response in (
        organiser.get(delete),
        organiser.post(delete, {"post": "yes"}),
    ):
        assert "it is in use" in text_of(response)
        assert "/admin/pages/page/1/change/" in text_of(response)
    with pytest.raises(ProtectedError):
        picture.delete()
    with pytest.raises(ProtectedError):
        Picture.objects.all().delete()
    assert Picture.objects.count() == 2
    assert default_storage.exists(f"{picture.key}/60.webp")


def test_deleting_a_row_deletes_its_files_after_the_commit(organiser, django_capture_on_commit_callbacks):
    pictures = [make_picture(), make_picture()]
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(f"{LIST}{pictures[0].pk}/delete/", {"post": "yes"})
        assert default_storage.exists(f"{pictures[0].key}/60.webp")
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(f"{LIST}{pictures[1].pk}/delete/", {"post": "yes"})

    assert not Picture.objects.exists()
    for picture in pictures:
        assert not default_storage.exists(f"{picture.key}/60.webp")
        assert not default_storage.exists(f"{picture.key}/{picture.share_name}")


def test_moving_the_main_point_makes_another_crop_and_keeps_the_old_one(organiser):
    picture = make_picture(size=(1600, 1600))
    old = picture.share_name
    answers = {"alternative_text": "A march", "title": "March", "focus_x": 100, "focus_y": 0}
    organiser.post(f"{LIST}{picture.pk}/change/", answers)
    picture.refresh_from_db()

    assert picture.focus_classes == "focus-x4 focus-y0"
    assert picture.share_name == "share-100-0.jpg"
    assert default_storage.exists(f"{picture.key}/share-100-0.jpg")
    assert default_storage.exists(f"{picture.key}/{old}")
    assert organiser.post(f"{LIST}{picture.pk}/change/", answers | {"focus_x": 101}).status_code == 200


@isolate_apps("campaign.media")
def test_a_picture_is_chosen_from_a_list_with_thumbnails(organiser):
    class Block(models.Model):  # noqa: DJ008 - nobody sees this model
        picture = models.ForeignKey(Picture, models.PROTECT)

        class Meta:
            app_label = "media"

    class BlockAdmin(ChoosesPictures, admin.ModelAdmin):
        pass

    picture = make_picture(title="March")
    field = BlockAdmin(Block, admin.site).formfield_for_foreignkey(Block._meta.get_field("picture"), None)
    html = field.widget.render("picture", picture.pk)
    scripts = str(field.widget.media)
    order = [scripts.index(name) for name in ("select2.full", "jquery.init", "choose-picture", "js/autocomplete")]

    assert f'data-thumbnail="{picture.thumbnail}"' in html
    assert 'data-ajax--url="/admin/media/picture/choose/"' in html
    assert order == sorted(order)
    assert ChooseView().serialize_result(picture, "pk")["thumbnail"] == picture.thumbnail
    assert organiser.get("/admin/media/picture/choose/", {"app_label": "media", "model_name": "x"}).status_code == 403


def test_the_pages_of_a_document_show_its_kind_its_size_and_a_link(organiser):
    document = make_document(b"x" * 1_300_000)

    assert "TXT, 1.2\xa0MB" in text_of(organiser.get("/admin/media/document/"))
    assert document.download_url in text_of(organiser.get(f"/admin/media/document/{document.pk}/change/"))
    assert Document.objects.get().file_name == "our-briefing.txt"
