"""The journal of erasures, and its replay after an old backup is restored."""

import io
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.models import Message, NeverAgain
from campaign.privacy import erasures
from campaign.privacy.erasures import Erasure
from pledges.models import Pledge, Signature
from pledges.tally import fold
from tests.factories import MessageFactory, PledgeFactory, SignatureFactory


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
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
        NeverAgain.objects.all().delete()

    def take():
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY pledges_signature TO STDOUT", copy)
        return restore

    return take


def replay():
    out = io.StringIO()
    call_command("replay_erasures", stdout=out)
    return out.getvalue().strip()


def test_nobody_comes_back_with_an_old_backup(backup):
    pledge = PledgeFactory()
    gone, hidden, counted, stranger, stays = (SignatureFactory(pledge=pledge, public=n != 3) for n in range(5))
    fold()
    restore = backup()
    gone.withdraw()
    for one, visibility in ((hidden, "private"), (counted, "count")):
        one.change(visibility, name=one.name, display="full", town="", updates=False)
    stranger.never_again(mailbox_hash(stranger.email))
    restore()
    assert Signature.objects.get(pk=gone.pk).name

    assert replay() == "Of 4 erasures, 4 had to be made again."
    assert "0 had to be made again" in replay()
    states = {s.pk: (s.state, s.visibility, s.name, s.public_name) for s in Signature.objects.all()}
    assert states == {
        gone.pk: ("withdrawn", "public", None, ""),
        hidden.pk: ("confirmed", "private", hidden.name, ""),
        counted.pk: ("confirmed", "count", None, ""),
        stays.pk: ("confirmed", "public", stays.name, stays.name),
    }
    assert bytes(NeverAgain.objects.get().address_hash) == bytes(stranger.email_hash)
    fold()
    assert Pledge.objects.with_count().get().count == 3


def test_who_signed_again_since_is_left_alone(db):
    signature = SignatureFactory(confirmed=True)
    signature.withdraw()
    later = timezone.now() + timedelta(hours=1)
    Signature.objects.update(state="confirmed", asked_at=later)

    assert "0 had to be made again" in replay()
    assert Signature.objects.get().state == "confirmed"


def test_never_again_from_one_tag_holds_for_all_tags_after_an_old_backup_is_restored(backup):
    restore = backup()
    signature = SignatureFactory(email="v+a@example.org")
    signature.never_again(mailbox_hash(signature.email))
    restore()
    assert not NeverAgain.objects.exists()

    replay()
    assert "0 had to be made again" in replay()
    for address in ("v+a@example.org", "v+b@example.org", "v@example.org"):
        assert NeverAgain.objects.is_suppressed(address)
    assert not NeverAgain.objects.is_suppressed("w+a@example.org")


def test_the_journal_has_one_line_for_an_address_without_a_tag(journal, db):
    signature = SignatureFactory(email="v@example.org")
    Signature.objects.get().never_again(mailbox_hash(signature.email))

    assert len(list(erasures.read(journal))) == 1


def test_a_line_that_has_the_hash_of_the_address_alone_holds_for_all_its_tags(db):
    erasures.record(Erasure(timezone.now(), "never", str(PledgeFactory().pk), address_hash("v@example.org")))
    replay()

    assert NeverAgain.objects.is_suppressed("v+b@example.org")


@pytest.mark.django_db(transaction=True)
def test_the_journal_loses_no_line_to_another(journal):
    def write(number):
        erasures.record(Erasure(timezone.now(), "withdraw", str(number), bytes([number]) * 32))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(100)))
    assert {one.about for one in erasures.read(journal)} == {str(number) for number in range(100)}
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_it_holds_no_address_and_no_name(journal, db):
    signature = SignatureFactory(confirmed=True)
    name, email = signature.name, signature.email
    signature.withdraw()

    text = journal.read_text()
    assert name not in text
    assert email not in text
    assert bytes(signature.email_hash).hex() in text


def test_old_lines_go_with_retention(journal, db):
    now = timezone.now()
    for days in (401, 399):
        erasures.record(Erasure(now - timedelta(days=days), "withdraw", "1", b"x" * 32))
    call_command("retention")

    assert [(now - one.at).days for one in erasures.read(journal)] == [399]


@pytest.mark.parametrize(
    "line",
    [
        "rubbish",
        "2026-11-20T10:00:00+00:00 eat 1 00",
        "soon withdraw 1 00",
        "2026-11-20T10:00:00+00:00 withdraw 1 x",
    ],
)
def test_a_journal_that_is_none_is_refused_whole(journal, line, db):
    SignatureFactory(confirmed=True).withdraw()
    with journal.open("a") as file:
        file.write(line + "\n")

    with pytest.raises(CommandError, match="line 2"):
        replay()


def test_a_journal_that_cannot_be_written_holds_up_no_erasure_and_the_monitor_hears(settings, client, db, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.ERASURE_JOURNAL = str(tmp_path / "file" / "erasures.log")
    signature = SignatureFactory(confirmed=True)
    signature.withdraw()

    assert Signature.objects.get().name is None
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["erasures"]) == (503, False)


def test_a_line_torn_by_a_power_cut_costs_no_later_one(journal, db):
    erasures.record(Erasure(timezone.now(), "withdraw", "1", b"x" * 32))
    with journal.open("a") as file:
        file.write("2026-11-20T10:00:00+00:00 withd")
    erasures.record(Erasure(timezone.now(), "withdraw", "2", b"x" * 32))

    assert journal.read_text().splitlines()[2].split(" ")[2] == "2"
    with pytest.raises(CommandError, match="line 2"):
        replay()


def test_a_line_that_cannot_be_read_stays_and_stops_no_other_rule(journal, db):
    MessageFactory(done_at=timezone.now() - timedelta(days=31), outcome="sent")
    erasures.record(Erasure(timezone.now() - timedelta(days=401), "withdraw", "1", b"x" * 32))
    with journal.open("a") as file:
        file.write("rubbish\n")
    call_command("retention")

    assert journal.read_text() == "rubbish\n"
    assert not Message.objects.exists()


def test_shortening_that_is_cut_off_loses_nothing(journal, db, monkeypatch):
    for days in (401, 1):
        erasures.record(Erasure(timezone.now() - timedelta(days=days), "withdraw", str(days), b"x" * 32))

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(erasures.os, "fsync", die)
    with pytest.raises(KeyboardInterrupt):
        call_command("retention")
    assert {one.about for one in erasures.read(journal)} == {"401", "1"}


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_it_is_shortened_is_not_lost(journal):
    now = timezone.now()
    for _ in range(50):
        erasures.record(Erasure(now - timedelta(days=401), "withdraw", "old", b"x" * 32))

    def act(number):
        if number % 5:
            erasures.record(Erasure(now, "withdraw", str(number), b"x" * 32))
        else:
            erasures.shorten(now - timedelta(days=400))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(100)))
    assert {one.about for one in erasures.read(journal)} == {str(number) for number in range(100) if number % 5}


def test_a_change_that_hides_nothing_is_no_erasure(journal, db):
    signature = SignatureFactory(confirmed=True)
    held = {"name": "New Name", "display": "full", "town": "", "updates": False}
    signature.change("private", **held)
    assert not journal.exists()

    signature.change("public", **held)
    signature.change("private", **held)
    assert [one.what for one in erasures.read(journal)] == ["private"]
