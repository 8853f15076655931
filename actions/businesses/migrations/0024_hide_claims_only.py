from django.db import migrations

# Hiding a claim is in the company's favour. Hiding anything else could bring back an older, worse status.
ADMIT = """
CREATE FUNCTION businesses_admit_hiding_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'hidden' AND NOT EXISTS (
        SELECT FROM businesses_entry WHERE id = NEW.about_id AND kind IN ('broken', 'declined', 'no_answer')
    ) THEN
        RAISE EXCEPTION 'Only a claim can be hidden.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'shown' AND NEW.entered_by IS NOT DISTINCT FROM (
        SELECT entered_by FROM businesses_entry WHERE about_id = NEW.about_id AND kind = 'hidden' ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'Another organiser has to show an entry again.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_hiding BEFORE INSERT ON businesses_entry
FOR EACH ROW WHEN (NEW.kind IN ('hidden', 'shown') AND NOT NEW.is_example)
EXECUTE FUNCTION businesses_admit_hiding_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_hiding;
"""
UNDO = "DROP TRIGGER admit_hiding ON businesses_entry; DROP FUNCTION businesses_admit_hiding_1();"


class Migration(migrations.Migration):
    """Let one organiser hide claims only, and let only another one show them again."""

    dependencies = [
        ("businesses", "0023_notices_that_reach_the_company"),
    ]

    operations = [migrations.RunSQL(ADMIT, UNDO)]
