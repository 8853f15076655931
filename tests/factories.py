"""Factories for test data: a test names only the values that matter to it."""

import os
import uuid
from datetime import UTC, datetime, timedelta

import factory
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from campaign.email_addresses.canonical import address_hash, domain_hash
from campaign.mail.models import Message
from campaign.media.models import Document, Picture
from campaign.media.recognising import Kind
from campaign.pages.models import Page, SiteSettings, Update
from campaign.places.models import Sector
from campaign.places.packing import Packer
from campaign.privacy.crypto import token_hash
from pledges.models import Demand, Pledge, Signature
from pledges.signer_names import name_hash
from pledges.signing.tokens import CONFIRM, code_hash, confirmation_code, confirmation_token

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # before any day that a test moves the clock to


class VersionedFactory(factory.django.DjangoModelFactory):
    """Content that went live long ago. With `publish=False`, it is a draft; with a time, it goes live at that time."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    publish = factory.PostGeneration(lambda row, create, extracted, **others: True if extracted is None else extracted)

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create and (when := results["publish"]):
            instance.publish(live_at=LONG_AGO if when is True else when, check=False)


def publish(row, *, check=True, live_at=None, expires_at=None, **changes):
    """Save a row with these changes and publish it; with `check=False`, publish it even if the checks would refuse."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    row.publish(live_at=live_at, expires_at=expires_at, check=check)


class SiteSettingsFactory(VersionedFactory):
    """The one row of settings."""

    class Meta:
        model = SiteSettings

    name = "A campaign"
    hero_title = "What we ask"


class OrganiserFactory(factory.django.DjangoModelFactory):
    """An organiser who cannot sign in yet."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"organiser-{n}")
    is_staff = True


class PageFactory(VersionedFactory):
    """A published page without blocks."""

    class Meta:
        model = Page

    title = factory.Sequence(lambda n: f"Page {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")
    published = True


class UpdateFactory(VersionedFactory):
    """A published update without blocks."""

    class Meta:
        model = Update

    title = factory.Sequence(lambda n: f"Update {n}")
    slug = factory.Sequence(lambda n: f"update-{n}")
    posted_on = LONG_AGO.date()
    published = True


def make_picture(size=(60, 40), **fields):
    """Create a red picture with its files."""
    picture = Picture(**{"title": "Banners", "alternative_text": "Forty people with banners"} | fields)
    picture.store(Image.new("RGB", size, "red"))
    picture.save()
    return picture


def make_document(content=b"Words.", name="Our briefing.txt", **fields):
    """Create a text document with its file."""
    document = Document(**{"title": "Our briefing"} | fields)
    document.store(ContentFile(content, name), Kind.TXT)
    document.save()
    return document


def make_sector(name, **units):
    """Create a sector of postcodes; `units` maps the last two letters of each to the code of its constituency."""
    packer = Packer()
    for letters, code in units.items():
        packer.add(letters, code, terminated=False)
    packed, areas = packer.packed()
    return Sector.objects.create(name=name, units=packed, areas=areas)


class PledgeFactory(VersionedFactory):
    """A published, open pledge with two demands."""

    class Meta:
        model = Pledge

    title = "Stop it"
    slug = factory.Sequence(lambda n: f"stop-it-{n}")
    statement = "We have seen enough."
    published = True

    @factory.post_generation
    def demands(self, create, extracted, **kwargs):
        for position, text in enumerate(extracted or ["Ask.", "Act."]):
            Demand.objects.create(pledge=self, text=text, order=position)


class MessageFactory(factory.django.DjangoModelFactory):
    """A message that is due."""

    class Meta:
        model = Message

    kind = CONFIRM
    object_id = factory.LazyFunction(uuid.uuid4)
    due_at = factory.LazyFunction(timezone.now)


class SignatureFactory(factory.django.DjangoModelFactory):
    """A person who signed a minute ago and has not confirmed."""

    class Meta:
        model = Signature

    class Params:
        message_id = factory.LazyFunction(uuid.uuid4)
        confirmed = factory.Trait(state=Signature.State.CONFIRMED, confirmed_at=factory.LazyFunction(timezone.now))
        public = factory.Trait(
            confirmed=True,
            visibility=Signature.Visibility.PUBLIC,
            public_name=factory.SelfAttribute("name"),
        )
        counted_only = factory.Trait(
            confirmed=True,
            visibility=Signature.Visibility.COUNT,
            email=None,
            email_hash=factory.LazyFunction(lambda: os.urandom(32)),
            domain_hash=None,
        )

    pledge = factory.SubFactory(PledgeFactory)
    visibility = Signature.Visibility.PRIVATE
    name = factory.LazyAttributeSequence(
        lambda o, n: None if o.visibility == Signature.Visibility.COUNT else f"Ada Lovelace {n}"
    )
    name_hash = factory.LazyAttribute(lambda o: o.name and name_hash(o.name))
    email = factory.Sequence(lambda n: f"ada{n}@example.org")
    email_hash = factory.LazyAttribute(lambda o: address_hash(o.email))
    domain_hash = factory.LazyAttribute(lambda o: domain_hash(o.email))
    country = "GB"
    token_hash = factory.LazyAttribute(lambda o: token_hash(confirmation_token(o.message_id)))
    code_hash = factory.LazyAttribute(lambda o: code_hash(confirmation_code(o.message_id)))
    signed_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    confirmation_sent_at = factory.SelfAttribute("signed_at")
    messages_since = factory.SelfAttribute("signed_at")
