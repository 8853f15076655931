"""Reading the mailbox of bounces: a real IMAP server, a Maildir folder and an mbox file."""

import imaplib
import logging
import mailbox
import ssl

import pytest
from django.core.management import CommandError, call_command

from campaign.bounces import reading, reports
from campaign.mail.models import Reason, SuppressedAddress
from campaign.mailings.models import Delivery
from tests.certificates import certificate, trust
from tests.factories import SignatureFactory
from tests.mail.bounces.conftest import delivery
from tests.mail.bounces.imapserver import PASSWORD, USER, imap_server
from tests.mail.bounces.samples import EVE, RUTH, sample
from tests.sizes import size

pytestmark = pytest.mark.django_db

POISON = b"From: a@example.org\nX-Poison: yes\n\npoison\n"


@pytest.fixture(scope="module")
def imap(tmp_path_factory):
    path = certificate(tmp_path_factory.mktemp("imap") / "imap.pem")
    with imap_server(path) as url:
        yield url, path


@pytest.fixture(params=size(["maildir", "mbox"], ["maildir", "mbox", "imap"]))
def box(request, settings, tmp_path, monkeypatch):
    """Return a mailbox of each kind, for BOUNCES_URL, with the functions `put` and `left`."""
    if request.param == "imap":
        return request.getfixturevalue("imap_box")
    settings.BOUNCES_URL = f"{request.param}://{tmp_path / 'bounces'}"
    return LocalBox(tmp_path / "bounces", {"maildir": mailbox.Maildir, "mbox": mailbox.mbox}[request.param])


@pytest.fixture
def imap_box(imap, settings, monkeypatch):
    """Return a folder on a real IMAP server, with the same functions."""
    url, path = imap
    trust(monkeypatch, path)
    settings.BOUNCES_URL = url
    return ImapBox(url, path)


class LocalBox:
    """A Maildir folder or an mbox file."""

    def __init__(self, path, kind):
        self.path, self.kind = path, kind
        kind(path).close()

    def put(self, *raw):
        box = self.kind(self.path)
        for each in raw:
            box.add(each)
        box.close()

    def left(self):
        boxes = [self.kind(path) for path in (self.path, f"{self.path}.unreadable")]
        numbers = [len(box) for box in boxes]
        for box in boxes:
            box.close()
        return numbers


class ImapBox:
    """A folder on an IMAP server."""

    def __init__(self, url, path):
        self.port, self.path = int(url.rpartition(":")[2].split("/")[0]), path
        with self.session() as session:
            session.store("1:*", "+FLAGS", r"(\Deleted)")
            session.expunge()

    def session(self):
        context = ssl.create_default_context(cafile=self.path)
        session = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context)
        session.login(USER, PASSWORD)
        session.select("INBOX")
        return session

    def put(self, *raw):
        with self.session() as session:
            for each in raw:
                assert session.append("INBOX", None, None, each.replace(b"\n", b"\r\n"))[0] == "OK"

    def left(self):
        with self.session() as session:
            found = [session.search(None, flag)[1][0].split() for flag in ("UNFLAGGED", "FLAGGED")]
        return [len(each) for each in found]


def choke(raw, recipient):
    """Fail on one poisonous message, and read all others."""
    if b"X-Poison" in raw:
        raise RecursionError(f"while reading {raw}")
    return reports.outcome(raw, recipient)


def test_bounces_on_a_mail_server_are_deleted_once_handled_and_flagged_if_unreadable(imap_box, mailing, monkeypatch):
    monkeypatch.setattr(reading, "outcome", choke)
    imap_box.put(sample("gmail"), POISON, sample("out_of_office"))

    assert call_command("read_bounces") == "Reports about our messages: 1. Other messages: 1. Unreadable, set aside: 1."
    assert SuppressedAddress.objects.of_address(RUTH).get().reason == Reason.BOUNCED
    assert mailing.deliveries.get().bounce == Delivery.Bounce.HARD
    assert imap_box.left() == [0, 1]
    assert call_command("read_bounces").startswith("Reports about our messages: 0.")


def test_bounces_are_handled_and_every_message_is_deleted(box, mailing):
    box.put(
        sample("postfix"), sample("out_of_office"), sample("qmail", EVE, sealed_to=RUTH), b"Subject: hello\n\nhello\n"
    )

    assert call_command("read_bounces") == "Reports about our messages: 1. Other messages: 3. Unreadable, set aside: 0."
    assert SuppressedAddress.objects.of_address(RUTH).get().reason == Reason.BOUNCED
    assert not SuppressedAddress.objects.of_address(EVE).exists()
    assert mailing.deliveries.get().bounce == Delivery.Bounce.HARD
    assert box.left() == [0, 0]


def test_a_message_that_breaks_the_reader_is_set_aside_and_the_others_are_still_read(box, monkeypatch, caplog):
    monkeypatch.setattr(reading, "outcome", choke)
    box.put(POISON, sample("spam_report"), POISON)

    assert call_command("read_bounces") == "Reports about our messages: 1. Other messages: 0. Unreadable, set aside: 2."
    assert box.left() == [0, 2]
    assert SuppressedAddress.objects.of_address(RUTH).get().reason == Reason.SPAM
    assert "poison" not in caplog.text.lower().replace("x-poison", "")
    assert call_command("read_bounces").endswith("Unreadable, set aside: 0.")
    assert box.left() == [0, 2]


def test_a_huge_message_is_read_only_to_the_end_of_its_report(box):
    box.put(sample("postfix") + b"x" * 1_500_000)

    assert call_command("read_bounces").startswith("Reports about our messages: 1.")
    assert box.left() == [0, 0]


def test_nothing_in_a_message_is_logged(box, caplog):
    caplog.set_level(logging.DEBUG)
    box.put(*[sample(name, "c4n4ry@example.org") for name in ("postfix", "exim", "spam_report", "full")])
    call_command("read_bounces")

    assert "c4n4ry" not in caplog.text


def test_a_redacted_report_is_matched_to_its_recipient(box, mailing):
    signature = SignatureFactory(email=RUTH, confirmed=True, updates=True)
    row = delivery(mailing, EVE, source="pledges.signers", row=signature.pk)
    row.save()
    box.put(sample("spam_report", "redacted", sealed_to=RUTH, key=f"news.{row.pk}"))
    call_command("read_bounces")

    assert SuppressedAddress.objects.of_address(RUTH).get().reason == Reason.SPAM


def test_reading_a_bounce_twice_changes_nothing(box, mailing):
    for _ in range(2):
        box.put(sample("gmail"))
        call_command("read_bounces")

    assert SuppressedAddress.objects.count() == 1


def test_without_a_mailbox_there_is_nothing_to_read(settings):
    settings.BOUNCES_URL = ""

    assert call_command("read_bounces") == "BOUNCES_URL is not set, so there is no mailbox to read."


@pytest.mark.parametrize("fault", ["password", "certificate", "nobody", "missing"])
def test_a_mailbox_that_cannot_be_used_is_reported_in_one_line_without_its_password(
    imap, settings, monkeypatch, tmp_path, fault
):
    url, path = imap
    trust(monkeypatch, certificate(tmp_path / "other.pem") if fault == "certificate" else path)
    settings.BOUNCES_URL = {
        "password": url.replace("hunter2", "hunter3"),
        "certificate": url,
        "nobody": "imaps://bounces:hunter2@127.0.0.1:9/INBOX",
        "missing": f"mbox://{tmp_path}/nothing/here",
    }[fault]

    with pytest.raises(CommandError, match=r"^The bounce mailbox can't be used \([\w.]+\)\.$"):
        call_command("read_bounces")
