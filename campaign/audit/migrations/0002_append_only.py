"""Make the audit log append-only, and chain its entries. Triggers bind a superuser too, as grants don't.

They are ENABLE ALWAYS, so they also run under `session_replication_role = replica`. MERGE and INSERT .. ON CONFLICT DO
UPDATE fire them like UPDATE. TRUNCATE is allowed in databases named test_%: Django's `flush` needs it in tests.
https://www.postgresql.org/docs/current/sql-createtrigger.html
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_no_truncate;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditlink
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_append_only;
"""
UNDO_REFUSE = """
DROP TRIGGER audit_append_only ON audit_auditlink;
DROP TRIGGER audit_no_truncate ON audit_auditentry;
DROP FUNCTION audit_refuse();
"""

# The one UPDATE: a redaction that two people have approved. Every column that it doesn't name must stay as it is, so a
# column that a later migration adds is protected too. The one DELETE: an entry that is more than six years old.
PROTECT_ENTRIES = """
CREATE FUNCTION audit_protect_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    removed CONSTANT text[] := ARRAY['actor', 'actor_name', 'model', 'object_id', 'title', 'detail', 'salt',
        'redacted_at', 'redaction_reason', 'redaction_request'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '6 years' THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.redacted_at IS NULL
        AND NEW.actor IS NULL AND NEW.actor_name = '' AND NEW.model = '' AND NEW.object_id = '' AND NEW.title = ''
        AND NEW.detail = '{}'::jsonb AND NEW.salt IS NULL
        AND NEW.redacted_at IS NOT NULL AND NEW.redaction_reason <> ''
        AND to_jsonb(NEW) - removed = to_jsonb(OLD) - removed
        AND EXISTS (
            SELECT FROM approvals_approvalrequest
            WHERE id = NEW.redaction_request AND kind = 'audit.redact' AND subject = OLD.id::text
                AND state = 'agreed' AND approved_at IS NOT NULL AND approved_by_id IS DISTINCT FROM asked_by_id
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_protect_entry BEFORE UPDATE OR DELETE ON audit_auditentry
FOR EACH ROW EXECUTE FUNCTION audit_protect_entry();
ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_protect_entry;
"""
UNDO_PROTECT_ENTRIES = """
DROP TRIGGER audit_protect_entry ON audit_auditentry;
DROP FUNCTION audit_protect_entry();
"""

# It runs as the transaction commits, so the lock is held for the moment of the commit only, and never while the
# transaction waits for a row. Each statement of a volatile function sees what has been committed by then, so after the
# lock the newest link is really the newest; the unique `previous` refuses a fork in any case.
CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(%(lock)s);
    SELECT hash INTO last FROM audit_auditlink ORDER BY id DESC LIMIT 1;
    last := COALESCE(last, decode(repeat('00', 32), 'hex'));
    INSERT INTO audit_auditlink (entry, at, digest, previous, hash) VALUES (
        NEW.id, NEW.at, NEW.digest, last,
        sha256(last || int8send(NEW.id) || int8send((extract(epoch FROM NEW.at) * 1000000)::bigint) || NEW.digest)
    );
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_chain;
""" % {"lock": 0x61756474}  # "audt": `campaign.db.Lock` lists our other locks
UNDO_CHAIN = """
DROP TRIGGER audit_chain ON audit_auditentry;
DROP FUNCTION audit_chain();
"""


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial"), ("approvals", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, UNDO_REFUSE),
        migrations.RunSQL(PROTECT_ENTRIES, UNDO_PROTECT_ENTRIES),
        migrations.RunSQL(CHAIN, UNDO_CHAIN),
    ]
