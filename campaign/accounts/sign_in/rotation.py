"""Re-encrypting organisers' second factors with a new key. Allauth stores them as JSON, and there are only a few."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from campaign.privacy.crypto import DecryptionError

# The secret of an authenticator app, and the seed or the texts of recovery codes.
ENCRYPTED = ("secret", "seed", "migrated_codes")


@transaction.atomic
def rotate_second_factors() -> list[int]:
    """Re-encrypt all second factors; return the primary keys of any that can't be decrypted."""
    damaged = []
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        try:
            authenticator.data |= {
                name: _reencrypted(value) for name, value in authenticator.data.items() if name in ENCRYPTED and value
            }
        except (DecryptionError, ValueError):
            damaged.append(authenticator.pk)
        else:
            authenticator.save(update_fields=["data"])
    return damaged


def _reencrypted(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_reencrypted(one)) for one in value]
    return get_adapter().encrypt(get_adapter().decrypt(value))
