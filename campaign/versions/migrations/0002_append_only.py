from django.db import migrations

TABLES = ("versions_version", "versions_cancellation")
# A statement trigger also refuses MERGE, upserts and TRUNCATE, and ALWAYS keeps it on while replicas are filled. The
# tests empty their databases, which Django names test_..., between two of them.
REFUSE = """
CREATE FUNCTION refuse_change_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Rows can only be added to %.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_1();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
"""


class Migration(migrations.Migration):

    dependencies = [("versions", "0001_versions_of_content")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change_1()"),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
