"""A signature's states, its signer's choices, and the query conditions that follow from them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The state of a signature."""

    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    HELD_FOR_REVIEW = "held", _("held for review")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Kind(models.TextChoices):
    """Whose signature it is."""

    PERSON = "person", _("a person")
    ORGANISATION = "organisation", _("an organisation")


class Visibility(models.TextChoices):
    """How much of the signer is shown and kept."""

    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")
    COUNT = "count", _("count me only")


class HiddenName(models.TextChoices):
    """Reasons for hiding a public name: a fixed list, because free text might name somebody."""

    ABUSIVE = "abusive", _("it is offensive or abusive")
    FALSE = "false", _("it is made up, or somebody else’s")
    ADVERT = "advert", _("it advertises something")
    REVEALS = "reveals", _("it reveals something about somebody")
    OTHER = "other", _("another reason")


class Suspicion(models.TextChoices):
    """Why a confirmed signature is held for review."""

    AUTOMATIC = "automatic", _("submitted too fast to have been read")
    NETWORK = "network", _("same network as others held for review")
    DOMAIN = "domain", _("many from one mail domain")
    FAMILY = "family", _("many addresses that differ only in digits")


COUNTS = Q(state="confirmed")
LISTED = COUNTS & Q(visibility="public") & (Q(kind="person") | Q(approved=True))
# The published count or list is out of date: the signature counts but isn't in_published_count, or the other way round,
# or it belongs in the public list but has no number in it, or it was signed again under another wording.
UNPUBLISHED = (
    (COUNTS & Q(in_published_count=False))
    | (~COUNTS & Q(in_published_count=True))
    | (LISTED & Q(public_number=None))
    | (Q(in_published_count=True) & ~Q(counted_wording=F("wording")))
)
# The server's keys still open what the public list doesn't show: everything about private signers; the full name of
# public ones, if they show another or signed for an organisation; and addresses, which the site needs until they are
# confirmed, and for news.
TO_SEAL = (
    (Q(visibility="private") & ~Q(name=None, organisation=None))
    | (Q(visibility="public") & ~Q(name=None) & (~Q(shown_name=None) | Q(kind="organisation")))
    | (~Q(state="pending") & Q(updates=False) & ~Q(email=None))
)
# The signer has confirmed, whatever organisers have decided since.
EVER_CONFIRMED = ("confirmed", "held", "rejected")
# For each state, the states from which an organiser may move a signature there.
PREVIOUS_STATES = {
    "confirmed": ("held", "rejected"),
    "held": ("confirmed", "rejected"),
    "rejected": ("confirmed", "held"),
}
