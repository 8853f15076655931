"""Short descriptions of a few signatures, which an organiser sees before acting on all of them."""

from django.utils import timezone

from pledges.models import Signature, SignatureQuerySet

SAMPLE_SIZE = 10


def sample(signatures: SignatureQuerySet) -> list[str]:
    """Return a line about each of the ten newest signatures."""
    return [
        line(signature)
        for signature in signatures.order_by("-signed_at").only("signed_at", "state", "country", "name")[:SAMPLE_SIZE]
    ]


def line(signature: Signature) -> str:
    """Return the hour, state and country, with the name if we hold one: organisers can see it on its page anyway."""
    hour = timezone.localtime(signature.signed_at).strftime("%Y-%m-%d %H:00")
    known = [hour, str(signature.get_state_display()), signature.country, signature.name]
    return " · ".join(part for part in known if part)
