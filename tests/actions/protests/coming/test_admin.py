"""What organisers see of attendees: how many are coming and, with a further right, their names."""

import pytest
from django.contrib.auth.models import Permission

from campaign.audit.models import AuditEntry
from tests.accounts.organisers import sign_in, sign_in_as
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.actions.protests.coming.conftest import NEXT_TUESDAY, TUESDAY

LIST = "/admin/protests/protest/"


@pytest.fixture
def attendees(protest):
    AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None, name="Not confirmed")
    AttendeeFactory(protest=protest, on=NEXT_TUESDAY, name="Somebody else")
    named = AttendeeFactory(protest=protest, on=TUESDAY, email="ruth@example.org", name="Ruth Feldman")
    return [named, *AttendeeFactory.create_batch(2, protest=protest, on=TUESDAY)]


def see_names(user):
    user.user_permissions.add(Permission.objects.get(codename="see_attendee_names"))


def test_organisers_see_how_many_are_coming_and_never_an_address_or_a_name(client, protest, attendees):
    sign_in_as(client, "Events")
    pages = [client.get(url).content.decode() for url in (LIST, f"{LIST}{protest.pk}/change/", "/admin/")]
    numbers = client.get(f"{LIST}{protest.pk}/coming/").content.decode()

    assert f'<a href="{LIST}{protest.pk}/coming/">4</a>' in pages[0]
    assert f'<a href="{LIST}{protest.pk}/coming/">4</a>' in pages[1]
    assert "Coming on Tuesday" in pages[2]
    assert "Tuesday 24 November 2026" in numbers
    assert "<td>3</td>" in numbers
    for page in [*pages, numbers]:
        assert "Ruth" not in page
        assert "example.org" not in page


def test_seeing_names_needs_a_further_right(client, protest, attendees):
    sign_in_as(client, "Events")
    path = f"{LIST}{protest.pk}/coming/names/"

    assert "Show the names" not in client.get(f"{LIST}{protest.pk}/coming/").content.decode()
    assert client.post(path, {"on": TUESDAY}).status_code == 403


def test_showing_names_is_recorded_each_time(client, protest, attendees):
    user = sign_in_as(client, "Events")
    see_names(user)
    path = f"{LIST}{protest.pk}/coming/names/"
    text = client.post(path, {"on": TUESDAY}).content.decode()

    assert "Ruth Feldman" in text
    for hidden in ("Somebody else", "Not confirmed", "example.org"):
        assert hidden not in text
    (entry,) = AuditEntry.objects.filter(act="see_names")
    assert (entry.model, entry.object_id) == ("protests.protest", str(protest.pk))
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("on", ["", "2026-13-01", "tomorrow", "2026-12-02"])
def test_an_invalid_date_shows_no_names(client, protest, attendees, on):
    sign_in(client)
    response = client.post(f"{LIST}{protest.pk}/coming/names/", {"on": on}, follow=True)

    assert response.status_code == 200
    assert "Ruth" not in response.content.decode()


def test_a_protest_that_people_are_coming_to_cannot_be_deleted(client, protest, attendees):
    sign_in(client)
    assert client.post(f"{LIST}{protest.pk}/delete/", {"post": "yes"}).status_code == 403

    for attendee in attendees:
        type(attendee).objects.all().erase()
    assert client.post(f"{LIST}{protest.pk}/delete/", {"post": "yes"}).status_code == 302


def test_the_front_page_gives_the_day_in_the_protests_time_zone(client, protest):
    far = ProtestFactory(slug="far", takes_names=True, timezone="America/Los_Angeles")
    AttendeeFactory(protest=far, on=TUESDAY)
    sign_in_as(client, "Events")

    assert "Coming on Tuesday" in client.get("/admin/").content.decode()
