"""Settings for the database, and for a replica of it from which public pages are read (campaign.replicas)."""

from typing import Any

import environ

from campaign.devserver import localdb

env = environ.Env()
# Nothing may depend on a session, which a pool in transaction mode (PgBouncer) doesn't keep (docs/adr/0025).
POOLABLE = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
# A machine that is down doesn't respond at all. By default, libpq would wait for minutes until it is connected, and
# TCP for a quarter of an hour once it is.
PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 5}


def databases() -> dict[str, Any]:
    """Return DATABASES: "default", the primary, and "replica" if there is one."""
    found = {"default": _database(env("DATABASE_URL", default="") or localdb.url())}
    if replica := env("REPLICA_DATABASE_URL", default=""):
        found["replica"] = _database(replica) | {"TEST": {"MIRROR": "default"}}
    return found


def _database(url: str) -> dict[str, Any]:
    database = env.db_url_config(url)
    return database | POOLABLE | {"OPTIONS": PATIENCE | database.get("OPTIONS", {})}
