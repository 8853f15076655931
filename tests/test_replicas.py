"""Public pages from a replica of the database: two real servers, one of which stops or falls behind."""

import json
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaign import replicas
from campaign.replicas import MAX_LAG, MAX_LAG_WITHOUT_PRIMARY, PRIMARY, REPLICA, Follower
from pledges.models import ManageLink, Pledge, PublishedCount
from pledges.models.manage_link import manage_token
from tests.bench.load import serving
from tests.checkouts import wait_until
from tests.factories import SignatureFactory
from tests.front import SITE, collect_static
from tests.pledges.conftest import ANSWERS
from tests.replication import replicated

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
COUNT = "UPDATE pledges_publishedcount SET count = %s RETURNING count"


class Site:
    """A web process, with its two database servers."""

    def __init__(self, port, path, link, primary, replica):
        self.port, self.path, self.link, self.primary, self.replica = port, path, link, primary, replica

    def fetch(self, path="", method="GET", body=None, **headers):
        """Return the status, headers and body of a response. `path` is absolute, or below the pledge's page."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as client:
            client.request(method, path if path.startswith("/") else self.path + path, body, headers)
            response = client.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()

    def count(self, **headers):
        """Return the published count that visitors see."""
        status, _headers, body = self.fetch("count.json", **headers)
        assert status == 200
        return json.loads(body)["count"]

    def set_count(self, number):
        assert self.primary.ask(COUNT, number) == (number,)

    def sign(self, name):
        body = urlencode(ANSWERS | {"email": f"{name}@example.org", "postcode": ""})
        return self.fetch(method="POST", body=body, **FORM)

    def hold_back(self):
        """Stop the replica from replaying, once it has replayed what the primary has written."""
        (written,) = self.primary.ask("SELECT pg_current_wal_lsn()")
        wait_until(lambda: self.replica.ask("SELECT pg_last_wal_replay_lsn() >= %s", written) == (True,))
        self.replica.ask("SELECT pg_wal_replay_pause()")

    def reads_replica(self):
        """Change the count where only the primary knows, and return whether visitors still see the previous count."""
        self.hold_back()
        before = self.count()
        self.set_count(before + 1)
        after = self.count()
        self.replica.ask("SELECT pg_wal_replay_resume()")
        return after == before


@pytest.fixture
def site(transactional_db):
    call_command("load_campaign")
    collect_static()
    pledge = Pledge.objects.get()
    PublishedCount.objects.create(pledge=pledge, count=1)
    link = link_to_manage(pledge)
    with replicated() as (primary, replica):
        urls = {"DATABASE_URL": primary.url, "REPLICA_DATABASE_URL": replica.url, "WEB_WORKERS": "1"}
        with serving("campaign.wsgi", **SITE, **urls) as (port, _pid):
            site = Site(port, pledge.get_absolute_url(), link, primary, replica)
            wait_until(site.reads_replica)
            yield site


def link_to_manage(pledge):
    """Return the path of a page on which a signer called Ruth looks after her signature."""
    SignatureFactory(confirmed=True, pledge=pledge, email="ruth@example.org", name="Ruth Feldman")
    ManageLink.ask(pledge.slug, "ruth@example.org", timezone.now())
    link = ManageLink.objects.get()
    with transaction.atomic():
        assert link.attach_signature(timezone.now())
    return reverse("pledges:manage", args=[manage_token(link.pk)])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_while_the_primary_is_down_public_pages_are_shown_and_forms_say_when_to_retry(site):
    site.primary.stop()
    pages = ["", "signatories/", "/", "/protests/", "/letters/", "/search/?q=pledge", "/feed.xml", "/sitemap.xml"]
    began = time.monotonic()
    while time.monotonic() < began + MAX_LAG + 3:
        assert [(page, site.fetch(page)[0]) for page in pages] == [(page, 200) for page in pages]
        time.sleep(1)

    status, headers, _body = site.sign("ruth")
    assert (status, headers["Retry-After"]) == (503, "30")
    assert site.fetch("/accounts/login/")[0] == 503

    site.primary.start()
    assert site.sign("ruth")[0] == 302
    assert site.fetch()[0] == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_replica_that_falls_behind_is_left_until_it_has_caught_up(site):
    site.hold_back()
    before = site.count()
    site.set_count(8765)
    began = time.monotonic()
    time.sleep(1.5)
    assert site.count() == before
    assert site.count(Cookie="sessionid=an-organisers") == 8765
    wait_until(lambda: site.count() == 8765)
    assert MAX_LAG - 2 < time.monotonic() - began < MAX_LAG + 3

    site.replica.ask("SELECT pg_wal_replay_resume()")
    wait_until(site.reads_replica)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_pages_come_from_the_primary_while_the_replica_is_down_and_503_if_both_are(site):
    site.replica.stop()
    for number in range(30):
        site.set_count(1000 + number)
        assert site.count() == 1000 + number
        time.sleep(0.1)
    site.primary.stop()
    assert site.fetch()[0] == 503
    site.primary.start()
    assert site.fetch()[0] == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_signer_sees_a_change_at_once_although_the_replica_is_behind(site):
    site.hold_back()
    changes = {"name": "Ruth Feldmann", "visibility": "private"}
    status, headers, _body = site.fetch(site.link, "POST", urlencode(changes), **FORM)
    assert status == 302
    assert "Ruth Feldmann" in site.fetch(headers["Location"])[2]


@pytest.fixture
def follower(monkeypatch):
    """Return a follower whose clock stands at 1,000 seconds."""
    monkeypatch.setattr(replicas.time, "monotonic", lambda: 1000.0)
    follower = Follower()
    follower.has_replica = True
    return follower


@pytest.mark.parametrize(
    ("lag", "primary_silent_for", "sources"),
    [
        (MAX_LAG, 0, [REPLICA, PRIMARY]),
        (MAX_LAG + 1, 0, [PRIMARY, REPLICA]),
        (MAX_LAG + 1, MAX_LAG + 1, [REPLICA, PRIMARY]),
        (MAX_LAG_WITHOUT_PRIMARY + 1, 0, [PRIMARY]),
        (MAX_LAG_WITHOUT_PRIMARY + 1, MAX_LAG + 1, [PRIMARY]),
    ],
)
def test_a_page_is_read_where_it_is_complete(follower, lag, primary_silent_for, sources):
    follower.complete_at, follower.primary_at = 1000.0 - lag, 1000.0 - primary_silent_for

    assert follower.sources() == sources


def test_a_replica_that_does_not_answer_is_not_asked(follower):
    follower.complete_at = follower.primary_at = 1000.0
    follower.has_replica = False

    assert follower.sources() == [PRIMARY]


@pytest.mark.django_db
def test_a_server_in_the_other_role_counts_as_none(follower):
    """Look at the test's database, which is a primary, as both."""
    assert replicas._ask(PRIMARY, replicas.WRITTEN) > 0
    assert replicas._ask(PRIMARY, replicas.REPLAYED) is None
