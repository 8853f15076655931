from django.db import migrations

# The steps compare `recorded_at`, so it has to be the time at which an entry is really added. Five minutes allow for the
# clocks of two machines. Tests move Python's clock, not the database's, so databases named test_% are exempt unless a
# test asks for the rule, as they are exempt from the rule about TRUNCATE.
ADMIT = """
CREATE FUNCTION businesses_admit_time_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() LIKE 'test\\_%' AND current_setting('campaign.true_clock', true) IS DISTINCT FROM 'on' THEN
        RETURN NEW;
    END IF;
    IF NEW.recorded_at NOT BETWEEN clock_timestamp() - interval '5 minutes' AND clock_timestamp() + interval '5 minutes'
    THEN
        RAISE EXCEPTION 'An entry is recorded at the time at which it is added.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_time BEFORE INSERT ON businesses_entry
FOR EACH ROW WHEN (NOT NEW.is_example) EXECUTE FUNCTION businesses_admit_time_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_time;

CREATE FUNCTION businesses_keep_example_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM businesses_entry WHERE brand_id = NEW.id) THEN
        RAISE EXCEPTION 'A brand with entries stays an example, or stays none.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_example BEFORE UPDATE ON businesses_brand
FOR EACH ROW WHEN (NEW.is_example IS DISTINCT FROM OLD.is_example) EXECUTE FUNCTION businesses_keep_example_1();
ALTER TABLE businesses_brand ENABLE ALWAYS TRIGGER keep_example;

CREATE FUNCTION businesses_admit_publication_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM businesses_entry AS delivered
        WHERE about_id = NEW.about_id AND kind = 'notice'
            AND until < (NEW.recorded_at AT TIME ZONE 'UTC' + interval '14 hours')::date
            AND (
                notice IS NOT NULL
                OR EXISTS (SELECT FROM businesses_entry WHERE about_id = delivered.id AND kind = 'check')
            )
            AND NOT EXISTS (SELECT FROM businesses_entry WHERE corrects_id = delivered.id)
    ) THEN
        RAISE EXCEPTION 'No delivered and checked notice has ended.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admit_publication BEFORE INSERT ON businesses_entry
FOR EACH ROW WHEN (NEW.kind = 'publication' AND NOT NEW.is_example) EXECUTE FUNCTION businesses_admit_publication_1();
ALTER TABLE businesses_entry ENABLE ALWAYS TRIGGER admit_publication;
"""
UNDO = """
DROP TRIGGER admit_time ON businesses_entry; DROP FUNCTION businesses_admit_time_1();
DROP TRIGGER keep_example ON businesses_brand; DROP FUNCTION businesses_keep_example_1();
DROP TRIGGER admit_publication ON businesses_entry; DROP FUNCTION businesses_admit_publication_1();
"""


class Migration(migrations.Migration):
    """Refuse a made-up time, a change between example and real brand, and a claim whose notice nobody has checked."""

    dependencies = [
        ("businesses", "0027_evidence_of_notes"),
    ]

    operations = [migrations.RunSQL(ADMIT, UNDO)]
