from django.db import migrations

# How to change one of these once it is released: docs/adr/0010. The code that calls them is in pledges/signing.
SIGN_PLEDGE = """
-- Store a signature, and the message that asks to confirm it. Return whether there is such a pledge, open at p_now.
CREATE FUNCTION sign_pledge_1(
    p_slug text,
    p_kind text,
    p_name bytea,
    p_email bytea,
    p_organisation bytea,
    p_role bytea,
    p_link bytea,
    p_town bytea,
    p_email_hash bytea,
    p_name_hash bytea,
    p_domain_hash bytea,
    p_family_hash bytea,
    p_network bytea,
    p_disposable boolean,
    p_country text,
    p_outward_code text,
    p_area_code text,
    p_visibility text,
    p_display text,
    p_updates boolean,
    p_suspicion text,
    p_token_hash bytea,
    p_code_hash bytea,
    p_message_id uuid,
    p_quiet_since timestamptz,
    p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_new_id uuid := gen_random_uuid();
    v_pledge_id bigint;
    v_signature_id uuid;
BEGIN
    SELECT id INTO v_pledge_id FROM pledges_pledge
    WHERE slug = p_slug AND published AND (closes_at IS NULL OR closes_at > p_now);
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    -- Insert a new one. One that is there already is locked, and takes the new link and code if a message may go.
    INSERT INTO pledges_signature AS old (
        id, pledge_id, state, kind, name, email, organisation, role, link, town,
        email_hash, name_hash, domain_hash, family_hash, network, disposable, country, outward_code, area_code,
        visibility, display, updates, suspicion, token_hash, code_hash, signed_at, confirmation_sent_at, messages, messages_since,
        public_name, public_town, public_link, approved, in_published_count
    ) VALUES (
        v_new_id, v_pledge_id, 'pending', p_kind, p_name, p_email, p_organisation, p_role, p_link, p_town,
        p_email_hash, p_name_hash, p_domain_hash, p_family_hash, p_network, p_disposable, p_country, p_outward_code, p_area_code,
        p_visibility, p_display, p_updates, p_suspicion, p_token_hash, p_code_hash, p_now, p_now, 1, p_now,
        '', '', '', false, false
    )
    ON CONFLICT (pledge_id, email_hash) DO UPDATE SET
        token_hash = excluded.token_hash,
        code_hash = excluded.code_hash,
        confirmation_sent_at = excluded.confirmation_sent_at,
        messages = message_rate_count_1(old.messages, old.messages_since, p_now),
        messages_since = message_rate_since_1(old.messages_since, p_now)
    WHERE (old.state = 'withdrawn' OR old.state = 'pending' AND old.confirmation_sent_at <= p_quiet_since)
        AND message_rate_count_1(old.messages, old.messages_since, p_now) IS NOT NULL
    RETURNING id INTO v_signature_id;
    IF FOUND THEN
        PERFORM queue_message_1(p_message_id, 'pledges.confirm', v_signature_id, p_now);
    END IF;

    -- Replace the answers of one that was there already, unless its signer has confirmed them.
    IF v_signature_id IS DISTINCT FROM v_new_id THEN
        UPDATE pledges_signature SET
            state = 'pending',
            kind = p_kind,
            name = p_name,
            email = p_email,
            organisation = p_organisation,
            role = p_role,
            link = p_link,
            town = p_town,
            name_hash = p_name_hash,
            domain_hash = p_domain_hash,
            family_hash = p_family_hash,
            network = p_network,
            disposable = p_disposable,
            country = p_country,
            outward_code = p_outward_code,
            -- The count by area still holds one that was withdrawn a moment ago.
            area_code = CASE WHEN in_published_count THEN area_code ELSE p_area_code END,
            visibility = p_visibility,
            display = p_display,
            updates = p_updates,
            suspicion = CASE WHEN suspicion = '' THEN p_suspicion ELSE suspicion END
        WHERE pledge_id = v_pledge_id AND email_hash = p_email_hash AND state IN ('pending', 'withdrawn');
    END IF;
    RETURN true;
END
$$;
"""

RESEND_CONFIRMATION = """
-- Queue another message for the pending signature of this address, if it is due one: its link and code replace the old.
CREATE FUNCTION resend_confirmation_1(
    p_slug text,
    p_email_hash bytea,
    p_token_hash bytea,
    p_code_hash bytea,
    p_message_id uuid,
    p_confirmable_since timestamptz,
    p_quiet_since timestamptz,
    p_now timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_signature_id uuid;
BEGIN
    -- The answer does not wait for the disk: it would tell by the time that it takes which addresses are due a message.
    SET LOCAL synchronous_commit = off;

    UPDATE pledges_signature AS old SET
        token_hash = p_token_hash,
        code_hash = p_code_hash,
        confirmation_sent_at = p_now,
        messages = message_rate_count_1(old.messages, old.messages_since, p_now),
        messages_since = message_rate_since_1(old.messages_since, p_now)
    FROM pledges_pledge
    WHERE pledges_pledge.slug = p_slug AND old.pledge_id = pledges_pledge.id AND old.email_hash = p_email_hash
        AND old.state = 'pending' AND old.confirmation_sent_at BETWEEN p_confirmable_since AND p_quiet_since
        AND message_rate_count_1(old.messages, old.messages_since, p_now) IS NOT NULL
    RETURNING old.id INTO v_signature_id;
    IF FOUND THEN
        PERFORM queue_message_1(p_message_id, 'pledges.confirm', v_signature_id, p_now);
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    """Signing and sending again are functions, whose plans the database keeps for as long as a connection lasts."""

    dependencies = [
        ("pledges", "0001_initial"),
        ("mail", "0002_queue_messages_and_limit_their_rate"),
    ]

    operations = [
        migrations.RunSQL(SIGN_PLEDGE, "DROP FUNCTION sign_pledge_1"),
        migrations.RunSQL(RESEND_CONFIRMATION, "DROP FUNCTION resend_confirmation_1"),
    ]
