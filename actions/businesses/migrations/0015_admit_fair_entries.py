from django.db import migrations

# The rules that concern other rows. Times are compared with a tolerance, because a day depends on the time zone; the
# queries that public pages read compare exactly. Examples may have been approved by nobody.
ADMIT = """
CREATE FUNCTION businesses_admit_entry_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_about businesses_entry;
    v_kind text;
BEGIN
    IF NEW.is_example IS DISTINCT FROM (SELECT is_example FROM businesses_brand WHERE id = NEW.brand_id) THEN
        RAISE EXCEPTION 'An entry is an example if, and only if, its brand is.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.corrects_id IS NOT NULL
        AND NEW.brand_id IS DISTINCT FROM (SELECT brand_id FROM businesses_entry WHERE id = NEW.corrects_id)
    THEN
        RAISE EXCEPTION 'A correction belongs to the same brand.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.about_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO v_about FROM businesses_entry WHERE id = NEW.about_id;
    IF NEW.brand_id IS DISTINCT FROM v_about.brand_id THEN
        RAISE EXCEPTION 'A step belongs to the same brand.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_example THEN
        RETURN NEW;
    END IF;
    IF NEW.kind = 'check' AND (NEW.entered_by IS NULL OR NEW.entered_by = v_about.entered_by) THEN
        RAISE EXCEPTION 'Another organiser has to check an entry.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'notice' AND (
        NEW.until < (NEW.recorded_at AT TIME ZONE 'UTC' - interval '14 hours')::date + 14
        OR CASE WHEN NEW.notice IS NULL
            THEN NEW.entered_by IS NULL OR (NEW.evidence_url = '' AND NEW.document_id IS NULL)
            ELSE NOT EXISTS (
                SELECT FROM mail_message
                WHERE kind = 'businesses.notice' AND object_id = NEW.notice AND outcome = 'sent'
            ) OR NOT EXISTS (SELECT FROM businesses_notice WHERE id = NEW.notice AND about_id = NEW.about_id)
            END
    ) THEN
        RAISE EXCEPTION 'This notice has not been delivered, or leaves too little time.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'publication' AND NOT EXISTS (
        SELECT FROM businesses_entry AS notice
        WHERE about_id = NEW.about_id AND kind = 'notice'
            AND until < (NEW.recorded_at AT TIME ZONE 'UTC' + interval '14 hours')::date
    ) THEN
        RAISE EXCEPTION 'The company can still reply.' USING ERRCODE = 'check_violation';
    END IF;
    v_kind := CASE NEW.kind WHEN 'publication' THEN 'businesses.publish' WHEN 'deadline' THEN 'businesses.deadline' END;
    IF v_kind IS NOT NULL AND NOT EXISTS (
        SELECT FROM approvals_approvalrequest
        WHERE id = NEW.request AND kind = v_kind AND subject = NEW.about_id::text
            AND state = 'agreed' AND approved_at IS NOT NULL AND approved_by_id IS DISTINCT FROM asked_by_id
    ) THEN
        RAISE EXCEPTION 'Two organisers have to approve this.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_entry BEFORE INSERT ON businesses_entry
FOR EACH ROW EXECUTE FUNCTION businesses_admit_entry_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_entry;
"""
UNDO = "DROP TRIGGER admit_entry ON businesses_entry; DROP FUNCTION businesses_admit_entry_1();"


class Migration(migrations.Migration):
    """Refuse a check by the same organiser, and a notice, a claim or a deadline that hasn't gone through every step."""

    dependencies = [
        ("businesses", "0014_answers_become_entries"),
        ("mail", "0001_initial"),
    ]

    operations = [migrations.RunSQL(ADMIT, UNDO)]
