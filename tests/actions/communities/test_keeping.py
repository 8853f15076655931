"""How long communities are kept, the reminder to their contacts, and erasures repeated after a restore."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.communities.models import Community, Complaint, ContactChange, Report
from actions.communities.models.community_queryset import SECRETS
from actions.communities.retention import NOTICE, erase_inactive
from campaign.confirming.never import suppress
from campaign.mail.models import SuppressedAddress
from campaign.privacy.erasures import NOBODY, Erasure
from campaign.privacy.holdings import held_about
from campaign.privacy.rotation import rotations
from pledges.erasure_replay import replay
from tests.actions.communities.factories import CommunityFactory
from tests.factories import OrganiserFactory, SiteSettingsFactory
from tests.mail.links import link_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keep(days):
    """Run the daily command as if it were this many days from now."""
    with time_machine.travel(timezone.now() + days * DAY):
        call_command("retention")


@pytest.fixture
def community():
    return CommunityFactory(listed=True, email="ruth@example.org", active_at=timezone.now())


def test_a_contact_is_asked_thirty_days_before_the_entry_is_erased(community, send):
    SiteSettingsFactory()
    keep(369)
    assert send() == []
    with time_machine.travel(timezone.now() + 371 * DAY):
        call_command("retention")
        call_command("retention")
        [message] = send()
    assert "30 days" in message.body
    keep(400)
    assert Community.objects.get().name
    keep(402)
    row = Community.objects.get()
    assert (row.name, row.email, row.public_name) == (None, None, "")
    keep(404)
    assert not Community.objects.exists()


def test_a_contact_stays_by_pressing_one_button(client, community, send):
    with time_machine.travel(timezone.now() + 371 * DAY):
        call_command("retention")
        link = link_in(send()[0], "/community/manage/")
        assert "still taking part?" in client.get(link).content.decode()
        assert Community.objects.get().reminded_at
        client.post(link, {"what": "stay"})
        assert Community.objects.get().reminded_at is None
    keep(420)
    assert Community.objects.get().name


def test_no_entry_is_erased_within_thirty_days_of_the_question(community):
    keep(1000)
    assert Community.objects.get().name
    keep(1031)
    assert Community.objects.get().name is None


def test_asking_and_erasing_inactive_communities_takes_a_fixed_number_of_queries():
    counts = set()
    for number in (2, 9):
        CommunityFactory.create_batch(number, active_at=timezone.now())
        for days in (380, 420):
            with time_machine.travel(timezone.now() + days * DAY), CaptureQueriesContext(connection) as queries:
                erase_inactive(timezone.now() - 400 * DAY)
            counts.add((days, len(queries)))
    assert len(counts) == 2
    assert not Community.objects.filter(left_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_contact_who_becomes_active_at_the_last_moment_is_not_erased():
    now = timezone.now()
    row = CommunityFactory(active_at=now - 500 * DAY, reminded_at=now - 40 * DAY)

    def erase():
        try:
            return erase_inactive(now - 400 * DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            row.touch(now)
            erased = pool.submit(erase)
            time.sleep(0.5)
        assert erased.result() == 0
    assert Community.objects.get().name


def test_a_late_reminder_is_not_sent_to_an_active_contact(community, send):
    community.queue("communities.reminder", timezone.now())
    assert send() == []


def test_unconfirmed_communities_and_new_contacts_are_deleted(community):
    CommunityFactory(pending=True)
    ContactChange.ask("a@example.org", timezone.now(), community=community, contact_name="A", contact_role="B")
    keep(12)
    assert not Community.objects.filter(confirmed_at=None).exists()
    keep(15)
    assert not ContactChange.objects.exists()
    assert Community.objects.get().name


def test_a_forms_network_hash_is_erased_after_thirty_days(community):
    Community.objects.all().note_attempt(b"n" * 16, timezone.now())
    keep(29)
    assert Community.objects.get().network
    keep(31)
    assert Community.objects.get().network is None


def test_a_subject_access_request_is_answered_in_full(community):
    Report.objects.create(community=community, text="We sang.", sent_at=timezone.now())
    ContactChange.ask("ada@example.org", timezone.now(), community=community, contact_name="Ada", contact_role="Cook")
    Complaint.objects.create(about="An entry", words="It is wrong", email="Ruth@example.org")

    held = str(held_about("ruth@example.org"))
    for text in ("Ruth Example", "Chair", community.name, "We sang.", "It is wrong"):
        assert text in held
    assert "Ada" not in held
    assert "Cook" in str(held_about("ada@example.org"))
    assert "Ruth" not in str(held_about("ada@example.org"))


def test_an_erasure_is_repeated_after_a_backup_is_restored(community):
    erasure = Erasure(timezone.now(), "community", str(community.pk), NOBODY)
    assert Erasure.parse(erasure.line().strip())

    assert replay(erasure)
    assert Community.objects.get().name is None
    assert not replay(erasure)


def test_an_erasure_spares_a_community_that_joined_afterwards():
    row = CommunityFactory()
    assert not replay(Erasure(timezone.now() - 10 * DAY, "community", str(row.pk), bytes(row.email_hash)))


@pytest.fixture
def journal(settings, tmp_path, django_capture_on_commit_callbacks):
    """Return a function that calls `change`, and returns the erasures that this writes to the journal."""
    settings.ERASURE_JOURNAL = str(tmp_path / "journal")

    def written_by(change, *args, **values):
        with django_capture_on_commit_callbacks(execute=True):
            change(*args, **values)
        return [Erasure.parse(line) for line in (tmp_path / "journal").read_text().splitlines()]

    return written_by


def test_leaving_is_recorded_in_the_journal_without_a_trace_of_the_contact(community, journal):
    [erasure] = journal(community.leave, timezone.now())

    assert (erasure.what, erasure.about, erasure.address_hash) == ("community", str(community.pk), NOBODY)


def restore(row):
    """Store a row again, as it was in an old backup."""
    Community.objects.filter(pk=row.pk).delete()
    row.save(force_insert=True)


@pytest.mark.parametrize("by", ["contact", "organiser"])
def test_a_community_that_is_no_longer_named_stays_unnamed_after_a_backup_is_restored(community, journal, by, client):
    entry = {"visibility": "count", "name": community.name, "language": "en-gb", "now": timezone.now() + DAY}
    changes = {
        "contact": lambda: community.change_entry(**entry),
        "organiser": lambda: community.hide_name(OrganiserFactory(), hidden=True),
    }
    [erasure] = journal(changes[by])
    assert not replay(erasure)
    restore(community)

    assert replay(erasure)
    assert Community.objects.get().public_name == ""
    assert not Community.objects.waiting().exists()
    assert community.name not in client.get("/community/list/").content.decode()


def test_a_name_that_was_approved_afterwards_stays(community, journal):
    entry = {"name": "A new name", "language": "en-gb", "now": timezone.now()}
    [erasure] = journal(community.change_entry, visibility="listed", **entry)
    community.refresh_from_db()
    community.approve(OrganiserFactory(), community.naming, timezone.now() + DAY)

    assert not replay(erasure)
    assert Community.objects.get().public_name == "A new name"


def test_a_former_contact_stays_erased_after_a_backup_is_restored(community, journal, client):
    former, now = Community.objects.get(), timezone.now() + DAY
    [erasure] = journal(community.replace_contact, "ada@example.org", "Ada", "Rabbi", now)
    assert not replay(erasure)
    assert Community.objects.get().email == "ada@example.org"
    restore(former)

    assert replay(erasure)
    row = Community.objects.get()
    assert (row.email, row.contact_name, row.contact_role) == (None, None, None)
    assert client.get(f"/community/manage/{former.manage_token}/").status_code == 404
    assert not Community.objects.from_address("ruth@example.org").exists()
    assert not replay(erasure)


def test_a_suppression_is_repeated_after_a_restore(settings, tmp_path, django_capture_on_commit_callbacks):
    row = CommunityFactory(pending=True)
    settings.ERASURE_JOURNAL = str(tmp_path / "journal")
    with django_capture_on_commit_callbacks(execute=True):
        suppress(Community, row.pk, b"x" * 32, timezone.now())
    SuppressedAddress.objects.all().delete()

    assert replay(Erasure.parse((tmp_path / "journal").read_text().strip()))
    assert SuppressedAddress.objects.exists()


def test_key_rotation_covers_every_encrypted_column():
    fields = {str(rotation) for rotation in rotations()}
    assert {f"communities.community.{name}" for name in SECRETS} <= fields
    assert {"communities.report.text", "communities.complaint.email", "communities.contactchange.email"} <= fields


def test_the_notice_is_shorter_than_the_time_that_entries_are_kept(settings):
    assert timedelta(days=settings.KEEP_COMMUNITIES_DAYS) > 2 * NOTICE
