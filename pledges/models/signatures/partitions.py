"""Divide the table of signatures into partitions, for a site with tens of millions (docs/adr/0027-partitions.md).

A new table is filled and indexed in a schema of its own, and takes the old one's place at the end of the transaction.
Meanwhile people read everything, and whatever would write a signature gets the error of a read-only database, to which
the site responds with 503 and `Retry-After`.

PostgreSQL checks that a value is unique only where the partition key is part of the index. Where it isn't, each
partition has a unique index of its own; and triggers take the place of foreign keys to the table.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction

from campaign.db import READ_ONLY, Lock, lock

TABLE, KEY = "pledges_signature", "email_hash"
SCHEMA = "partitioning"  # where the new table is made
TRIES, LOCK_TIMEOUT = 600, "500ms"  # less than `deadlock_timeout`, so that no visitor's transaction is cancelled for us
MEMORY = "256MB"  # to build indexes with

# While the command has the lock, every other transaction is refused. If the command is killed, the lock goes with it.
REFUSE = f"""
CREATE OR REPLACE FUNCTION pledges_refuse_while_partitioning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared({Lock.PARTITION:d}) THEN
        RAISE 'signatures can''t be changed at the moment' USING ERRCODE = '{READ_ONLY}';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_while_partitioning BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION pledges_refuse_while_partitioning()
"""
ALLOW = f"""
DROP TRIGGER IF EXISTS refuse_while_partitioning ON {TABLE};
DROP FUNCTION IF EXISTS pledges_refuse_while_partitioning()
"""
# What a deferred foreign key does, in both directions: the row that refers to a signature locks it against deletion.
REFERENCES = f"""
CREATE OR REPLACE FUNCTION pledges_signature_exists() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid;
    v_refers boolean;
BEGIN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO v_id USING NEW;
    PERFORM FROM {TABLE} WHERE id = v_id FOR KEY SHARE;
    IF NOT FOUND THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', TG_TABLE_NAME, TG_ARGV[0])
            INTO v_refers USING v_id;
        IF v_refers THEN
            RAISE '% refers to a signature that doesn''t exist', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION pledges_signature_unused() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_refers boolean;
BEGIN
    -- One that has moved to another partition is still there.
    IF NOT EXISTS (SELECT FROM {TABLE} WHERE id = OLD.id) THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', TG_ARGV[0], TG_ARGV[1])
            INTO v_refers USING OLD.id;
        IF v_refers THEN
            RAISE '% still refers to this signature', TG_ARGV[0] USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - the table is ours
REFERENCE = """
CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OF {column} ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION pledges_signature_exists('{column}');
CREATE CONSTRAINT TRIGGER {name} AFTER DELETE OR UPDATE OF id ON {signatures} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pledges_signature_unused('{table}', '{column}')
"""
ABOUT = f"""
SELECT c.relkind = 'p', pg_catalog.pg_has_role(c.relowner, 'MEMBER'), GREATEST(c.reltuples, 0)::bigint,
    pg_total_relation_size(c.oid)
FROM pg_class c WHERE c.oid = '{TABLE}'::regclass
"""  # noqa: S608 - the table is ours
COLUMNS = f"""
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = '{TABLE}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""  # noqa: S608 - the table is ours
INDEXES = f"""
SELECT quote_ident(c.relname), i.indisunique, regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', 'USING '),
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attname = '{KEY}')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = '{TABLE}'::regclass ORDER BY c.relname
"""  # noqa: S608 - the table is ours
FOREIGN_KEYS = f"""
SELECT quote_ident(conname), pg_get_constraintdef(oid), quote_ident(confrelid::regclass::text) FROM pg_constraint
WHERE contype = 'f' AND conrelid = '{TABLE}'::regclass
"""  # noqa: S608 - the table is ours
REFERRING = f"""
SELECT conrelid::regclass::text, quote_ident(conname), quote_ident(a.attname)
FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
WHERE contype = 'f' AND confrelid = '{TABLE}'::regclass
"""  # noqa: S608 - the table is ours
TRIGGERS = f"""
SELECT pg_get_triggerdef(oid) FROM pg_trigger
WHERE tgrelid = '{TABLE}'::regclass AND NOT tgisinternal AND tgname <> 'refuse_while_partitioning'
"""  # noqa: S608 - the table is ours
RIGHTS = f"""
SELECT format('GRANT %s ON {TABLE} TO %s', privilege_type,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = '{TABLE}'::regclass AND grantee <> relowner
"""  # noqa: S608 - the table is ours


class About(NamedTuple):
    """What there is to know before it is partitioned: `rows` is an estimate, and `size` in bytes."""

    is_partitioned: bool
    is_ours: bool
    rows: int
    size: int


def about() -> About:
    """Return what there is to know about the table."""
    return About(*next(_rows(ABOUT)))


def partition_names() -> list[str]:
    """Return the names of the partitions, in order."""
    found = _rows(f"SELECT relid::regclass::text FROM pg_partition_tree('{TABLE}') WHERE isleaf ORDER BY relid")  # noqa: S608
    return [name for (name,) in found]


def partition(count: int, say: Callable[[str], Any]) -> None:
    """Divide the table into `count` partitions by the hash of the address, calling `say` with each step."""
    _run(REFUSE)
    try:
        with transaction.atomic():
            say("Waiting for those who are signing.")
            lock(Lock.PARTITION)
            _replace(count, say)
    finally:
        _run(ALLOW)


def _replace(count: int, say: Callable[[str], Any]) -> None:
    """Fill a partitioned table, index it, and put it in the old one's place."""
    names = [f"{TABLE}_{number}" for number in range(count)]
    _make(names)
    say("Copying the rows.")
    ((columns,),) = _rows(COLUMNS)
    _run(f"INSERT INTO {SCHEMA}.{TABLE} ({columns}) SELECT {columns} FROM {TABLE}")  # noqa: S608 - names of ours
    for statement in _indexes(names):
        say(statement.partition(" ON ")[0].replace("CREATE ", "Building ") + ".")
        _run(statement)
    _run(f"ANALYZE {SCHEMA}.{TABLE}")
    say("Putting the new table in the old one's place.")
    _swap(names)


def _make(names: list[str]) -> None:
    """Make the new table, empty and without indexes."""
    _run(f"CREATE SCHEMA {SCHEMA}; SET LOCAL maintenance_work_mem = '{MEMORY}'")
    _run(f"CREATE TABLE {SCHEMA}.{TABLE} (LIKE {TABLE} INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH ({KEY})")
    for number, name in enumerate(names):
        bounds = f"FOR VALUES WITH (MODULUS {len(names)}, REMAINDER {number})"
        _run(f"CREATE TABLE {SCHEMA}.{name} PARTITION OF {SCHEMA}.{TABLE} {bounds}")


def _swap(names: list[str]) -> None:
    """Drop the old table, and give the new one its place, foreign keys, triggers and rights."""
    keys, referring = list(_rows(FOREIGN_KEYS)), list(_rows(REFERRING))
    after = [f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {definition}" for name, definition, _table in keys]
    after.append(REFERENCES)
    after += [
        REFERENCE.format(table=table, name=name, column=column, signatures=TABLE) for table, name, column in referring
    ]
    after += [statement for (statement,) in (*_rows(TRIGGERS), *_rows(RIGHTS))]
    _lock_all([TABLE, *(table for _name, _definition, table in keys), *(table for table, *_others in referring)])
    before = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _column in referring]
    moves = [f"ALTER TABLE {SCHEMA}.{name} SET SCHEMA public" for name in (TABLE, *names)]
    for statement in (*before, f"DROP TABLE {TABLE}", *moves, f"DROP SCHEMA {SCHEMA}", *after):
        _run(statement)


def _indexes(names: list[str]) -> Iterator[str]:
    """Yield the SQL for each index: on the table, unless it is unique without the key, or else on each partition."""
    for name, is_unique, definition, has_key in _rows(INDEXES):
        if has_key or not is_unique:
            yield f"CREATE {'UNIQUE ' if is_unique else ''}INDEX {name} ON {SCHEMA}.{TABLE} {definition}"
        else:
            for number, partition_name in enumerate(names):
                yield f"CREATE UNIQUE INDEX {name}_{number} ON {SCHEMA}.{partition_name} {definition}"


def _lock_all(tables: list[str]) -> None:
    """Lock the tables against everybody. While somebody else uses one, let everybody go first, and try again."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                _run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; LOCK {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        except OperationalError:
            time.sleep(1)
        else:
            return
    raise OperationalError("Something has used the table for ten minutes. Is a backup running?")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield from cursor.fetchall()
