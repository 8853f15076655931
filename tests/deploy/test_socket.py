"""systemd keeps the web server's socket, so nobody is refused while an upgrade restarts it."""

import pytest
from django.core.management import call_command

from pledges.models import Pledge, Signature
from tests.front import NGINX, PATIENCE, HeldFront, front
from tests.traffic import Traffic

RESTARTS = 3
PEOPLE = 8
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not NGINX, reason="nginx is not installed."),
]


@pytest.fixture
def site(transactional_db, tmp_path):
    call_command("load_campaign")
    with front(tmp_path, "http", HeldFront, WEB_WORKERS="2") as site:
        yield site


def test_no_request_is_refused_while_the_web_server_restarts(site):
    path = Pledge.objects.get().get_absolute_url()
    with Traffic(site.port, path, ["/healthz"], PEOPLE, PEOPLE, patience=PATIENCE) as traffic:
        for _restart in range(RESTARTS):
            site.restart()
            traffic.go_on(4 * PEOPLE)

    assert (set(traffic.signing), set(traffic.reading)) == ({302}, {200})
    assert Signature.objects.count() == len(traffic.signed) == traffic.signing[302]
