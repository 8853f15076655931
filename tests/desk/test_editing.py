"""What the desk shows about the editor."""

from datetime import timedelta

from django.utils import timezone

from campaign.editing.models import Presence
from tests.accounts.organisers import make_organiser, sign_in
from tests.factories import PageFactory, SiteSettingsFactory


def test_the_desk_shows_what_is_scheduled_and_who_is_editing(client, db):
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


def test_organisers_without_the_right_see_neither(client, db):
    SiteSettingsFactory()
    sign_in(client, is_superuser=False)
    page = PageFactory(title="The vigil", publish=False)
    page.publish(live_at=timezone.now() + timedelta(days=2))

    assert "The vigil" not in client.get("/admin/").content.decode()
