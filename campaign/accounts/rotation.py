"""Encrypting organisers' second factors with a new key. They are few, and lie within JSON of allauth's."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from campaign.privacy.crypto import DecryptionError

# The secret of an authenticator app, and the seed or the texts of recovery codes.
SEALED = ("secret", "seed", "migrated_codes")


@transaction.atomic
def rotate_second_factors() -> list[int]:
    """Encrypt all of them anew; return the keys of those that no key of ours opens."""
    damaged = []
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        try:
            authenticator.data |= {
                name: _anew(value) for name, value in authenticator.data.items() if name in SEALED and value
            }
        except (DecryptionError, ValueError):
            damaged.append(authenticator.pk)
        else:
            authenticator.save(update_fields=["data"])
    return damaged


def _anew(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_anew(one)) for one in value]
    return get_adapter().encrypt(get_adapter().decrypt(value))
