"""Add an index in a migration while people sign, even if the table is partitioned (docs/adr/0027-partitions.md)."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently

from pledges.models.signatures.partitions import TABLE, about, partition_names


class AddSignatureIndex(AddIndexConcurrently):
    """An `AddIndexConcurrently` for the table of signatures. PostgreSQL refuses that one on a partitioned table.

    Each partition gets its index on its own. What a build that was interrupted has left is removed first.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not about().is_partitioned:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        self._ensure_not_in_transaction(schema_editor)
        index, on = self.index.name, f'ON "{TABLE}"'
        model = to_state.apps.get_model(app_label, self.model_name)
        create = str(self.index.create_sql(model, schema_editor))
        schema_editor.execute(f'DROP INDEX IF EXISTS "{index}"')
        schema_editor.execute(create.replace(on, f'ON ONLY "{TABLE}"'))
        for number, name in enumerate(partition_names()):
            part = f"{index}_{number}"
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{part}"')
            concurrently = create.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")
            schema_editor.execute(concurrently.replace(f'"{index}"', f'"{part}"').replace(on, f'ON "{name}"'))
            schema_editor.execute(f'ALTER INDEX "{index}" ATTACH PARTITION "{part}"')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if about().is_partitioned:
            schema_editor.execute(f'DROP INDEX "{self.index.name}"')
        else:
            super().database_backwards(app_label, schema_editor, from_state, to_state)
