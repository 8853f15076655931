"""Replaying the journal of erasures after an old backup is restored."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.privacy import erasures, journal
from campaign.privacy.erasures import Erasure
from campaign.privacy.models import ErasureEntry
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.models.test_erasures import recorded

pytestmark = pytest.mark.usefixtures("journal_path")


@pytest.fixture
def backup(db):
    """Return a function that backs up the table of signatures and returns a function that restores it."""
    copy = io.StringIO()

    def restore():
        copy.seek(0)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pledges_managelink; DELETE FROM pledges_signature")
            cursor.copy_expert("COPY pledges_signature FROM STDIN", copy)
        SuppressedAddress.objects.all().delete()

    def back_up():
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY (SELECT * FROM pledges_signature) TO STDOUT", copy)
        return restore

    return back_up


def replay(*journals):
    """Write waiting entries as a worker would; replay the journals and return the command's output."""
    erasures.write_waiting()
    out = io.StringIO()
    call_command("replay_erasures", *map(str, journals), stdout=out)
    return out.getvalue().strip()


def hide(signature, visibility):
    signature.change(visibility, name=signature.name, shown_name="", town="", updates=False)


def test_erased_people_stay_erased_when_an_old_backup_is_restored(backup):
    pledge = PledgeFactory()
    gone, hidden, counted, stranger, stays = (SignatureFactory(pledge=pledge, public=n != 3) for n in range(5))
    publish_counts()
    restore = backup()
    gone.withdraw()
    hide(hidden, "private")
    hide(counted, "count")
    stranger.suppress(mailbox_hash(stranger.email))
    restore()
    assert Signature.objects.get(pk=gone.pk).name

    assert replay() == "Of 4 erasures, 4 had to be repeated."
    assert "0 had to be repeated" in replay()
    states = {s.pk: (s.state, s.visibility, s.name, s.public_name) for s in Signature.objects.all()}
    assert states == {
        gone.pk: ("withdrawn", "public", None, ""),
        hidden.pk: ("confirmed", "private", hidden.name, ""),
        counted.pk: ("confirmed", "count", None, ""),
        stays.pk: ("confirmed", "public", stays.name, stays.name),
    }
    assert bytes(SuppressedAddress.objects.get().address_hash) == bytes(stranger.email_hash)
    publish_counts()
    assert Pledge.objects.with_count().get().count == 3


def test_a_person_who_has_signed_again_since_is_left_alone(db):
    signature = SignatureFactory(confirmed=True)
    signature.withdraw()
    later = timezone.now() + timedelta(hours=1)
    Signature.objects.update(state="confirmed", confirmation_sent_at=later)

    assert "0 had to be repeated" in replay()
    assert Signature.objects.get().state == "confirmed"


def test_suppressing_one_tag_still_covers_all_tags_when_an_old_backup_is_restored(backup):
    restore = backup()
    signature = SignatureFactory(email="v+a@example.org")
    signature.suppress(mailbox_hash(signature.email))
    restore()
    assert not SuppressedAddress.objects.exists()

    replay()
    assert "0 had to be repeated" in replay()
    for address in ("v+a@example.org", "v+b@example.org", "v@example.org"):
        assert SuppressedAddress.objects.is_suppressed(address)
    assert not SuppressedAddress.objects.is_suppressed("w+a@example.org")


def test_a_line_with_only_the_hash_of_the_address_covers_all_its_tags(db):
    erasures.record(Erasure(timezone.now(), "never", str(PledgeFactory().pk), address_hash("v@example.org")))
    replay()

    assert SuppressedAddress.objects.is_suppressed("v+b@example.org")


def test_a_signature_that_was_pending_in_the_backup_gets_the_visibility_chosen_later(backup, client):
    signature = SignatureFactory(visibility="public")
    restore = backup()
    Signature.objects.update(state="confirmed")
    hide(signature, "private")
    restore()

    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert "0 had to be repeated" in replay()
    again = Signature.objects.get()
    assert (again.state, again.visibility) == ("pending", "private")


def test_a_second_line_written_because_of_a_crash_is_harmless(journal_path, backup):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    journal.append(ErasureEntry.objects.get().line)

    assert recorded(journal_path) == ["withdraw", "withdraw"]
    restore()
    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert Signature.objects.get().state == "withdrawn"


def test_an_entry_that_was_waiting_in_the_backup_is_harmless(journal_path, backup):
    SignatureFactory(confirmed=True).withdraw()
    restore = backup()
    restore()

    assert ErasureEntry.objects.count() == 1
    assert replay() == "Of 1 erasures, 0 had to be repeated."


def test_the_journals_of_several_machines_are_replayed_in_any_order(journal_path, backup, tmp_path):
    one, other = SignatureFactory(public=True), SignatureFactory(public=True)
    restore = backup()
    paths = []
    for act in (lambda: hide(one, "private"), one.withdraw, other.withdraw):
        act()
        erasures.write_waiting()
        paths.append(journal_path.rename(tmp_path / f"machine-{len(paths)}.log"))
    restore()

    assert replay(*reversed(paths), paths[0]) == "Of 3 erasures, 3 had to be repeated."
    assert set(Signature.objects.values_list("state", "public_name")) == {("withdrawn", "")}
    assert "0 had to be repeated" in replay(*paths)


@pytest.mark.parametrize(
    "line",
    [
        "rubbish",
        "2026-11-20T10:00:00+00:00 eat 1 " + "00" * 32,
        "soon withdraw 1 " + "00" * 32,
        "2026-11-20T10:00:00+00:00 withdraw 1 x",
        "2026-11-20T10:00:00+00:00 withdraw 1 00",
        "2026-11-20T10:00:00 withdraw 1 " + "00" * 32,
        "2026-11-20T10:00:00+00:00 withd",
        "\0" * 100,
        "ü",
        "\u2028",
    ],
)
def test_a_damaged_line_is_reported_and_does_not_stop_the_others(journal_path, backup, line):
    signatures = SignatureFactory.create_batch(2, confirmed=True)
    restore = backup()
    for signature in signatures:
        signature.withdraw()
        erasures.write_waiting()
        with journal_path.open("a") as file:
            file.write(line + "\n")
    restore()

    with pytest.raises(CommandError, match="damaged lines: 2, 4"):
        replay()
    assert set(Signature.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_an_erasure_that_fails_is_reported_and_does_not_stop_the_others(journal_path, backup):
    damaged, hidden = SignatureFactory(public=True), SignatureFactory(public=True)
    Signature.objects.filter(pk=damaged.pk).update(name=b"damaged")
    restore = backup()
    journal.append(Erasure(timezone.now(), "withdraw", "no-number", b"x" * 32).line())
    for one in (damaged, hidden):
        journal.append(Erasure(timezone.now(), "private", str(one.pledge_id), bytes(one.email_hash)).line())
    restore()

    with pytest.raises(CommandError) as problem:
        replay()
    assert {"(ValueError).", "(DecryptionError)."} <= set(str(problem.value).split())
    assert Signature.objects.defer("name").get(pk=hidden.pk).visibility == "private"


def test_a_signature_with_a_damaged_name_can_still_be_withdrawn(journal_path, backup):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    restore()
    Signature.objects.update(name=b"damaged")

    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert Signature.objects.get().name is None


def test_a_missing_journal_is_reported_and_does_not_stop_the_others(journal_path, backup, tmp_path):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    erasures.write_waiting()
    restore()

    with pytest.raises(CommandError, match=r"nowhere\.log can't be read"):
        replay(tmp_path / "nowhere.log", journal_path)
    assert Signature.objects.get().state == "withdrawn"


def test_replaying_on_a_machine_without_a_journal_is_refused(settings, db):
    settings.ERASURE_JOURNAL = ""

    with pytest.raises(CommandError, match="keeps no journal"):
        replay()
