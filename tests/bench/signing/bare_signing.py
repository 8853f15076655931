"""A bare WSGI callable that signs, with nothing of Django but its clock.

It calls the site's own database function or, with BENCH_SQL=plain, runs a statement that stores the same rows.
"""

import os
import threading
import uuid
from datetime import timedelta

import environ
import psycopg2
from django.utils import timezone
from psycopg2.extras import register_uuid

from pledges.signing.sign import SIGN

# What somebody would write without a function. The table has the same indexes and constraints for both.
PLAIN = """
WITH pledge AS (
    SELECT id FROM pledges_pledge
    WHERE slug = %(slug)s AND published AND (closes_at IS NULL OR closes_at > %(now)s)
        AND (
            SELECT expires_at IS NULL OR expires_at > %(now)s FROM versions_version AS version
            WHERE model = 'pledges.pledge' AND object_id = pledges_pledge.id AND live_at <= %(now)s
                AND NOT EXISTS (SELECT FROM versions_cancellation WHERE version_id = version.id)
            ORDER BY live_at DESC, number DESC LIMIT 1
        )
        AND EXISTS (
            SELECT FROM versions_version AS version
            WHERE model = 'pledges.pledge' AND object_id = pledges_pledge.id AND live_at <= %(now)s
                AND COALESCE((content #>> '{fields,wording}')::integer, 1) = %(wording)s
                AND NOT EXISTS (SELECT FROM versions_cancellation WHERE version_id = version.id)
        )
), signature AS (
    INSERT INTO pledges_signature AS old (
        id, pledge_id, state, kind, name, shown_name, email, organisation, role, link, town, email_hash, name_hash,
        domain_hash, family_hash, network, disposable, country, outward_code, area_code, visibility, wording, updates,
        suspicion, token_hash, code_hash, signed_at, confirmation_sent_at, messages, messages_since, public_name,
        public_town, public_link, approved, in_published_count
    ) SELECT
        gen_random_uuid(), pledge.id, 'pending', %(kind)s, %(name)s, %(shown_name)s, %(email)s, %(organisation)s,
        %(role)s, %(link)s, %(town)s, %(email_hash)s, %(name_hash)s, %(domain_hash)s, %(family_hash)s, %(network)s,
        %(disposable)s, %(country)s, %(outward_code)s, %(area_code)s, %(visibility)s, %(wording)s, %(updates)s,
        %(suspicion)s, %(token_hash)s, %(code_hash)s, %(now)s, %(now)s, 1, %(now)s, '', '', '', false, false
    FROM pledge
    ON CONFLICT (pledge_id, email_hash) DO UPDATE SET
        token_hash = excluded.token_hash, code_hash = excluded.code_hash, messages = old.messages + 1
    WHERE old.state = 'pending' AND old.confirmation_sent_at <= %(quiet_since)s AND old.messages < 3
    RETURNING id
), message AS (
    INSERT INTO mail_message (id, kind, object_id, created_at, due_at, attempts, outcome, problem)
    SELECT %(message_id)s, 'pledges.confirm', id, %(now)s, %(now)s, 0, 'waiting', '' FROM signature
)
SELECT count(*) FROM pledge
"""
SQL = PLAIN if os.environ.get("BENCH_SQL") == "plain" else SIGN
register_uuid()
local = threading.local()
NAMES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}


def connection():
    """Return the thread's own connection, in autocommit as Django's is."""
    if not hasattr(local, "connection"):
        url = environ.Env.db_url_config(os.environ["DATABASE_URL"])
        local.connection = psycopg2.connect(**{key: url[name] for key, name in NAMES.items() if url.get(name)})
        local.connection.autocommit = True
    return local.connection


def application(environment, start_response):
    """Sign with made-up parameters, and redirect."""
    environment["wsgi.input"].read(int(environment["CONTENT_LENGTH"]))
    now = timezone.now()
    answers = dict.fromkeys(("name", "shown_name", "email", "organisation", "role", "link", "town"), b"x" * 60) | {
        "slug": os.environ["BENCH_PLEDGE"],
        "kind": "person",
        "email_hash": uuid.uuid4().bytes * 2,
        "name_hash": uuid.uuid4().bytes,
        "domain_hash": uuid.uuid4().bytes,
        "family_hash": uuid.uuid4().bytes,
        "network": uuid.uuid4().bytes,
        "suspicion": "",
        "disposable": False,
        "area_code": "E14001265",
        "token_hash": uuid.uuid4().bytes * 2,
        "code_hash": uuid.uuid4().bytes * 2,
        "country": "GB",
        "outward_code": "NW3",
        "visibility": "private",
        "wording": 1,
        "updates": False,
        "tag": "",
        "message_id": uuid.uuid4(),
        "now": now,
        "quiet_since": now - timedelta(minutes=10),
    }
    with connection().cursor() as cursor:
        cursor.execute(SQL, answers)
    start_response("303 See Other", [("Location", "/"), ("Content-Length", "0")])
    return [b""]
