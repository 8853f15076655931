"""Factories for the plan and for communities."""

from datetime import timedelta

import factory
from django.utils import timezone

from actions.communities.models import AnchorDate, Community, Material, Plan, Step
from tests.factories import VersionedFactory


class PlanFactory(VersionedFactory):
    """A published plan with two steps."""

    class Meta:
        model = Plan

    title = "A plan for communities"
    slug = factory.Sequence(lambda n: f"plan-{n}")
    summary = "Steps for any community."

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        for title in ["Hold a letter-writing evening", "Ask your MP"] if extracted is None else extracted:
            Step.objects.create(plan=self, title=title, details="<p>Book a room.</p>", takes="One evening")

    @factory.post_generation
    def materials(self, create, extracted, **kwargs):
        for fields in extracted or []:
            Material.objects.create(plan=self, step=self.steps.first(), **fields)

    @factory.post_generation
    def anchors(self, create, extracted, **kwargs):
        for fields in extracted or []:
            AnchorDate.objects.create(plan=self, **fields)


class CommunityFactory(factory.django.DjangoModelFactory):
    """A synagogue in London that is counted only. It has confirmed, and an organiser approved it two days ago."""

    class Meta:
        model = Community

    class Params:
        listed = factory.Trait(visibility="listed", public_name=factory.SelfAttribute("name"))
        new = factory.Trait(approved_at=None, public_name="")
        pending = factory.Trait(new=True, confirmed_at=None, active_at=None)

    kind = "synagogue"
    region = "london"
    name = factory.Sequence(lambda n: f"Example Street Synagogue {n}")
    contact_name = "Ruth Example"
    contact_role = "Chair"
    email = factory.Sequence(lambda n: f"chair{n}@example.org")
    asked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))
    message_at = factory.SelfAttribute("asked_at")
    confirmed_at = factory.SelfAttribute("asked_at")
    active_at = factory.SelfAttribute("asked_at")
    approved_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.set_hashes()
        return row

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = cls._build(model_class, *args, **kwargs)
        row.save(force_insert=True)
        return row
