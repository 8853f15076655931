"""A process that signs and reports how long it took; runs in this checkout or an older one, on a separate database.

It uses only `Pledge.sign` and the form's page, which every version has. The answers that it signs with are captured
from one post. Run it by its path, with the checkout on PYTHONPATH: see test_compared.
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from pledges.models import Pledge  # noqa: E402

ANSWERS = {"name": "Ruth Feldman", "email": "ruth@example.org", "country": "GB", "kind": "person", "agree": "on"}
ANSWERS |= {"visibility": "private", "postcode": ""}


def post(path, number):
    """Sign with the form."""
    assert client.post(path, ANSWERS | {"email": f"post{number}@example.org"}).status_code == 302


def call(slug, number):
    """Sign with the form's answers as they are."""
    assert Pledge.sign(slug, replace(answers, email=f"call{number}@example.org"))


def backend_seconds(pid):
    """Return the processor time that PostgreSQL has used for our connection, in seconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measured(act, numbers):
    """Run it for each number; return mean milliseconds of elapsed time, our and PostgreSQL's processor time, and both.

    A post's elapsed time includes the pause before a public form's response, which makes all responses take equally
    long.
    """
    pid = connection.cursor().connection.info.backend_pid
    before = time.perf_counter(), time.process_time(), backend_seconds(pid)
    for number in numbers:
        act(number)
    after = time.perf_counter(), time.process_time(), backend_seconds(pid)
    clock, web, database = ((late - early) * 1000 / len(numbers) for early, late in zip(before, after, strict=True))
    return clock, web, database, web + database


call_command("migrate", verbosity=0)
call_command("load_campaign", verbosity=0, stdout=sys.stderr)
connection.settings_dict["CONN_MAX_AGE"] = None
pledge = Pledge.objects.get()
path = pledge.get_absolute_url()
client = Client(headers={"Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"})
with patch.object(Pledge, "sign", return_value=True) as signing:
    post(path, 0)
_slug, answers = signing.call_args.args
ways = {"call": lambda number: call(pledge.slug, number), "post": lambda number: post(path, number)}
print("ready", flush=True)  # noqa: T201 - its purpose
for line in sys.stdin:
    way, start, count = line.split()
    print(json.dumps(measured(ways[way], range(int(start), int(start) + int(count)))), flush=True)  # noqa: T201
