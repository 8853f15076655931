from django.db import migrations

# Versions replace django-reversion. Code of the last release still writes its tables during an upgrade, so they stay
# until the next one. Their foreign keys go: nothing would empty them any more when an organiser is deleted.
FREE = """
DO $$
DECLARE
    v_key record;
BEGIN
    FOR v_key IN
        SELECT conrelid::regclass AS owner, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid IN (to_regclass('reversion_revision'), to_regclass('reversion_version'))
            AND confrelid IN (to_regclass('auth_user'), to_regclass('django_content_type'))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', v_key.owner, v_key.conname);
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("versions", "0002_append_only")]

    operations = [migrations.RunSQL(FREE, migrations.RunSQL.noop)]
