"""Factories for subscribers."""

import factory
from django.utils import timezone

from campaign.news.models import Subscriber


class SubscriberFactory(factory.django.DjangoModelFactory):
    """Somebody who gets news without having signed. With `confirmed_at=None`, they have only asked for news."""

    class Meta:
        model = Subscriber

    email = factory.Sequence(lambda n: f"subscriber-{n}@example.org")
    asked_at = factory.LazyFunction(timezone.now)
    message_at = factory.SelfAttribute("asked_at")
    confirmed_at = factory.SelfAttribute("asked_at")

    @classmethod
    def _create(cls, model, **values):
        row = model(**values)
        row.set_hashes()
        row.save()
        return row
