from django.db import migrations

# How to change one of these once it is released: docs/adr/0010.
QUEUE_MESSAGE = """
-- Store a message of this kind about this object, due at once.
CREATE FUNCTION queue_message_1(p_id uuid, p_kind text, p_object_id uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mail_message (id, kind, object_id, created_at, due_at, attempts, outcome, problem)
    VALUES (p_id, p_kind, p_object_id, p_now, p_now, 0, 'waiting', '');
END
$$;
"""

# Each is one expression, so that PostgreSQL puts it in place of the call.
MESSAGE_RATE = """
-- The rate rule is three messages to an address in 24 hours, which begin with the first. Return when the 24 hours began
-- in which a message at p_now counts, if those before it began at p_since.
CREATE FUNCTION message_rate_since_1(p_since timestamptz, p_now timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_since <= p_now - interval '24 hours' THEN p_now ELSE p_since END
$$;

-- Return how many messages the address has had in its 24 hours with one more at p_now; NULL if that would be too many.
CREATE FUNCTION message_rate_count_1(p_count integer, p_since timestamptz, p_now timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN message_rate_since_1(p_since, p_now) <> p_since THEN 1 WHEN p_count < 3 THEN p_count + 1 END
$$;
"""


class Migration(migrations.Migration):
    """One place each for queueing a message and for the rate rule, whichever statement or function needs them."""

    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.RunSQL(QUEUE_MESSAGE, "DROP FUNCTION queue_message_1"),
        migrations.RunSQL(MESSAGE_RATE, "DROP FUNCTION message_rate_count_1, message_rate_since_1"),
    ]
