"""The journal of erasures, and its replay after an old backup is restored."""

import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.privacy import erasures, journal
from campaign.privacy.crypto import token_hash
from campaign.privacy.erasures import Erasure
from campaign.privacy.models import ErasureEntry
from pledges.counting.publishing import publish_counts
from pledges.management.commands.publish_counts import Steps
from pledges.models import ManageLink, Pledge, Signature
from pledges.models.manage_link import manage_token, suppression_token
from tests.factories import PledgeFactory, SignatureFactory


@pytest.fixture(autouse=True)
def path(settings, tmp_path):
    settings.ERASURE_JOURNAL = str(tmp_path / "kept" / "erasures.log")
    return Path(settings.ERASURE_JOURNAL)


@pytest.fixture
def backup(db):
    """Take a copy of the table of signatures; give what puts it back."""
    copy = io.StringIO()

    def restore():
        copy.seek(0)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pledges_managelink; DELETE FROM pledges_signature")
            cursor.copy_expert("COPY pledges_signature FROM STDIN", copy)
        SuppressedAddress.objects.all().delete()

    def take():
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY pledges_signature TO STDOUT", copy)
        return restore

    return take


def replay(*journals):
    """Return the command's output for entries that a worker has written."""
    erasures.write_waiting()
    out = io.StringIO()
    call_command("replay_erasures", *map(str, journals), stdout=out)
    return out.getvalue().strip()


def lines(path):
    """Return what each line of the journal requests."""
    erasures.write_waiting()
    return [one.what for one in erasures.read(path)[0]]


def hide(signature, visibility):
    signature.change(visibility, name=signature.name, display="full", town="", updates=False)


def test_nobody_comes_back_with_an_old_backup(backup):
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


def test_who_signed_again_since_is_left_alone(db):
    signature = SignatureFactory(confirmed=True)
    signature.withdraw()
    later = timezone.now() + timedelta(hours=1)
    Signature.objects.update(state="confirmed", confirmation_sent_at=later)

    assert "0 had to be repeated" in replay()
    assert Signature.objects.get().state == "confirmed"


def test_never_again_from_one_tag_holds_for_all_tags_after_an_old_backup_is_restored(backup):
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


def test_the_journal_has_one_line_for_an_address_without_a_tag(path, db):
    signature = SignatureFactory(email="v@example.org")
    Signature.objects.get().suppress(mailbox_hash(signature.email))

    assert lines(path) == ["never"]


def test_a_line_that_has_the_hash_of_the_address_alone_holds_for_all_its_tags(db):
    erasures.record(Erasure(timezone.now(), "never", str(PledgeFactory().pk), address_hash("v@example.org")))
    replay()

    assert SuppressedAddress.objects.is_suppressed("v+b@example.org")


def test_who_was_still_to_confirm_when_the_copy_was_made_is_held_as_they_wished_later(backup, client):
    signature = SignatureFactory(visibility="public")
    restore = backup()
    Signature.objects.update(state="confirmed")
    hide(signature, "private")
    restore()

    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert "0 had to be repeated" in replay()
    again = Signature.objects.get()
    assert (again.state, again.visibility) == ("pending", "private")


@pytest.mark.django_db(transaction=True)
def test_an_erasure_is_in_the_journal_as_soon_as_it_is_committed_and_not_before(path):
    signature = SignatureFactory(confirmed=True)
    with transaction.atomic():
        signature.withdraw()
        assert not path.exists()

    assert [one.what for one in erasures.read(path)[0]] == ["withdraw"]
    assert not ErasureEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_erasure_that_failed_is_in_no_journal(path):
    signature = SignatureFactory(confirmed=True)
    with transaction.atomic():
        signature.withdraw()
        transaction.set_rollback(True)

    assert not path.exists()
    assert not ErasureEntry.objects.exists()
    assert Signature.objects.get().name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", ["withdraw", "private", "never"])
def test_where_the_journal_cannot_be_written_the_name_goes_and_the_entry_waits(path, client, asked):
    path.parent.write_text("no folder")
    signature = SignatureFactory(public=asked != "never")
    link, now = uuid.uuid4(), timezone.now()
    hashed = token_hash(manage_token(link))
    ManageLink.objects.create(id=link, pledge=signature.pledge, signature=signature, token_hash=hashed, created_at=now)
    manage = f"/pledges/manage/{manage_token(link)}/"
    unsubscribe = f"/pledges/unsubscribe/{suppression_token(signature.pk, signature.email)}/"
    address, form = {
        "withdraw": (manage, {"withdraw": "1"}),
        "private": (manage, {"name": signature.name, "visibility": "private", "display": "full"}),
        "never": (unsubscribe, {}),
    }[asked]

    assert client.post(address, form).status_code in (200, 302)
    assert not Signature.objects.exclude(public_name="").exists()
    assert f" {asked} " in ErasureEntry.objects.get().line
    path.parent.unlink()
    Steps()()
    assert [one.what for one in erasures.read(path)[0]] == [asked]
    assert not ErasureEntry.objects.exists()


def test_it_holds_no_address_and_no_name(path, db):
    signature = SignatureFactory(confirmed=True)
    name, email = signature.name, signature.email
    signature.withdraw()

    assert lines(path) == ["withdraw"]
    text = path.read_text()
    assert name not in text
    assert email not in text
    assert bytes(signature.email_hash).hex() in text


def test_a_kill_between_writing_and_deleting_makes_a_second_line_that_does_no_harm(path, backup):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    journal.append(ErasureEntry.objects.get().line)

    assert lines(path) == ["withdraw", "withdraw"]
    restore()
    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert Signature.objects.get().state == "withdrawn"


def test_an_entry_that_waited_when_the_copy_was_made_does_no_harm(path, backup):
    SignatureFactory(confirmed=True).withdraw()
    restore = backup()
    restore()

    assert ErasureEntry.objects.count() == 1
    assert replay() == "Of 1 erasures, 0 had to be repeated."


def test_the_journals_of_several_machines_are_replayed_in_any_order(path, backup, tmp_path):
    one, other = SignatureFactory(public=True), SignatureFactory(public=True)
    restore = backup()
    paths = []
    for act in (lambda: hide(one, "private"), one.withdraw, other.withdraw):
        act()
        erasures.write_waiting()
        paths.append(path.rename(tmp_path / f"machine-{len(paths)}.log"))
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
def test_a_damaged_line_is_reported_and_stops_no_other(path, backup, line):
    signatures = SignatureFactory.create_batch(2, confirmed=True)
    restore = backup()
    for signature in signatures:
        signature.withdraw()
        erasures.write_waiting()
        with path.open("a") as file:
            file.write(line + "\n")
    restore()

    with pytest.raises(CommandError, match="line 2, 4"):
        replay()
    assert set(Signature.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_one_that_cannot_be_done_is_reported_and_stops_no_other(path, backup):
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


def test_a_damaged_name_does_not_keep_its_signature_from_being_withdrawn(path, backup):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    restore()
    Signature.objects.update(name=b"damaged")

    assert replay() == "Of 1 erasures, 1 had to be repeated."
    assert Signature.objects.get().name is None


def test_a_journal_that_is_not_there_is_reported_and_stops_no_other(path, backup, tmp_path):
    signature = SignatureFactory(confirmed=True)
    restore = backup()
    signature.withdraw()
    erasures.write_waiting()
    restore()

    with pytest.raises(CommandError, match=r"nowhere\.log can't be read"):
        replay(tmp_path / "nowhere.log", path)
    assert Signature.objects.get().state == "withdrawn"


def test_a_machine_without_a_journal_says_so_when_asked_to_replay(settings, db):
    settings.ERASURE_JOURNAL = ""

    with pytest.raises(CommandError, match="keeps no journal"):
        replay()


def test_a_change_that_hides_nothing_is_no_erasure(path, db):
    signature = SignatureFactory(confirmed=True)
    held = {"name": "New Name", "display": "full", "town": "", "updates": False}
    signature.change("private", **held)
    assert not ErasureEntry.objects.exists()

    signature.change("public", **held)
    signature.change("private", **held)
    assert lines(path) == ["private"]
