"""Short descriptions of a few signatures, which an organiser sees before acting on all of them."""

from django.utils import timezone
from django.utils.translation import gettext

from pledges.models import Signature, SignatureQuerySet

SAMPLE_SIZE = 10


def sample(signatures: SignatureQuerySet) -> list[str]:
    """Return a line about each of the ten newest signatures."""
    newest = signatures.order_by("-signed_at").only("signed_at", "state", "country", "name", "sealed_name")
    return [line(signature) for signature in newest[:SAMPLE_SIZE]]


def line(signature: Signature) -> str:
    """Return the hour, state and country, with the name if we hold one: organisers can see it on its page anyway.

    A sealed name is described as such.
    """
    hour = timezone.localtime(signature.signed_at).strftime("%Y-%m-%d %H:00")
    sealed = gettext("name sealed") if signature.sealed_name else None
    known = [hour, str(signature.get_state_display()), signature.country, signature.name or sealed]
    return " · ".join(part for part in known if part)
