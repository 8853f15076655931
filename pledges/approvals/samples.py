"""What an organiser sees of a few signatures before acting on all of them."""

from django.utils import timezone

from pledges.querysets import SignatureQuerySet

SAMPLE = 10


def sample(signatures: SignatureQuerySet) -> list[str]:
    """Return a line about each of the ten newest: the hour, the state, the country, and the name if it is public."""
    newest = signatures.order_by("-signed_at").only("signed_at", "state", "country", "public_name")[:SAMPLE]
    return [
        " · ".join(
            filter(
                None,
                [
                    timezone.localtime(one.signed_at).strftime("%Y-%m-%d %H:00"),
                    str(one.get_state_display()),
                    one.country,
                    one.public_name,
                ],
            )
        )
        for one in newest
    ]
