"""Find public names by any part, with an index that needs no extension (the embedded server lacks pg_trgm).

A name is split into all its runs of two and of three characters. Only names that are shown in public are indexed, so
signing doesn't touch the index. The functions use built-in functions only: one that called another of ours would fail
when a backup is restored, because pg_restore builds indexes with an empty search path.
"""

from django.db import migrations

APOSTROPHES = "’‘‛`´′ʹʻʼʽ׳＇"
DASHES = "‐‑‒–—―−־﹣－"
# Lower case, without accents, with the apostrophes and dashes of a keyboard (campaign.text.lookalikes in November 2026).
PLAIN = f"""
lower(regexp_replace(
    normalize(translate(name, '{APOSTROPHES}{DASHES}', '{"''" * len(APOSTROPHES)}{"-" * len(DASHES)}'), NFKD),
    '[\\u0300-\\u036f]', '', 'g'
))
"""
FUNCTIONS = f"""
CREATE FUNCTION pledges_plain_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT {PLAIN}
$$;
CREATE FUNCTION pledges_name_parts(name text, sizes integer[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT substr(plain, place, size)), '{{}}')
    FROM (SELECT {PLAIN} AS plain) AS names, unnest(sizes) AS size, generate_series(1, length(plain) - size + 1) AS place
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION pledges_name_parts(text, integer[]);
DROP FUNCTION pledges_plain_name(text);
"""


class Migration(migrations.Migration):

    dependencies = [("pledges", "0018_hidden_names")]

    operations = [migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS)]
