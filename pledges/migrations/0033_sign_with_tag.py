from importlib import import_module

from django.db import migrations

# How to change one of these once it is released: docs/adr/0010. The code that calls them is in pledges/signing.
SIGN_PLEDGE = """
-- Store a signature, and the message that asks to confirm it. Return whether there is such a pledge, live and open at
-- p_now, and whether its words ever had the number p_wording: a page in a cache may show older ones.
CREATE FUNCTION sign_pledge_4(
    p_slug text,
    p_kind text,
    p_name bytea,
    p_shown_name bytea,
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
    p_wording integer,
    p_updates boolean,
    p_tag text,
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
    v_tag_id bigint;
BEGIN
    SELECT id INTO v_pledge_id FROM pledges_pledge
    WHERE slug = p_slug AND published AND (closes_at IS NULL OR closes_at > p_now)
        -- The newest version whose time has come has not expired.
        AND (
            SELECT expires_at IS NULL OR expires_at > p_now FROM versions_version AS version
            WHERE model = 'pledges.pledge' AND object_id = pledges_pledge.id AND live_at <= p_now
                AND NOT EXISTS (SELECT FROM versions_cancellation WHERE version_id = version.id)
            ORDER BY live_at DESC, number DESC
            LIMIT 1
        )
        AND EXISTS (
            SELECT FROM versions_version AS version
            WHERE model = 'pledges.pledge' AND object_id = pledges_pledge.id AND live_at <= p_now
                AND COALESCE((content #>> '{fields,wording}')::integer, 1) = p_wording
                AND NOT EXISTS (SELECT FROM versions_cancellation WHERE version_id = version.id)
        );
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    -- A tag that organisers don't know is dropped, and "count me only" never stores one.
    IF p_tag <> '' AND p_visibility <> 'count' THEN
        SELECT id INTO v_tag_id FROM tags_tag WHERE slug = p_tag;
    END IF;

    -- Insert a new one. One that is there already is locked, and takes the new link and code if a message may go.
    INSERT INTO pledges_signature AS old (
        id, pledge_id, state, kind, name, shown_name, email, organisation, role, link, town,
        email_hash, name_hash, domain_hash, family_hash, network, disposable, country, outward_code, area_code,
        visibility, wording, updates, tag_id, suspicion, token_hash, code_hash, signed_at, confirmation_sent_at, messages, messages_since,
        public_name, public_town, public_link, approved, in_published_count
    ) VALUES (
        v_new_id, v_pledge_id, 'pending', p_kind, p_name, p_shown_name, p_email, p_organisation, p_role, p_link, p_town,
        p_email_hash, p_name_hash, p_domain_hash, p_family_hash, p_network, p_disposable, p_country, p_outward_code, p_area_code,
        p_visibility, p_wording, p_updates, v_tag_id, p_suspicion, p_token_hash, p_code_hash, p_now, p_now, 1, p_now,
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
            shown_name = p_shown_name,
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
            wording = p_wording,
            updates = p_updates,
            -- Its place in the count by tag is gone or taken, so it is not counted by tag a second time.
            tag_id = CASE WHEN in_published_count THEN NULL ELSE v_tag_id END,
            suspicion = CASE WHEN suspicion = '' THEN p_suspicion ELSE suspicion END
        WHERE pledge_id = v_pledge_id AND email_hash = p_email_hash AND state IN ('pending', 'withdrawn');
    END IF;
    RETURN true;
END
$$;
"""

WITHOUT_TAG = """
-- Code of the last release calls this one during an upgrade. It knows no tags.
CREATE OR REPLACE FUNCTION sign_pledge_3(
    p_slug text,
    p_kind text,
    p_name bytea,
    p_shown_name bytea,
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
    p_wording integer,
    p_updates boolean,
    p_suspicion text,
    p_token_hash bytea,
    p_code_hash bytea,
    p_message_id uuid,
    p_quiet_since timestamptz,
    p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN sign_pledge_4(
        p_slug => p_slug,
        p_kind => p_kind,
        p_name => p_name,
        p_shown_name => p_shown_name,
        p_email => p_email,
        p_organisation => p_organisation,
        p_role => p_role,
        p_link => p_link,
        p_town => p_town,
        p_email_hash => p_email_hash,
        p_name_hash => p_name_hash,
        p_domain_hash => p_domain_hash,
        p_family_hash => p_family_hash,
        p_network => p_network,
        p_disposable => p_disposable,
        p_country => p_country,
        p_outward_code => p_outward_code,
        p_area_code => p_area_code,
        p_visibility => p_visibility,
        p_wording => p_wording,
        p_updates => p_updates,
        p_suspicion => p_suspicion,
        p_token_hash => p_token_hash,
        p_code_hash => p_code_hash,
        p_message_id => p_message_id,
        p_quiet_since => p_quiet_since,
        p_now => p_now,
        p_tag => ''
    );
END
$$;
"""

RELEASED = import_module("pledges.migrations.0024_sign_a_wording")
THIRD_AS_BEFORE = RELEASED.SIGN_PLEDGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """Signing stores the tag of the link that the signer followed; nothing calls the function of two releases ago."""

    dependencies = [("pledges", "0032_check_and_index_tags")]

    operations = [
        migrations.RunSQL(SIGN_PLEDGE, "DROP FUNCTION sign_pledge_4"),
        migrations.RunSQL(WITHOUT_TAG, THIRD_AS_BEFORE),
        migrations.RunSQL("DROP FUNCTION sign_pledge_2", RELEASED.AS_BEFORE),
    ]
