"""Every public form that stores what visitors enter has the protections of the form for signing."""

from time import monotonic

import pytest
from django.utils import timezone

from actions.businesses.models import Kind
from campaign.forms import guard
from tests.accounts.organisers import make_established
from tests.actions.businesses.ledger import add
from tests.actions.factories import BrandFactory, CallFactory, ProtestFactory
from tests.factories import PledgeFactory, SiteSettingsFactory

SIGN = "/pledges/a-pledge/"
FORMS = [
    SIGN,
    "/pledges/a-pledge/lost-mailbox/",
    "/protests/a-protest/coming/",
    "/community/join/",
    "/community/complain/",
    "/businesses/endorse/",
    "/businesses/commit/",
    "/businesses/cotton/complain/",
    "/news/",
]
ADDRESSES = [f"{path}send-again/" for path in (SIGN, *FORMS[2:4], *FORMS[5:7], FORMS[8])]


@pytest.fixture
def site(db):
    """Add the objects that the forms are about."""
    SiteSettingsFactory()
    PledgeFactory(slug="a-pledge")
    ProtestFactory(slug="a-protest", takes_names=True)
    CallFactory()
    ada, grace = make_established("ada"), make_established("grace")
    add(BrandFactory(slug="cotton"), Kind.LETTER, ada, grace, happened_on=timezone.localdate())


def test_each_form_is_the_same_for_everybody_and_closed_to_other_sites_and_large_bodies(client, site):
    for path in FORMS:
        page = client.get(path)
        assert page.status_code == 200, path
        assert "public" in page["Cache-Control"], path
        assert not page.cookies, path
        assert b"csrfmiddlewaretoken" not in page.content, path
        assert b'name="stamp"' in page.content, path
        assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
        assert client.post(path, headers={"Content-Length": str(2**20 + 1)}).status_code == 413, path
        answer = client.post(path, {"name": "a\0b"})
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store"), path


def test_each_form_that_is_sent_back_at_once_is_shown_again(client, site, monkeypatch):
    monkeypatch.setattr(guard, "stamp_age", lambda *_arguments: 1)
    for path in FORMS:
        if path != SIGN:  # a signature is held for review instead
            assert "That was very quick" in client.post(path).content.decode(), path


def test_requests_to_send_a_message_again_are_closed_to_other_sites_and_reveal_no_address(client, site):
    for path in ADDRESSES:
        assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
        began = monotonic()
        response = client.post(path, {"email": "nobody@example.org"})
        took = monotonic() - began
        assert (response.status_code, "again=1" in response["Location"]) == (302, True), path
        assert took >= (guard.MIN_ANSWER_SECONDS if path.startswith(SIGN) else guard.MIN_LOOK_UP_SECONDS), path
