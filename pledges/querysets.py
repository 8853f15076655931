"""Questions we ask of pledges and signatures."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Func, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from campaign.approvals.models import ApprovalRequest
from campaign.mail.limits import RateCount, RateSince
from campaign.pages.models import SiteSettings
from campaign.pages.published import PublishedQuerySet
from campaign.privacy.erasures import Erasure
from pledges.audit import decided
from pledges.signing.tokens import oldest_confirmable

if TYPE_CHECKING:
    from pledges.signature import Signature

LATEST_NAMES = 8
FORGOTTEN_AT_ONCE = 1000
# What is encrypted, and what is hashed to find or compare it by.
SECRETS = ("name", "email", "organisation", "role", "link", "town")
TRACES = ("name_hash", "domain_hash", "family_hash", "network")
COUNTS = Q(state="confirmed")
LISTED = COUNTS & Q(visibility="public") & (Q(kind="person") | Q(approved=True))
# The tally has not seen it yet: it counts and is not tallied, or the other way round, or has no place
# in the public list though it should.
NOT_FOLDED = (COUNTS & Q(tallied=False)) | (~COUNTS & Q(tallied=True)) | (LISTED & Q(public_number=None))
# The signer has confirmed, whatever organisers think of it.
HELD = ("confirmed", "suspected", "invalidated")
# From which states an organiser may bring a signature to which.
MAY_BECOME = {
    "confirmed": ("suspected", "invalidated"),
    "suspected": ("confirmed", "invalidated"),
    "invalidated": ("confirmed", "suspected"),
}


class PledgeQuerySet(PublishedQuerySet):
    """Questions about pledges."""

    def with_count(self) -> Self:
        """Each with `count`, the people counted so far, as of the last step, and `on_paper`, those counted by hand."""
        sheets = self.model.objects.filter(pk=models.OuterRef("pk")).values("pk")
        paper = Subquery(sheets.annotate(total=Sum("sheets__signatures")).values("total"))
        return self.annotate(count=Coalesce(F("tally__count"), 0), on_paper=Coalesce(paper, 0))

    def versions(self) -> models.QuerySet[Any, Any]:
        """For each the times at which what its page shows was last changed: words, count and names, site."""
        site = Subquery(SiteSettings.objects.values("updated_at")[:1])
        return self.values_list("pk", "updated_at", "tally__updated_at", site)

    def erasure_wanted(self, closed_before: datetime, kind: str) -> Self:
        """Return those that closed before then (aware) with no request of this kind open, or done since."""
        requests = ApprovalRequest.objects.filter(kind=kind, subject=Cast(models.OuterRef("pk"), models.CharField()))
        settled = requests.filter(
            Q(state__in=["waiting", "agreed"]) | Q(state="done", ended_at__gt=models.OuterRef("closes_at"))
        )
        return self.filter(closes_at__lt=closed_before).exclude(models.Exists(settled))

    def in_front(self) -> Any:
        """Return the pledge that organisers chose for the home page, with its count; None if there is none."""
        return self.published().filter(on_home_page=True).with_count().prefetch_related("demands").first()


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Questions about signatures."""

    def listed(self) -> Self:
        """Those in a public list, newest first; numbers follow the order in which they were listed."""
        return self.filter(LISTED, public_number__isnull=False).order_by("-public_number")

    def people(self) -> Self:
        """Those of people."""
        return self.filter(kind="person")

    def organisations(self) -> Self:
        """Those of organisations."""
        return self.filter(kind="organisation")

    def latest_names(self) -> models.QuerySet["Signature", tuple[str, str]]:
        """The newest few in the public list of people: names and towns."""
        return self.listed().people().values_list("public_name", "public_town")[:LATEST_NAMES]

    def not_folded(self) -> Self:
        """Those whose change the tally has not seen yet."""
        return self.filter(NOT_FOLDED)

    def confirmable(self, now: datetime) -> Self:
        """Those that wait, and whose message is not too old at `now` (aware)."""
        return self.filter(state="pending", asked_at__gte=oldest_confirmable(now))

    @transaction.atomic
    def confirm(self, now: datetime) -> "Signature | None":
        """Confirm the one that is left, if any, and return it. Two at a time confirm once."""
        signature = self.select_for_update(of=("self",)).select_related("pledge").first()
        if signature:
            signature.become_confirmed(now)
        return signature

    def decide(self, state: str, who: User, why: str, sweep_id: int | None = None) -> int:
        """Bring those of these that may be to another state, by an organiser's word; return how many.

        They are locked and changed in one transaction: give it no more than a few thousand.
        """
        with decided(who, why, sweep_id):
            open_to_it = self.filter(state__in=MAY_BECOME[state])
            locked = open_to_it.select_for_update(of=("self",)).order_by("pk")
            found: Any = list(locked.select_related("pledge").defer(None))
            for signature in found:
                signature.state = state
                signature.doubt = "" if signature.counts else signature.doubt
                signature.show()
            self.model.objects.bulk_update(found, ["state", "doubt", "public_name", "public_town", "public_link"])
            for pledge in {signature.pledge for signature in found}:
                pledge.touch_tally()
        return len(found)

    def held_by(self, pledge: Any, hashed: bytes) -> "Signature | None":
        """The one of this pledge that the address with this hash has confirmed, locked; None if there is none."""
        held = self.filter(pledge=pledge, email_hash=hashed, state__in=HELD)
        return held.select_for_update(of=("self",)).select_related("pledge").first()

    def take_message(self, now: datetime) -> bool:
        """Count one more message at `now` (aware) to those that may have it; return whether there was one."""
        counted = self.alias(one_more=RateCount("messages", "messages_since", now)).exclude(one_more=None)
        return bool(counted.update(messages=F("one_more"), messages_since=RateSince("messages_since", now)))

    def brought_back(self, erasure: Erasure) -> Self:
        """Return the signature that the erasure was about, unchanged since; leave people who have signed again alone.

        Encrypted fields are left out, so that a damaged name can't prevent its own signature from being withdrawn.
        """
        same = self.filter(pledge=erasure.about, email_hash=erasure.address_hash, asked_at__lte=erasure.at)
        done = {
            "withdraw": Q(state="withdrawn"),
            "never": ~Q(state="pending"),
            "private": ~Q(visibility="public") | Q(state="withdrawn"),
            "count": Q(visibility="count") | Q(state="withdrawn"),
        }
        return same.exclude(done[erasure.what]).defer(*SECRETS)

    def known(self) -> Self:
        """Return those for which we still hold anything that identifies the signer."""
        return self.exclude(country="")

    def forget(self) -> int:
        """Erase who they are, 1,000 at a time; return how many there were. What is counted stays as it is.

        They are locked in the order of their keys, as `decide` does. Call it in a transaction.

        The hash of the address goes too, for one that belongs to nobody: there is nothing left to sign twice.
        """
        done, left = 0, self.known().order_by("pk").select_for_update().values_list("pk", flat=True)
        while chosen := list(left[:FORGOTTEN_AT_ONCE]):
            done += self.model.objects.filter(pk__in=chosen).update(**BLANK)
            left = left.filter(pk__gt=chosen[-1])
        return done


NOBODY = Func(template="sha256(uuid_send(gen_random_uuid()))", output_field=models.BinaryField())
BLANK: dict[str, Any] = (
    dict.fromkeys((*SECRETS, *TRACES, "public_number"))
    | dict.fromkeys(("country", "outward", "public_name", "public_town", "public_link"), "")
    | {"visibility": "count", "updates": False, "email_hash": NOBODY}
)
