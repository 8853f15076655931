"""Queries for signatures, and changes to many at once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL

from campaign.mail.rate_limit import RateCount, RateSince
from campaign.mailings.models import Delivery
from campaign.public_names.models import NAMES_HIDDEN
from pledges.mailboxes import hashes_of
from pledges.models.pledge import Pledge
from pledges.models.reason import Reason
from pledges.models.signatures import states
from pledges.models.signatures.personal_data import BLANK, NEWS_SOURCE
from pledges.models.signatures.state_changes import attributed_to
from pledges.signing.tokens import oldest_confirmable

if TYPE_CHECKING:
    from pledges.models.signatures.signature import Signature

LATEST_NAMES = 8
MAX_FOUND = 1000
# The first condition uses the index of parts of two or three characters. The second makes sure that the parts are side
# by side: it is slow for common names, and unnecessary for a single part.
NAME_LIKE = """
pledges_name_parts(pledges_signature.public_name, '{2,3}')
    @> pledges_name_parts(%s, ARRAY[LEAST(length(pledges_plain_name(%s)), 3)])
AND (
    length(pledges_plain_name(%s)) <= 3
    OR strpos(pledges_plain_name(pledges_signature.public_name), pledges_plain_name(%s)) > 0
)
"""
ERASE_BATCH = 1000


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Queries for signatures."""

    def listed(self) -> Self:
        """Return signatures in a public list, in reverse order of their numbers, so the newest in the list come first.

        Names that organisers have hidden are left out, and so are all names while the panic switch is on.
        """
        shown = self.filter(states.LISTED, ~NAMES_HIDDEN, public_number__isnull=False, name_hidden="")
        return shown.order_by("-public_number")

    def people(self) -> Self:
        """Return signatures by people, not organisations."""
        return self.filter(kind="person")

    def organisations(self) -> Self:
        """Return signatures by organisations, not people."""
        return self.filter(kind="organisation")

    def latest_names(self) -> models.QuerySet["Signature", tuple[str, str]]:
        """Return the names and towns of the eight newest people in the public list."""
        return self.listed().people().values_list("public_name", "public_town")[:LATEST_NAMES]

    def with_name_like(self, part: str) -> Self:
        """Return the newest 1,000 signatures whose public name contains this text of at least two characters.

        Case, accents, and the kind of apostrophe or dash don't matter (migration 0019).
        """
        matching = RawSQL(NAME_LIKE, [part] * 4, models.BooleanField())  # noqa: S611  # nosec B611 - with parameters
        return self.exclude(public_name="").filter(matching).order_by("-signed_at")[:MAX_FOUND]

    def unpublished(self) -> Self:
        """Return signatures with a change that is not in the published count or list yet."""
        return self.filter(states.UNPUBLISHED)

    def confirmable(self, now: datetime) -> Self:
        """Return pending signatures whose message is not too old at `now` (aware)."""
        return self.filter(state="pending", confirmation_sent_at__gte=oldest_confirmable(now))

    @transaction.atomic
    def confirm(self, now: datetime, reason: str = "") -> "Signature | None":
        """Confirm and return the only signature in the set, if there is one. Two calls at once confirm it only once.

        Its reason, if it has one, is stored only if the signature is public.
        """
        signature = self.select_for_update(of=("self",)).select_related("pledge").first()
        if signature:
            signature.become_confirmed(now)
            if reason and signature.visibility == states.Visibility.PUBLIC:
                Reason.write(signature, reason)
        return signature

    def change_state(self, state: str, organiser: User, reason: str, invalidation_id: int | None = None) -> int:
        """Move every eligible signature to `state`, recording organiser and reason. Return how many were moved.

        They are locked and changed in one transaction: call it on no more than a few thousand.
        """
        with attributed_to(organiser, reason, invalidation_id):
            eligible = self.filter(state__in=states.PREVIOUS_STATES[state])
            locked = eligible.select_for_update(of=("self",)).order_by("pk")
            found: list[Any] = list(locked.select_related("pledge").defer(None))
            for signature in found:
                signature.state = state
                signature.suspicion = "" if signature.counts else signature.suspicion
                signature.refresh_public_name()
            self.model.objects.bulk_update(found, ["state", "suspicion", "public_name", "public_town", "public_link"])
            for pledge in {signature.pledge for signature in found}:
                pledge.touch_published_count()
        return len(found)

    def confirmed_from(self, pledge: Pledge, hashed: bytes) -> Self:
        """Return this pledge's confirmed signature from the address with this hash, if there is one."""
        held = self.filter(pledge=pledge, email_hash=hashed, state__in=states.EVER_CONFIRMED)
        return held.select_related("pledge")

    def of_address(self, address: str) -> Self:
        """Return the signatures of a normalised address: the first signer's, and a second signature if there is one."""
        return self.filter(email_hash__in=hashes_of(address))

    def take_message(self, now: datetime) -> bool:
        """Count one more message at `now` (aware) for signatures within the limit. Return whether there were any."""
        counted = self.alias(one_more=RateCount("messages", "messages_since", now)).filter(one_more__isnull=False)
        return bool(counted.update(messages=F("one_more"), messages_since=RateSince("messages_since", now)))

    def wanting_news(self) -> Self:
        """Return signatures that count and whose signers asked for news. "Count me only" is never among them.

        The panic switch makes no difference. It hides public names, and no message contains one.
        """
        wanted = self.filter(updates=True, state=states.State.CONFIRMED, email__isnull=False)
        return wanted.exclude(visibility=states.Visibility.COUNT)

    def known(self) -> Self:
        """Return signatures for which we still hold anything that identifies the signer."""
        return self.exclude(country="")

    def erase_personal_data(self) -> int:
        """Erase what identifies the signers, 1,000 at a time. Return how many there were. The counts stay the same.

        They are locked in the order of their keys, as in `change_state`. Call it in a transaction.
        The hash of the address is replaced by a random one: nobody can sign a closed pledge twice anyway.
        """
        done, left = 0, self.known().order_by("pk").select_for_update().values_list("pk", flat=True)
        while chosen := list(left[:ERASE_BATCH]):
            done += self.model.objects.filter(pk__in=chosen).update(**BLANK)
            Reason.objects.filter(pk__in=chosen).delete()
            Delivery.objects.pseudonymise(NEWS_SOURCE, chosen)
            left = left.filter(pk__gt=chosen[-1])
        return done
