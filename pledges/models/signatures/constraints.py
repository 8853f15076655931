"""Constraints on the signature table, and the indexes that its queries use."""

from django.db import models

from pledges.models.signatures.personal_data import NEVER_NAMED, NEVER_SEALED
from pledges.models.signatures.states import LISTED, TO_SEAL, UNPUBLISHED

CONSTRAINTS = [
    models.UniqueConstraint("pledge", "email_hash", name="one_signature_an_address"),
    models.UniqueConstraint("pledge", "public_number", name="one_place_in_the_list"),
    models.CheckConstraint(
        condition=models.Q(public_name="", public_town="", public_link="")
        | models.Q(visibility="public", state="confirmed"),
        name="public_name_only_when_public",
    ),
    models.CheckConstraint(
        condition=~models.Q(visibility="count")
        | models.Q(**NEVER_NAMED)
        & (models.Q(state="pending") | models.Q(email=None, domain_hash=None, family_hash=None, network=None)),
        name="count_only_keeps_nobody",
    ),
    # A tag may stand for a small group, such as the readers of one leaflet.
    models.CheckConstraint(condition=~models.Q(visibility="count") | models.Q(tag=None), name="count_only_has_no_tag"),
    models.CheckConstraint(
        condition=~models.Q(visibility="count") | models.Q(**NEVER_SEALED), name="count_only_seals_nobody"
    ),
]
INDEXES = [
    models.Index(fields=["pledge"], condition=UNPUBLISHED, name="signatures_to_publish"),
    models.Index(fields=["pledge", "-public_number"], condition=LISTED, name="signatures_listed"),
    models.Index(
        fields=["pledge", "-public_number"],
        condition=LISTED & models.Q(kind="organisation"),
        name="signatures_organisations",
    ),
    models.Index(fields=["confirmation_sent_at"], condition=models.Q(state="pending"), name="signatures_pending"),
    models.Index(fields=["confirmed_at"], condition=models.Q(state="held"), name="signatures_held"),
    models.Index(fields=["-signed_at"], name="signatures_newest"),
    models.Index(fields=["network", "signed_at"], condition=~models.Q(network=None), name="signatures_network"),
    models.Index(fields=["domain_hash", "signed_at"], name="signatures_domain"),
    models.Index(fields=["family_hash", "signed_at"], name="signatures_family"),
    models.Index(fields=["name_hash"], condition=~models.Q(name_hash=None), name="signatures_name"),
    models.Index(fields=["area_code"], condition=~models.Q(area_code=""), name="signatures_area"),
    models.Index(fields=["pledge", "id"], condition=models.Q(updates=True), name="signatures_news"),
    models.Index(fields=["tag"], condition=~models.Q(tag=None), name="signatures_by_tag"),
    models.Index(fields=["signed_at"], condition=TO_SEAL, name="signatures_to_seal"),
]
