"""Subscribers as recipients of mailings."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.mailings.model_source import ModelSource
from campaign.mailings.sources import SOURCES
from campaign.news.models import NEWS_SOURCE, Subscriber, SubscriberQuerySet


class SubscribersSource(ModelSource):
    """Everybody who asked for news without signing. We don't know where they live."""

    name: ClassVar[str] = NEWS_SOURCE
    for_everybody: ClassVar[bool] = True
    has_places: ClassVar[bool] = False
    why: ClassVar[Any] = _("You are receiving this message because you asked for our news on our website.")
    model: ClassVar[Any] = Subscriber

    def audiences(self) -> list[tuple[str, Any]]:
        return [(self.name, _("Subscribers: people who asked for news without signing"))]

    def wanted(self) -> SubscriberQuerySet:
        return Subscriber.objects.confirmed()

    def parts(self, key: str, codes: Collection[str] | None) -> Iterator[SubscriberQuerySet]:
        if codes is None:
            yield self.wanted()

    def unsubscribe(self, address: str) -> bool:
        """Erase the subscriber. Keep a request that isn't confirmed yet: somebody may have asked again since."""
        return bool(Subscriber.objects.confirmed().from_address(address).erase(timezone.now()))


SOURCES[SubscribersSource.name] = SubscribersSource()
