from django.db import migrations

# A claim against a company needs a notice and time to reply; a lower commitment must not get round that. The brand's row
# is locked, so that two checks at the same time can't pass each other. A kept commitment ranks as one in part, because
# the entry doesn't say how far the commitment went.
ADMIT = """
CREATE FUNCTION businesses_admit_level_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_about businesses_entry;
    v_public businesses_entry;
    v_levels CONSTANT text[] := ARRAY['none', 'talks', 'partial', 'full'];
BEGIN
    SELECT * INTO v_about FROM businesses_entry WHERE id = NEW.about_id;
    IF v_about.kind IS DISTINCT FROM 'commitment' THEN
        RETURN NEW;
    END IF;
    PERFORM FROM businesses_brand WHERE id = v_about.brand_id FOR NO KEY UPDATE;
    SELECT * INTO v_public FROM businesses_entry AS entry
    WHERE brand_id = v_about.brand_id
        AND EXISTS (SELECT FROM businesses_entry WHERE about_id = entry.id AND kind = 'check')
        AND (
            kind IN ('commitment', 'kept')
            OR kind IN ('broken', 'declined', 'no_answer')
            AND EXISTS (SELECT FROM businesses_entry WHERE about_id = entry.id AND kind = 'publication')
            AND NOT EXISTS (
                SELECT FROM businesses_entry AS hiding
                WHERE about_id = entry.id AND kind = 'hidden' AND NOT EXISTS (
                    SELECT FROM businesses_entry WHERE about_id = entry.id AND kind = 'shown' AND id > hiding.id
                )
            )
        )
        AND NOT EXISTS (
            SELECT FROM businesses_entry AS correction
            WHERE corrects_id = entry.id AND (
                entry.kind NOT IN ('commitment', 'kept')
                OR EXISTS (SELECT FROM businesses_entry WHERE about_id = correction.id AND kind = 'check')
            )
        )
    ORDER BY happened_on DESC, recorded_at DESC, id DESC LIMIT 1;
    IF (v_about.corrects_id = v_public.id OR v_about.happened_on >= v_public.happened_on)
        AND array_position(v_levels, v_about.level::text)
            < array_position(v_levels, CASE v_public.kind WHEN 'kept' THEN 'partial' ELSE v_public.level END::text)
    THEN
        RAISE EXCEPTION 'A public commitment cannot be replaced by a lower one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_level BEFORE INSERT ON businesses_entry
FOR EACH ROW WHEN (NEW.kind = 'check' AND NOT NEW.is_example) EXECUTE FUNCTION businesses_admit_level_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_level;
"""
UNDO = "DROP TRIGGER admit_level ON businesses_entry; DROP FUNCTION businesses_admit_level_1();"


class Migration(migrations.Migration):
    """Refuse the check of a commitment that is lower than the one that visitors see."""

    dependencies = [
        ("businesses", "0025_receive_replies"),
    ]

    operations = [migrations.RunSQL(ADMIT, UNDO)]
