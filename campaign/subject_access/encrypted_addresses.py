"""Finding rows by an e-mail address that is stored encrypted, without a hash."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BinaryField
from django.db.models.functions import Cast

from campaign.email_addresses.canonical import canonical
from campaign.privacy import crypto


def keys_with_address(model: Any, field: str, address: str) -> Iterator[Any]:
    """Yield the keys of a model's rows whose encrypted field holds this address.

    It decrypts every row, so use it only for tables that keep few: a day's links, or a month's requests.
    """
    wanted, purpose = canonical(address), model._meta.get_field(field).purpose
    sealed = model._default_manager.annotate(sealed=Cast(field, BinaryField())).order_by()
    for key, value in sealed.values_list("pk", "sealed"):
        if canonical(_opened(value, purpose)) == wanted:
            yield key


def _opened(value: memoryview | bytes | None, purpose: str) -> str:
    """Return the address in an encrypted value, or "" if it can't be decrypted."""
    try:
        return crypto.decrypt(bytes(value or b""), purpose)
    except crypto.DecryptionError:
        return ""
