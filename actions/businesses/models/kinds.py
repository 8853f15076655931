"""The sectors of brands, the kinds of entry in the ledger, and what each kind means for a brand's public status."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """What a brand mainly sells."""

    CLOTHING = "clothing", _("Clothing and textiles")
    SHOES = "shoes", _("Shoes and leather")
    RETAIL = "retail", _("Shops and online shops")
    FOOD = "food", _("Food and drink")
    ELECTRONICS = "electronics", _("Electronics")
    SOLAR = "solar", _("Solar energy")
    VEHICLES = "vehicles", _("Vehicles and their parts")
    TOYS = "toys", _("Toys and games")
    HOME = "home", _("Furniture and household goods")
    COSMETICS = "cosmetics", _("Cosmetics")
    TRAVEL = "travel", _("Hotels and travel")
    FINANCE = "finance", _("Banks and investors")
    OTHER = "other", _("Other")


class Kind(models.TextChoices):
    """What an entry records. The meaning of a code never changes, because old entries use it too."""

    LETTER = "letter", _("letter sent")
    REMINDER = "reminder", _("reminder sent")
    REPLY = "reply", _("reply")
    MEETING = "meeting", _("meeting")
    COMMITMENT = "commitment", _("commitment")
    KEPT = "kept", _("commitment kept")
    BROKEN = "broken", _("commitment broken")
    DECLINED = "declined", _("declined")
    NO_ANSWER = "no_answer", _("no answer after a reminder")
    RETRACTION = "retraction", _("retraction")
    CHECK = "check", _("check")
    NOTICE = "notice", _("notice delivered")
    PUBLICATION = "publication", _("claim published")
    DEADLINE = "deadline", _("deadline approved")
    LISTING = "listing", _("brand’s details")
    HIDDEN = "hidden", _("hidden while a complaint is examined")
    SHOWN = "shown", _("shown again")
    RECEIVED = "received", _("reply received through a link")
    DECIDED = "decided", _("reply published or refused")
    REDACTED = "redacted", _("redacted")


class Level(models.TextChoices):
    """How far a commitment goes."""

    NONE = "none", _("No commitment")
    TALKS = "talks", _("In talks")
    PARTIAL = "partial", _("Committed in part")
    FULL = "full", _("Committed in full")


class Basis(models.TextChoices):
    """How we know what an entry says. The two are never shown alike."""

    SELF_DECLARED = "self", _("Self-declared")
    VERIFIED = "verified", _("Verified by us")


# What organisers record, in the order of the form. Visitors see an entry once another organiser has checked it.
RECORDED = (
    *(Kind.LETTER, Kind.REMINDER, Kind.REPLY, Kind.MEETING, Kind.COMMITMENT),
    *(Kind.KEPT, Kind.BROKEN, Kind.DECLINED, Kind.NO_ANSWER),
)
# Claims against a company. These also need evidence, a delivered notice, time to reply, and two organisers.
CLAIMS = (Kind.BROKEN, Kind.DECLINED, Kind.NO_ANSWER)
# Once the ledger has such an entry, nobody can turn the brand into another company.
NAMES_COMPANY = (*CLAIMS, Kind.DEADLINE, Kind.NOTICE)
# The newest public entry of such a kind decides the status.
DECIDING = (Kind.COMMITMENT, Kind.KEPT, *CLAIMS)
# Visitors must be able to check these, so they need evidence.
NEEDS_EVIDENCE = (Kind.REPLY, *DECIDING)
# These need evidence only if they have a note.
NOTE_NEEDS_EVIDENCE = (Kind.LETTER, Kind.REMINDER, Kind.MEETING)
# A correction of such an entry is in the company's favour, so it takes effect at once. Others wait for a check.
CORRECTED_AT_ONCE = (*CLAIMS, Kind.NOTICE, Kind.DEADLINE)
# These are steps, each about another entry.
ABOUT = (Kind.CHECK, Kind.NOTICE, Kind.PUBLICATION, Kind.DEADLINE, Kind.HIDDEN, Kind.SHOWN, Kind.DECIDED)
# These may be evidence that a commitment was kept. Until organisers have dealt with them, no deadline passes.
MAY_BE_EVIDENCE = (Kind.KEPT, Kind.REPLY, Kind.RECEIVED)
# A redaction may empty these.
REDACTABLE = (*RECORDED, Kind.RETRACTION)
