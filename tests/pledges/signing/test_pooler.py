"""Signing behind PgBouncer in transaction mode, which hands each transaction to any of its connections."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from campaign.mail.models import Message
from pledges.models import Signature
from tests.bench.load import request, send, serving
from tests.pledges.conftest import ANSWERS
from tests.pooler import needs_pgbouncer, pooler  # noqa: F401 - a fixture

SIGNS, CLIENTS = 400, 8
SITE = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "GUNICORN_CMD_ARGS": "--keep-alive 300"}

pytestmark = [needs_pgbouncer, pytest.mark.django_db(transaction=True)]


def test_four_hundred_signings_of_many_clients_all_succeed(pooler, pledge):  # noqa: F811
    statuses, measured = set(), []
    with serving("campaign.wsgi", **SITE, DATABASE_URL=pooler) as (port, _pid), ThreadPoolExecutor(CLIENTS) as pool:
        signs = [sign(port, pledge, number) for number in range(SIGNS)]
        for sent in [pool.submit(send, port, signs[start::CLIENTS], measured, statuses) for start in range(CLIENTS)]:
            sent.result()

    assert statuses == {302}
    assert Signature.objects.count() == Message.objects.count() == SIGNS


def sign(port, pledge, number):
    """Return one person's request to sign."""
    body = urlencode(ANSWERS | {"email": f"ruth{number}@example.org", "postcode": ""}).encode()
    return request(port, pledge.get_absolute_url(), body, Sec_Fetch_Site="same-origin")
