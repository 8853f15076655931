"""Move the rows of Django's own log of the admin here, so that there is one log.

Its texts stay behind: they repeat what organisers typed, and sometimes name a supporter. Only titles of content are kept.
"""

import json
import os
from datetime import UTC
from hashlib import sha256

from django.db import migrations

ACTS = {1: "add", 2: "change", 3: "delete"}
TITLED = {
    *("pages.page", "pledges.pledge", "letters.letter", "protests.protest"),
    *("fundraising.appeal", "fundraising.fund", "businesses.brand", "businesses.calltoaction"),
}
BATCH = 1000


def entry_of(line, model):
    """Return an entry for a line of Django's log, sealed as `AuditEntry.seal` did when this was written."""
    kind = f"{line.content_type.app_label}.{line.content_type.model}" if line.content_type else ""
    title = line.object_repr[:200] if kind in TITLED else ""
    entry = model(
        at=line.action_time,
        act=ACTS[line.action_flag],
        actor=line.user_id,
        actor_name=line.user.username,
        model=kind,
        object_id=(line.object_id or "")[:64],
        title=title,
        detail={},
        salt=os.urandom(16),
    )
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [at, entry.act, entry.actor, entry.actor_name, entry.model, entry.object_id, entry.title, entry.detail]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    entry.digest = sha256(entry.salt + text.encode()).digest()
    return entry


def move(apps, schema_editor):
    """Add an entry for each line, oldest first, and delete the lines."""
    lines = apps.get_model("admin", "LogEntry").objects.filter(action_flag__in=ACTS)
    entries = apps.get_model("audit", "AuditEntry")
    batch = []
    for line in lines.select_related("user", "content_type").order_by("action_time", "pk").iterator(BATCH):
        batch.append(entry_of(line, entries))
        if len(batch) == BATCH:
            entries.objects.bulk_create(batch)
            batch = []
    entries.objects.bulk_create(batch)
    lines.delete()


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_append_only"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Backwards: what has been moved stays, and goes with the table.
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
