"""SQL for migrations that make a table append-only. Triggers bind even a superuser, whereas grants don't.

They are ENABLE ALWAYS, so they also run under `session_replication_role = replica`. MERGE and INSERT .. ON CONFLICT DO
UPDATE fire them like UPDATE. TRUNCATE is allowed in databases named test_%: Django's `flush` needs it in tests.
https://www.postgresql.org/docs/current/sql-createtrigger.html

Released migrations call these functions, and a site that has applied them keeps its triggers. So to change what a
function writes, add another function. A migration that calls them depends on `0002_append_only` of versions, which adds
`refuse_change_1`.
"""

from django.db import migrations

REFUSE = """
CREATE TRIGGER append_only BEFORE {what} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_1();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
"""
PROTECT = """
CREATE FUNCTION {table}_protect_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_removed CONSTANT text[] := ARRAY[{names}, 'salt', 'redacted_at', 'redaction_reason', 'redaction_request'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {deletable} THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.redacted_at IS NULL AND {emptied} AND NEW.salt IS NULL
        AND NEW.redacted_at IS NOT NULL AND NEW.redaction_reason <> ''
        AND to_jsonb(NEW) - v_removed = to_jsonb(OLD) - v_removed
        AND EXISTS (
            SELECT FROM approvals_approvalrequest
            WHERE id = NEW.redaction_request AND kind = '{kind}' AND subject = OLD.id::text
                AND state = 'agreed' AND approved_at IS NOT NULL AND approved_by_id IS DISTINCT FROM asked_by_id
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rows can only be added to %: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER protect_row BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_protect_1();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER protect_row;
"""
UNDO_PROTECT = "DROP TRIGGER protect_row ON {table}; DROP FUNCTION {table}_protect_1();"
# It runs as the transaction commits, so the lock is held only during the commit, and never while the transaction waits
# for a row. Each statement of a volatile function sees what has been committed by then, so after the lock, it reads the
# link that really is the newest. In any case, the unique `previous` refuses a fork.
CHAIN = """
CREATE FUNCTION {table}_chain_1() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_last bytea;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    SELECT hash INTO v_last FROM {links} ORDER BY id DESC LIMIT 1;
    v_last := COALESCE(v_last, decode(repeat('00', 32), 'hex'));
    INSERT INTO {links} (entry, at, digest, previous, hash) VALUES (
        NEW.id, NEW.{time}, NEW.digest, v_last,
        sha256(v_last || int8send(NEW.id) || int8send((extract(epoch FROM NEW.{time}) * 1000000)::bigint) || NEW.digest)
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER chain_row AFTER INSERT ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({linked}) EXECUTE FUNCTION {table}_chain_1();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER chain_row;
"""
UNDO_CHAIN = "DROP TRIGGER chain_row ON {table}; DROP FUNCTION {table}_chain_1();"


def refuse_changes(table: str) -> migrations.RunSQL:
    """Return an operation after which the table refuses UPDATE, DELETE and TRUNCATE."""
    return _refuse(table, "UPDATE OR DELETE OR TRUNCATE")


def refuse_truncate(table: str) -> migrations.RunSQL:
    """Return an operation after which the table refuses TRUNCATE, which row triggers can't refuse."""
    return _refuse(table, "TRUNCATE")


def allow_redaction_only(table: str, emptied: dict[str, str], kind: str, deletable: str = "false") -> migrations.RunSQL:
    """Return an operation after which rows can't be changed, except by a redaction that two organisers have approved.

    `emptied` maps each column that a redaction sets to its new value in SQL, such as "''" or "NULL"; any column that
    it doesn't name must keep its value, including columns that later migrations add. `kind` is the kind of approval.
    Rows for which `deletable` is true can be deleted; it is SQL that may refer to OLD.
    """
    names = ", ".join(f"'{name}'" for name in emptied)
    values = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM {value}" for name, value in emptied.items())
    sql = PROTECT.format(table=table, names=names, emptied=values, kind=kind, deletable=deletable)
    return migrations.RunSQL(sql, UNDO_PROTECT.format(table=table))


def chain(table: str, links: str, time: str, lock: int, linked: str = "true") -> migrations.RunSQL:
    """Return an operation after which each new row gets a link when its transaction commits.

    `time` is the column with the time at which a row was added. `lock` is one of `campaign.db.Lock`. Only rows for
    which `linked` is true get a link; it is SQL that may refer to NEW.
    """
    sql = CHAIN.format(table=table, links=links, time=time, lock=lock, linked=linked)
    return migrations.RunSQL(sql, UNDO_CHAIN.format(table=table))


def _refuse(table: str, what: str) -> migrations.RunSQL:
    return migrations.RunSQL(REFUSE.format(table=table, what=what), f"DROP TRIGGER append_only ON {table}")
