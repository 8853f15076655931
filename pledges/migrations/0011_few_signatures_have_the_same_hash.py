from django.db import migrations

# Signing is planned once for all values (pledges.signing). Where most addresses are of one domain, as at first they may
# be, the planner would expect every domain to have as many and not look it up by its index: so it is told what is usual.
# https://www.postgresql.org/docs/current/sql-altertable.html, "n_distinct"
COLUMNS = ('network', 'domain_hash', 'family_hash')


def tell(option):
    return ''.join(f'ALTER TABLE pledges_signature ALTER COLUMN {column} {option};' for column in COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0010_links_asked_for'),
    ]

    operations = [
        migrations.RunSQL(tell('SET (n_distinct = -0.1)'), tell('RESET (n_distinct)')),
    ]
