from django.db import migrations

# The rule about checks in migration 0015 compares two people, so it let through an entry that names nobody.
CHECK = """
CREATE FUNCTION businesses_admit_check_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'check' AND NOT NEW.is_example
        AND (SELECT entered_by FROM businesses_entry WHERE id = NEW.about_id) IS NULL
    THEN
        RAISE EXCEPTION 'An entry that no organiser made needs no check.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_check BEFORE INSERT ON businesses_entry
FOR EACH ROW EXECUTE FUNCTION businesses_admit_check_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_check;
"""
UNDO = "DROP TRIGGER admit_check ON businesses_entry; DROP FUNCTION businesses_admit_check_1();"


class Migration(migrations.Migration):
    """Refuse a check of an entry that names no organiser, because its author could be the one who checks it."""

    dependencies = [
        ("businesses", "0021_find_redactions"),
    ]

    operations = [migrations.RunSQL(CHECK, UNDO)]
