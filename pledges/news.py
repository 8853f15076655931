"""Signers who asked for news, as recipients of mailings.

This reads only signatures that count and whose signers asked for news. It never reads "count me only", or private
signatures without news, and never compares their addresses with anybody's.
"""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from campaign.mailings.model_source import ModelSource, number_in
from campaign.mailings.sources import SOURCES
from campaign.privacy.erasures import Erasure, record, repeats
from pledges.models import Pledge, Signature, SignatureQuerySet
from pledges.models.signatures.personal_data import NEWS_SOURCE

MAX_LISTED = 100


class SignersSource(ModelSource):
    """Signers who asked for news, of every pledge or of one."""

    name: ClassVar[str] = NEWS_SOURCE
    for_everybody: ClassVar[bool] = True
    has_places: ClassVar[bool] = True
    why: ClassVar[Any] = gettext_lazy(
        "You are receiving this message because you signed on our website and asked for news."
    )
    model: ClassVar[Any] = Signature

    def audiences(self) -> list[tuple[str, Any]]:
        """Return the audience of all signers who want news, then one for each of the 100 newest pledges."""
        pledges = Pledge.objects.order_by("-pk").values_list("pk", "title")[:MAX_LISTED]
        label = gettext("Signers of “%(title)s” who want news")
        each = [(f"{self.name}:{key}", label % {"title": title}) for key, title in pledges]
        return [(self.name, gettext("Signers who want news")), *each]

    def wanted(self) -> SignatureQuerySet:
        return Signature.objects.wanting_news()

    def parts(self, key: str, codes: Collection[str] | None) -> Iterator[SignatureQuerySet]:
        """Yield the signers of one pledge at a time, because the index begins with the pledge."""
        rows = self.wanted() if codes is None else self.wanted().filter(area_code__in=codes)
        number = number_in(key)
        pledges = [number] if number else list(Pledge.objects.order_by("pk").values_list("pk", flat=True))
        for pledge in pledges:
            yield rows.filter(pledge=pledge)

    @transaction.atomic
    def unsubscribe(self, address: str) -> bool:
        """Stop news for every signature of this address, including a second signature from the same mailbox.

        The two signers get one message between them, so it stops if either unsubscribes.
        """
        pledges = list(Pledge.objects.values_list("pk", flat=True))  # the index begins with the pledge
        mine = Signature.objects.filter(pledge__in=pledges, updates=True).of_address(address)
        rows = list(mine.order_by("pk").select_for_update().values_list("pk", "pledge", "email_hash"))
        now = timezone.now()
        record(*(Erasure(now, "no-news", str(pledge), bytes(hashed)) for _key, pledge, hashed in rows))
        return bool(Signature.objects.filter(pk__in=[key for key, *_others in rows]).update(updates=False))


@repeats("no-news")
def stop_again(erasure: Erasure) -> bool:
    """Stop a signer's news again, unless they have signed again since. Return whether a backup had restored it."""
    wanted = Signature.objects.filter(pledge=int(erasure.about), email_hash=erasure.address_hash, updates=True)
    return bool(wanted.filter(confirmation_sent_at__lte=erasure.at).update(updates=False))


SOURCES[SignersSource.name] = SignersSource()
