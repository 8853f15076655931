"""The desk's panels about scheduled content and about who is editing."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from campaign.desk.editing import MAX_LINES
from campaign.editing.models import Presence
from tests.accounts.organisers import make_organiser, sign_in
from tests.actions.factories import LetterFactory
from tests.factories import PageFactory, SiteSettingsFactory


def test_the_desk_shows_scheduled_changes_and_who_is_editing(client, db):
    SiteSettingsFactory()
    sign_in(client)
    page = PageFactory(title="The vigil", publish=False)
    page.publish(live_at=timezone.now() + timedelta(days=2))
    going = PageFactory(title="The fast", publish=False)
    going.publish(expires_at=timezone.now() + timedelta(days=1))
    ruth = make_organiser("ruth", first_name="Ruth", last_name="Feldman")
    about = {"model": "pages.page", "object_id": page.pk}
    Presence.note("2f0a7f0e-2b9e-4d3c-8a43-5d5b0d0d7a11", ruth, **about)

    text = client.get("/admin/").content.decode()
    assert "The vigil goes live on" in text
    assert "The fast disappears on" in text
    assert "Ruth Feldman: page" in text


def test_organisers_without_the_right_see_neither_panel(client, db):
    SiteSettingsFactory()
    sign_in(client, is_superuser=False)
    page = PageFactory(title="The vigil", publish=False)
    page.publish(live_at=timezone.now() + timedelta(days=2))

    assert "The vigil" not in client.get("/admin/").content.decode()


def test_lines_that_an_organiser_may_not_see_leave_room_for_others(client, db):
    SiteSettingsFactory()
    organiser = sign_in(client, is_superuser=False)
    organiser.user_permissions.add(Permission.objects.get(codename="view_letter"))
    for days in range(1, MAX_LINES + 1):
        PageFactory(publish=False).publish(live_at=timezone.now() + timedelta(days=days))
    LetterFactory(title="To the minister", publish=False).publish(live_at=timezone.now() + timedelta(days=30))

    assert "To the minister goes live on" in client.get("/admin/").content.decode()


def test_a_version_that_a_newer_one_has_replaced_is_not_listed(client, db):
    SiteSettingsFactory()
    sign_in(client)
    page = PageFactory(title="The fast", publish=False)
    page.publish(expires_at=timezone.now() + timedelta(days=1))
    page.publish()

    assert "The fast disappears on" not in client.get("/admin/").content.decode()


def test_the_next_change_is_listed_first(client, db):
    SiteSettingsFactory()
    sign_in(client)
    PageFactory(title="Going", publish=False).publish(expires_at=timezone.now() + timedelta(days=9))
    PageFactory(title="Coming", publish=False).publish(live_at=timezone.now() + timedelta(days=1))

    text = client.get("/admin/").content.decode()
    assert text.index("Coming goes live on") < text.index("Going disappears on")
