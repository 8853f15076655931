from django.db import migrations

ADMIT = """
CREATE FUNCTION businesses_admit_note_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.evidence_url = '' AND NEW.archive_url = '' AND NEW.document_id IS NULL THEN
        RAISE EXCEPTION 'A note about a company needs evidence.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_note BEFORE INSERT ON businesses_entry
FOR EACH ROW WHEN (NEW.kind IN ('letter', 'reminder', 'meeting') AND NEW.note <> '' AND NOT NEW.is_example)
EXECUTE FUNCTION businesses_admit_note_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_note;
"""
UNDO = "DROP TRIGGER admit_note ON businesses_entry; DROP FUNCTION businesses_admit_note_1();"


class Migration(migrations.Migration):
    """Refuse a note about a letter, a reminder or a meeting without evidence. Earlier entries stay as they are."""

    dependencies = [
        ("businesses", "0026_keep_public_commitments"),
    ]

    operations = [migrations.RunSQL(ADMIT, UNDO)]
