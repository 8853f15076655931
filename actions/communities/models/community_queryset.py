"""Queries for communities."""

from datetime import date, datetime, time
from typing import Any, Self

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils import timezone

from actions.communities.models.messages import REMINDER, WELCOME, queue
from actions.communities.models.progress import Report
from campaign.audit.acts import Act
from campaign.audit.log import record_each
from campaign.confirming.attempts import AttemptsQuerySet
from campaign.confirming.models import ConfirmedByMailQuerySet
from campaign.mail.models import Message
from campaign.privacy import erasures
from campaign.public_names.models import NAMES_HIDDEN

LISTED, COUNTED = Q(visibility="listed"), Q(visibility="count")
# The fields that identify a community or its contact.
SECRETS = ("name", "outward_code", "contact_name", "contact_role", "email")
HASHES = ("email_hash", "token_hash", "code_hash", "manage_hash")
# As long as a keyed hash, different in each row, and derived from no data.
RANDOM_HASH = models.Func(template="sha256(uuid_send(gen_random_uuid()))", output_field=models.BinaryField())
ERASED: dict[str, Any] = {
    **dict.fromkeys(SECRETS),
    **dict.fromkeys(HASHES, RANDOM_HASH),
    **{"network": None, "public_name": "", "visibility": "count", "language": "en-gb"},
}


class CommunityQuerySet(AttemptsQuerySet, ConfirmedByMailQuerySet):
    """Queries for communities, and operations on many of them at once."""

    def by_manage_token(self, token: str) -> Self:
        """Return the confirmed community whose manage link contains this token, unless it has left."""
        return super().by_manage_token(token).filter(left_at=None)

    def taking_part(self) -> Self:
        """Return communities that organisers have approved and that haven't left."""
        return self.filter(approved_at__isnull=False, left_at=None)

    def waiting(self) -> Self:
        """Return confirmed communities that are new, or whose name has yet to be approved."""
        unnamed = LISTED & Q(public_name="", name_hidden=False)
        return self.filter(Q(approved_at=None) | unnamed, confirmed_at__isnull=False, left_at=None)

    def listed(self) -> Self:
        """Return communities named on the public list, in alphabetical order, or none while names are hidden."""
        named = self.taking_part().filter(LISTED, ~NAMES_HIDDEN, name_hidden=False).exclude(public_name="")
        return named.order_by(Lower("public_name"), "pk")

    def counted(self, now: datetime) -> Self:
        """Return communities in the published numbers: those taking part at the start of the day of `now` (aware).

        The numbers stay the same all day, so they don't reveal when a community joined or left.
        """
        midnight = start_of_day(timezone.localdate(now))
        return self.filter(approved_at__lt=midnight).filter(Q(left_at=None) | Q(left_at__gte=midnight))

    def by_region(self, now: datetime) -> dict[str, int]:
        """Return the number of communities counted at `now` (aware) in each region."""
        return dict(self.counted(now).order_by().values_list("region").annotate(count=Count("*")))

    def left_before(self, moment: datetime) -> Self:
        """Return what remains of communities that left before `moment` (aware)."""
        return self.filter(left_at__lt=moment)

    def unchanged_since(self, field: str, at: datetime) -> Self:
        """Return communities that haven't left, or changed since `at` (aware) in the way that `field` records.

        `field` contains the time of the last such change, or None if there has been none since they joined. Restoring
        an older backup brings back the data of such communities that was erased at `at`.
        """
        before = Q(**{field: None}, asked_at__lte=at) | Q(**{f"{field}__lte": at})
        return self.filter(before, left_at=None)

    def inactive(self, before: datetime) -> Self:
        """Return communities whose contacts have done nothing since `before` (aware), the longest inactive first."""
        return self.filter(left_at=None, active_at__lt=before).order_by("active_at")

    @transaction.atomic
    def confirm_as_seen(self, answers: str, now: datetime) -> Any:
        """Confirm the first community at `now` (aware) if its answers are those that its contact has seen.

        `answers` is the `answers_digest` from the page with the button. Return the community, or None if it isn't
        confirmed: somebody else may have entered other answers with this address since the page was opened.
        """
        row: Any = self.select_for_update().first()
        return self.confirm(now) if row is not None and row.answers_digest == answers else None

    @transaction.atomic
    def approve_counted(self, organiser: User, now: datetime) -> int:
        """Approve new, counted-only communities, and welcome their contacts; return how many were approved."""
        new = self.waiting().filter(COUNTED, approved_at=None)
        rows: list[Any] = list(new.order_by("pk").select_for_update().only("pk"))
        keys = [row.pk for row in rows]
        self.model.objects.filter(pk__in=keys).update(approved_at=now)
        queue(WELCOME, keys, now)
        record_each(organiser, Act.APPROVE_COMMUNITY, rows)
        return len(rows)

    @transaction.atomic
    def remind(self, now: datetime) -> None:
        """Ask the contacts at `now` (aware) whether their communities still take part, and record the time.

        Communities that are locked are skipped, because their contacts are doing something.
        """
        keys = list(self.select_for_update(skip_locked=True).values_list("pk", flat=True))
        self.model.objects.filter(pk__in=keys).update(reminded_at=now)
        queue(REMINDER, keys, now)

    @transaction.atomic
    def leave(self, now: datetime) -> int:
        """Erase these communities, none of which has left, and their contacts at `now` (aware); return how many.

        The kind and region of an approved community stay until the next midnight, because the published numbers stay
        the same all day. All rows are locked first. So a community that no longer meets the conditions is kept, and
        nothing that a contact sends in the meantime is stored afterwards. The number of queries doesn't depend on the
        number of rows.
        """
        keys = list(self.select_for_update().values_list("pk", flat=True))
        erasures.record(*(erasures.Erasure(now, "community", str(key), erasures.NOBODY) for key in keys))
        Message.objects.waiting().filter(object_id__in=keys).delete()
        Report.objects.filter(community__in=keys).delete()
        apps.get_model("communities.ContactChange").objects.filter(community__in=keys).delete()
        leaving = self.model.objects.filter(pk__in=keys)
        leaving.filter(approved_at=None).delete()
        leaving.update(left_at=now, **ERASED)
        return len(keys)


def start_of_day(day: date) -> datetime:
    """Return the midnight at which a day begins (aware)."""
    return timezone.make_aware(datetime.combine(day, time.min))
