"""The columns of a signature that identify its signer, and their values once they are erased."""

from typing import Any

from django.db import models
from django.db.models import Func

NEWS_SOURCE = "pledges.signers"  # deliveries of mailings refer to signatures by this name
# What is encrypted, and the hashes to find or compare signatures by.
SECRETS = ("name", "shown_name", "email", "organisation", "role", "link", "town")
TRACES = ("name_hash", "domain_hash", "family_hash", "network")
# What is sealed to the organisers' key after 48 hours (`pledges.models.signatures.sealing`): each box, and its values.
BOXES = {
    "sealed_name": ("name", "shown_name", "town"),
    "sealed_organisation": ("organisation", "role", "link"),
    "sealed_email": ("email",),
}
# What "count me only" never stores, not even while it is pending.
NEVER_NAMED: dict[str, None] = dict.fromkeys((*(field for field in SECRETS if field != "email"), "name_hash"))
NEVER_SEALED: dict[str, None] = dict.fromkeys(BOXES)
NEVER_STORED: dict[str, None] = NEVER_NAMED | NEVER_SEALED | {"tag": None}
NOBODY = Func(template="sha256(uuid_send(gen_random_uuid()))", output_field=models.BinaryField())
BLANK: dict[str, Any] = (
    dict.fromkeys((*SECRETS, *BOXES, *TRACES, "public_number"))
    | dict.fromkeys(("country", "outward_code", "public_name", "public_town", "public_link"), "")
    | {"tag": None, "visibility": "count", "updates": False, "email_hash": NOBODY}
)
SHOWN = ("public_name", "public_town", "public_link", "public_number")
# What signers can change; never `in_published_count`, which `publish_counts` may be writing at the same time.
PERSONAL = ["state", "visibility", "updates", "tag", *SECRETS, *BOXES, *TRACES, *SHOWN]
# What another transaction may have changed since a signature was read.
SEEN = ["state", "visibility", "updates", "suspicion", "public_number", "in_published_count", "tag"]
# What confirming changes.
CONFIRMED = [*PERSONAL, "suspicion", "confirmed_at", "signed_at", "confirmation_sent_at", "messages_since"]
