"""A file that puts somebody in danger is hidden at once; its contents are deleted once a second organiser approves."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import html
from PIL import Image

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.approvals.withdrawn_files import WITHDRAW
from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.media.models import Document, Picture
from campaign.pages.models import Download, GalleryPicture, Page, PictureBlock, SiteSettings, VideoLink
from campaign.privacy.erasures import write_waiting
from tests.accounts.organisers import make_established, make_organiser
from tests.factories import PageFactory, SiteSettingsFactory, make_document, make_picture, publish
from tests.pages.conftest import answers, change_of

NOT_SHOWN = "The picture that was here is no longer shown."
NOT_AVAILABLE = "The document that was here is no longer available."
REASON = "A person in it is in danger."
LIST = "/admin/media/picture/"
APPROVALS = "/admin/approvals/approvalrequest/"


@pytest.fixture
def page(db):
    """Return a published page, to whose draft the tests add blocks."""
    SiteSettingsFactory()
    return PageFactory(slug="briefing", title="Briefing", downloadable=True)


def files_of(file):
    """Return the names of the stored files of a picture or document."""
    return default_storage.listdir(file.key)[1] if default_storage.exists(file.key) else []


def url_of(file):
    return file.download_url if isinstance(file, Document) else file.thumbnail


def withdraw(client, file, reason=REASON):
    """Request the withdrawal of a file as the client's organiser, through the admin; return the request."""
    drafted = client.post(f"{APPROVALS}withdraw-file/{file.key}/")
    assert drafted.status_code == 302
    assert client.post(drafted["Location"], {"ask": "1", "reason": reason}).status_code == 302
    return ApprovalRequest.objects.latest("pk")


def approve(request):
    """Approve the request as a second organiser, and carry it out when it is due."""
    assert request.approve(make_established("grace"), timezone.now())
    assert act_on_due(timezone.now() + timedelta(hours=25)) == 1
    request.refresh_from_db()


def block(model, page, **fields):
    return model.objects.create(parent=page, region="main", ordering=10, **fields)


@pytest.mark.parametrize("make", [make_picture, make_document])
def test_a_file_is_hidden_at_once_and_its_contents_are_deleted_after_approval(organiser, make):
    file, other = make(), make()
    assert organiser.get(url_of(file)).status_code == 200

    request = withdraw(organiser, file)
    assert request.state == "waiting"
    assert organiser.get(url_of(file)).status_code == 410
    assert files_of(file)

    approve(request)
    file.refresh_from_db()
    assert request.state == "done"
    assert organiser.get(url_of(file)).status_code == 410
    assert files_of(file) == []
    assert file.withdrawn_at
    assert file.withdrawal_reason == REASON
    assert file.title
    assert organiser.get(url_of(other)).status_code == 200
    entry = AuditEntry.objects.get(act=Act.WITHDRAW_FILE)
    assert (entry.object_id, entry.model) == (str(file.pk), file._meta.label_lower)


def test_refusing_a_withdrawal_shows_the_file_again(organiser):
    picture = make_picture()
    request = withdraw(organiser, picture)

    assert request.undo(make_established("grace"), timezone.now())
    assert organiser.get(picture.thumbnail).status_code == 200
    assert Picture.objects.get().hidden_at is None


def test_caches_may_keep_neither_the_file_nor_the_response_for_long(organiser):
    picture = make_picture()
    shown = organiser.get(picture.thumbnail)
    withdraw(organiser, picture)
    gone = organiser.get(picture.thumbnail, headers={"If-None-Match": shown["ETag"]})

    assert "s-maxage=45" in shown["Cache-Control"]
    assert gone.status_code == 410
    assert {"public", "max-age=0", "s-maxage=10"} == set(gone["Cache-Control"].split(", "))
    assert not gone.cookies
    assert picture.title not in gone.content.decode()


def test_pages_show_a_note_in_place_of_a_hidden_file_and_name_nobody(client, page):
    picture = make_picture(alternative_text="Amina at the embassy", credit="Amina’s brother")
    document = make_document(title="Amina’s story")
    decoration = make_picture(alternative_text="", is_decoration=True)
    block(PictureBlock, page, picture=picture, caption="Amina, 3 May")
    block(PictureBlock, page, picture=decoration)
    block(GalleryPicture, page, picture=picture, caption="Amina again")
    block(GalleryPicture, page, picture=decoration)
    block(Download, page, document=document, text="What Amina saw")
    block(VideoLink, page, picture=picture, caption="Amina speaks", title="A film", url="https://video.example/1")
    publish(page)
    for file in (picture, document, decoration):
        file.hide(timezone.now())

    text = client.get("/briefing/").content.decode()
    assert text.count(NOT_SHOWN) == 2
    assert text.count(NOT_AVAILABLE) == 1
    assert "Amina" not in text
    assert "/media/" not in text
    assert len(html.fromstring(text).xpath("//ul[@class='gallery']/li")) == 1
    assert "https://video.example/1" in text
    words = client.get("/briefing/download.txt").content.decode()
    assert NOT_AVAILABLE in words
    assert "/media/" not in words


def test_shared_links_show_the_next_picture_instead(client, page):
    first, second, third = make_picture(), make_picture(), make_picture()
    SiteSettings.objects.update(share_picture=third)
    SiteSettings.objects.get().publish()
    block(PictureBlock, page, picture=second)
    page.share_picture = first
    page.save()
    publish(page)

    def shared(path="/briefing/"):
        tree = html.fromstring(client.get(path).content)
        return tree.xpath("//meta[@property='og:image']/@content")[0]

    for picture in (first, second, third):
        assert shared().endswith(picture.share_url)
        picture.hide(timezone.now())
    assert shared().endswith("share.png")
    assert shared("/").endswith("share.png")


def test_a_withdrawn_file_cannot_be_chosen_but_may_stay_in_existing_fields(organiser, page):
    picture, document, other = make_picture(title="March"), make_document(), make_picture(title="March 2")
    for file in (picture, document):
        file.hide(timezone.now())
    target = {"app_label": "pages", "model_name": "page", "field_name": "share_picture"}
    offered = organiser.get("/admin/media/picture/choose/", target | {"term": "March"}).json()["results"]
    assert [row["id"] for row in offered] == [str(other.pk)]
    target = {"app_label": "pages", "model_name": "download", "field_name": "document"}
    assert organiser.get("/admin/autocomplete/", target | {"term": ""}).json()["results"] == []

    chosen = {"share_picture": picture.pk}
    refused = organiser.post(change_of(page), answers(page, **chosen))
    assert "has been withdrawn" in refused.content.decode()
    assert Page.objects.get().share_picture is None

    Page.objects.update(share_picture=picture)
    page.refresh_from_db()
    assert organiser.post(change_of(page), answers(page, **chosen, summary="More.")).status_code == 302
    assert Page.objects.get().summary == "More."


def test_the_admin_shows_that_a_file_is_hidden_and_then_withdrawn(organiser):
    picture = make_picture()
    change = f"{LIST}{picture.pk}/change/"
    assert "puts somebody in danger" in organiser.get(change).content.decode()

    request = withdraw(organiser, picture)
    text = organiser.get(change).content.decode()
    assert "puts somebody in danger" not in text
    assert f'href="{APPROVALS}"' in text
    assert "is waiting under Approvals" in text
    assert "Hidden" in organiser.get(LIST).content.decode()
    assert organiser.post(change, {"alternative_text": "x", "focus_x": 1, "focus_y": 1}).status_code == 403

    approve(request)
    assert REASON in organiser.get(change).content.decode()
    listed = organiser.get(LIST + "?shown=withdrawn")
    assert ">Withdrawn</td>" in listed.content.decode()
    assert picture.thumbnail not in listed.content.decode()
    assert not organiser.get(LIST + "?shown=yes").context["cl"].result_list


def test_withdrawing_a_file_requires_a_permission_and_a_post(organiser):
    picture = make_picture()
    assert organiser.get(f"{APPROVALS}withdraw-file/{picture.key}/").status_code == 405

    type(organiser.organiser).objects.update(is_superuser=False)
    assert organiser.post(f"{APPROVALS}withdraw-file/{picture.key}/").status_code == 403
    assert not ApprovalRequest.objects.exists()


def test_only_one_request_can_hide_a_file(organiser):
    picture = make_picture()
    users = [make_organiser("grace"), make_organiser("joan")]
    drafts = [ApprovalRequest.draft(WITHDRAW, user, about="Picture", subject=picture.key) for user in users]

    assert [draft.submit(1, REASON, timezone.now()) for draft in drafts] == [True, False]


def test_if_the_storage_fails_the_file_stays_hidden_and_deletion_is_tried_again(organiser, monkeypatch):
    picture = make_picture()
    request = withdraw(organiser, picture)
    request.approve(make_established("grace"), timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "delete", lambda *_arguments: 1 / 0)
        act_on_due(timezone.now() + timedelta(hours=25))
    picture.refresh_from_db()
    assert (picture.is_hidden, picture.withdrawn_at) == (True, None)

    assert act_on_due(timezone.now() + timedelta(hours=27)) == 1
    assert files_of(picture) == []


def test_a_restored_backup_does_not_bring_a_withdrawn_file_back(organiser, tmp_path, settings):
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    picture, other = make_picture(), make_picture()
    approve(withdraw(organiser, picture))
    write_waiting()
    Picture.objects.filter(pk=picture.pk).delete()
    restored = make_picture()
    Picture.objects.filter(pk=restored.pk).update(key=picture.key)
    restored.key = picture.key
    restored.store(Image.new("RGB", (60, 40)))
    assert organiser.get(restored.thumbnail).status_code == 200

    for _again in range(2):
        call_command("replay_erasures", settings.ERASURE_JOURNAL, stdout=StringIO())
        assert organiser.get(restored.thumbnail).status_code == 410
        assert files_of(restored) == []
    assert organiser.get(other.thumbnail).status_code == 200


def test_the_database_refuses_a_withdrawn_file_that_is_not_hidden(db):
    make_picture()
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.update(withdrawn_at=timezone.now())
