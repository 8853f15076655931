"""A dump of the database, or the logs, reveals nobody who did not choose to be public."""

import logging
import os
import re
import smtplib
import subprocess
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from campaign.devserver import localdb
from campaign.mail.outbox import send_waiting
from campaign.privacy.logs import MaskingFormatter
from pledges.counting.publishing import publish_counts
from pledges.models import Signature
from tests.pledges.conftest import ANSWERS, post_and_agree

NETWORKS = (f"203.0.113.{number}" for number in count(1))
LINK = re.compile(r"https?://[^/\s]+(/pledges/(?:confirm|manage)/(\S+)/)")
# Surname to answers; "confirmed" says whether this person also confirms.
PEOPLE = {
    "Okonjo": {"visibility": "public", "town": "Llanfyllin"},
    "Zilberquit": {"visibility": "public", "shown_name": "Ines Z."},
    "Prendergast": {"visibility": "private"},
    "Vanterpool": {"visibility": "private", "kind": "organisation", "organisation": "Quillfeather Society"},
    "Mirzayeva": {"visibility": "count"},
    "Thistlewood": {"visibility": "public", "confirmed": False},
    "Ravensdale": {"visibility": "count", "confirmed": False},
}
IN_CLEAR = ("Okonjo", "Llanfyllin", "Ines Z.")
SECRETS = ("Quillfeather", "NW3 7UX", "NW37UX", "203.0.113.", *(name for name in PEOPLE if name != "Okonjo"))

pytestmark = pytest.mark.django_db(transaction=True)


def address(name):
    return f"Ines.{name}@Mailhost.example"


@pytest.fixture
def post(client):
    """Post from a different network each time, so that nobody is held for review."""

    def post(path, answers=None):
        return post_and_agree(client, path, answers or {}, headers={"X-Forwarded-For": next(NETWORKS)})

    return post


@pytest.fixture
def messages(post, pledge, mailoutbox, caplog, monkeypatch):
    """Have people sign, confirm and request their link, while some mail is refused; return the messages sent."""
    caplog.set_level(logging.DEBUG)
    for name, changes in PEOPLE.items():
        post(pledge.get_absolute_url(), ANSWERS | {"name": f"Ines {name}", "email": address(name)} | changes)
    send_waiting()
    for message in mailoutbox:
        if PEOPLE[message.to[0].split(".")[1].split("@")[0]].get("confirmed", True):
            post(LINK.search(message.body)[1])
    for name in PEOPLE:
        post(f"{pledge.get_absolute_url()}my-signature/", {"email": address(name)})
    send_waiting()
    monkeypatch.setattr(EmailMessage, "send", refuse)
    for name in ("Prendergast", "Mirzayeva"):
        post(f"{pledge.get_absolute_url()}my-signature/", {"email": address(name)})
    send_waiting()
    publish_counts()
    return mailoutbox


def refuse(message):
    raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, f"{message.to[0]} is unknown".encode())})


def dump():
    """Return the whole test database as SQL. The embedded server's pg_dump also reads older servers."""
    packages = Path(find_spec(localdb.WHEEL).origin).parent.parent
    wanted = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    result = subprocess.run(  # noqa: S603 - our own command
        [packages / localdb.SERVER / "bin" / "pg_dump"],
        env=os.environ | {names[key]: str(value) for key, value in wanted.items() if key in names},
        capture_output=True,
        check=True,
    )
    return result.stdout.decode()


def spellings(word):
    """Yield every form in which a word could appear: as text, and as the hex digits of `bytea`."""
    for text in {word, word.lower(), word.upper()}:
        yield from (text, text.encode().hex())


def found_in(text, words):
    return [word for word in words if any(spelt in text for spelt in spellings(word))]


def tokens(messages):
    return [LINK.search(message.body)[2] for message in messages]


def test_a_dump_names_only_public_signers(messages):
    text = dump()

    assert found_in(text, IN_CLEAR) == list(IN_CLEAR)
    assert found_in(text, SECRETS) == []


def test_a_dump_contains_no_address_and_no_link(messages):
    text = dump()

    assert len(messages) == len(PEOPLE) + 5
    assert found_in(text, [*map(address, PEOPLE), "mailhost.example"]) == []
    assert found_in(text, tokens(messages)) == []


def test_the_logs_name_nobody(messages, caplog):
    records = caplog.get_records("setup")
    text = "\n".join(map(logging.Formatter().format, records))
    assert "was not sent: SMTPRecipientsRefused" in text

    assert found_in(text, [*PEOPLE, *SECRETS, *IN_CLEAR, "mailhost.example"]) == []
    assert found_in("\n".join(map(MaskingFormatter().format, records)), tokens(messages)) == []


def test_a_dump_no_longer_names_people_who_have_withdrawn(messages, post):
    manage = [LINK.search(message.body)[1] for message in messages if "/pledges/manage/" in message.body]
    for path in manage:
        post(path, {"withdraw": "1"})
    publish_counts()

    assert Signature.objects.filter(state="withdrawn").count() == len(manage)
    assert found_in(dump(), IN_CLEAR) == []
