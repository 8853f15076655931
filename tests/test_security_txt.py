"""/.well-known/security.txt says where to report a weakness, by the rules of RFC 9116."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from tests.factories import PageFactory, SiteSettingsFactory

PATH = "/.well-known/security.txt"
REPEATABLE = {"Acknowledgments", "Canonical", "Contact", "Encryption", "Hiring", "Policy"}  # RFC 9116, section 2.5
ONCE = {"Expires", "Preferred-Languages"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # RFC 5646, the tags that people use


@pytest.fixture
def reachable(db):
    return SiteSettingsFactory(contact_email="us@example.org")


def fields(client):
    """Return the fields of the file, in order. Checks the grammar of each line (RFC 9116, section 4)."""
    text = client.get(PATH).content.decode()
    assert text.endswith("\n")
    lines = text.splitlines()
    assert all(re.fullmatch(r"[A-Za-z-]+: \S.*", line) for line in lines), text
    return [tuple(line.split(": ", 1)) for line in lines]


def test_the_file_keeps_the_rules_of_the_rfc(client, reachable):
    PageFactory(slug="security")
    found = fields(client)
    names = [name for name, _value in found]
    values = dict(found)

    assert set(names) <= REPEATABLE | ONCE
    assert {"Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"} == set(names)
    assert all(names.count(name) == 1 for name in ONCE)
    assert values["Contact"] == "mailto:us@example.org"
    assert RFC_3339.fullmatch(values["Expires"])
    assert all(LANGUAGE.fullmatch(tag.strip()) for tag in values["Preferred-Languages"].split(","))
    assert values["Canonical"] == f"{settings.SITE_URL}{PATH}"
    assert values["Policy"] == f"{settings.SITE_URL}/security/"
    assert client.get(urlsplit(values["Policy"]).path).status_code == 200


def test_it_is_plain_text_that_caches_may_keep_and_sets_no_cookie(client, reachable):
    response = client.get(PATH)

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert client.get(PATH, headers={"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_it_expires_in_the_future_and_within_a_year(client, reachable, hour):
    now = datetime(2027, 3, 28, hour, 59, 59, tzinfo=UTC)  # clocks go forward that day
    with time_machine.travel(now, tick=False):
        expires = datetime.fromisoformat(dict(fields(client))["Expires"])

    assert timedelta(days=30) < expires - now < timedelta(days=365)


def test_without_a_contact_there_is_no_file(client, db):
    assert client.get(PATH).status_code == 404
    SiteSettingsFactory(contact_email="")

    assert client.get(PATH).status_code == 404


def test_a_page_that_visitors_cannot_see_is_not_the_policy(client, reachable):
    PageFactory(slug="security", published=False)

    assert "Policy" not in dict(fields(client))


def test_an_odd_address_stays_a_uri(client, db):
    SiteSettingsFactory(contact_email="us+a%b@example.org")

    assert dict(fields(client))["Contact"] == "mailto:us%2Ba%25b@example.org"


def test_the_loaded_campaign_has_a_policy(client, db):
    call_command("load_campaign")

    assert "What we promise" in client.get("/security/").content.decode()
