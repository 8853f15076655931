"""A model field for sealed boxes: bytes in the database, and in Python text that people can copy."""

from typing import Any

from django.db import models

from campaign.privacy import sealing


class SealedField(models.BinaryField):
    """A box such as "sealed:3q2+7w…" (`campaign.privacy.sealing`), or None. The server can't open it."""

    # For mypy: django-stubs reads these.
    _pyi_private_set_type: str | None
    _pyi_private_get_type: str | None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False} | kwargs)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = sealing.as_bytes(value)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: memoryview | None, expression: object, connection: object) -> str | None:
        return None if value is None else sealing.as_text(bytes(value))

    def value_to_string(self, obj: models.Model) -> str:
        return ""
