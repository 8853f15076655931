"""Factories for the actions' models, apart from those for communities."""

import uuid
from datetime import date, time

import factory
from django.utils import timezone

from actions.businesses.models import Brand, CallToAction, LetterPoint
from actions.fundraising.models import Appeal, Declaration, Donation, Fund, Payment
from actions.fundraising.models.declarations import DECLARATION
from actions.letters.models import Ask, Letter, Point
from actions.letters.recipients import COMMONS, Body, Recipient
from actions.protests.models import Arrangement, Attendee, Place, Protest, Schedule, Weekday
from campaign.privacy.crypto import token, token_hash
from tests.factories import VersionedFactory


class LetterFactory(VersionedFactory):
    """A letter with two placeholders."""

    class Meta:
        model = Letter

    published = True
    title = "Write about it"
    slug = factory.Sequence(lambda n: f"letter-{n}")
    subject = "A question"
    body = "Dear {{ mp.display_name }},\n\nWill you act?\n\nYours sincerely,\n\n{{ sender.name }}"


class BodyFactory(factory.django.DjangoModelFactory):
    """The House of Commons."""

    class Meta:
        model = Body
        django_get_or_create = ["slug"]

    slug = COMMONS
    name = "House of Commons"
    address = "House of Commons\nLondon\nSW1A 0AA"
    letters_after_name = "MP"
    write_url = "https://www.writetothem.com/"


class RecipientFactory(factory.django.DjangoModelFactory):
    """The member for Hampstead and Highgate."""

    class Meta:
        model = Recipient

    body = factory.SubFactory(BodyFactory)
    area_code = "E14001265"
    display_name = "Ms Jane Doe"
    salutation = "Ms Doe"
    email = "jane.doe.mp@example.org"


class OwnLetterFactory(LetterFactory):
    """A letter with parts from which visitors write their own: four points and two questions."""

    class Meta:
        model = Letter
        skip_postgeneration_save = True

    published = True
    recipients = factory.SubFactory(BodyFactory)
    opening = "Dear {{ mp.salutation }},\n\nI live in {{ constituency.name }}."
    question = "Why does it matter to you?"
    closing = "Yours sincerely,\n\n{{ sender.name }}"

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        fields = {"why": "It counts.", "source": "A report", "url": "https://example.org/r", "dated": "1 May 2024"}
        for number in range(1, 5):
            Point.objects.create(letter=self, title=f"Point {number}", text=f"Fact {number}.", order=number, **fields)
        for number in range(1, 3):
            Ask.objects.create(letter=self, text=f"Will you act {number}?", order=number)


class PlaceFactory(factory.django.DjangoModelFactory):
    """A place in London."""

    class Meta:
        model = Place

    name = "The embassy"
    address = "11 West Heath Road\nLondon"


class ScheduleFactory(factory.django.DjangoModelFactory):
    """Every Tuesday evening."""

    class Meta:
        model = Schedule

    weekdays = factory.LazyFunction(lambda: [Weekday.TUESDAY])
    start_time = time(18)
    end_time = time(19)
    first_on = date(2020, 7, 28)
    place = factory.SubFactory(PlaceFactory)


class ProtestFactory(VersionedFactory):
    """Every Tuesday evening in London; `schedule__weekdays` and the like change that, `schedule=False` omits it."""

    class Meta:
        model = Protest
        skip_postgeneration_save = True

    published = True
    title = "Weekly protest"
    slug = factory.Sequence(lambda n: f"protest-{n}")

    @factory.post_generation
    def schedule(self, create, extracted, **fields):
        if create and extracted is not False:
            ScheduleFactory(protest=self, **fields)


class AttendeeFactory(factory.django.DjangoModelFactory):
    """Somebody who has confirmed that they are coming to a date of a protest, and knows when and where it is."""

    class Meta:
        model = Attendee

    protest = factory.SubFactory(ProtestFactory, takes_names=True)
    email = factory.Sequence(lambda n: f"attendee-{n}@example.org")
    asked_at = factory.LazyFunction(timezone.now)
    message_at = factory.SelfAttribute("asked_at")
    confirmed_at = factory.SelfAttribute("asked_at")

    @classmethod
    def _create(cls, model, **values):
        row = model(**values)
        occasion = row.occasion()
        row.announced = row.told = Arrangement.of(occasion).as_json()
        row.ends_at = occasion.ends
        row.set_hashes()
        row.save()
        return row


class AppealFactory(VersionedFactory):
    """An appeal on an allowed site, already checked by an organiser."""

    class Meta:
        model = Appeal

    published = True
    title = "Give"
    slug = factory.Sequence(lambda n: f"appeal-{n}")
    url = "https://www.gofundme.com/f/something"
    name_there = "Give to something"
    organiser = "Ada Byron"
    is_checked = True


class BrandFactory(VersionedFactory):
    """A brand that has not answered."""

    class Meta:
        model = Brand

    published = True
    title = "Cotton & Co"
    slug = factory.Sequence(lambda n: f"brand-{n}")


class CallFactory(VersionedFactory):
    """A call to action with three points for letters to brands."""

    class Meta:
        model = CallToAction
        skip_postgeneration_save = True

    published = True
    title = "End forced labour"
    slug = factory.Sequence(lambda n: f"call-{n}")
    letter_subject = "A question from a customer of {{ brand.name }}"
    letter_opening = "Dear {{ brand.name }},"
    letter_question = "What do you buy?"
    letter_closing = (
        "Please answer in writing, so that I can show it to my family.\n\nYours faithfully,\n\n{{ sender.name }}"
    )

    @factory.post_generation
    def points(self, create, extracted, **kwargs):
        for number in range(1, 4):
            LetterPoint.objects.create(
                call=self,
                title=f"Point {number}",
                text=f"Where was the cotton grown that you use, {number}?",
                order=number,
            )


class FundFactory(VersionedFactory):
    """A fund that accepts donations."""

    class Meta:
        model = Fund

    published = True
    title = "For the campaign"
    slug = factory.Sequence(lambda n: f"fund-{n}")
    payee = "Friends of the Campaign"


class DonationFactory(factory.django.DjangoModelFactory):
    """A donation of ten real pounds, begun a moment ago."""

    class Meta:
        model = Donation

    form = factory.LazyFunction(uuid.uuid4)
    fund = factory.SubFactory(FundFactory)
    amount_pence = 1000
    is_live = True
    parameters = factory.LazyFunction(dict)
    created_at = factory.LazyFunction(timezone.now)


class PaymentFactory(factory.django.DjangoModelFactory):
    """A payment of ten real pounds, made a moment ago."""

    class Meta:
        model = Payment

    donation = factory.SubFactory(DonationFactory)
    fund = factory.SelfAttribute("donation.fund")
    is_live = factory.SelfAttribute("donation.is_live")
    intent_id = factory.Sequence(lambda n: f"pi_{n}")
    amount_pence = factory.SelfAttribute("donation.amount_pence")
    net_pence = factory.SelfAttribute("amount_pence")
    status = Payment.Status.PAID
    created_at = factory.LazyFunction(timezone.now)
    paid_at = factory.SelfAttribute("created_at")


class DeclarationFactory(factory.django.DjangoModelFactory):
    """A declaration for a single donation, with that donation."""

    class Meta:
        model = Declaration

    donation = factory.SubFactory(
        DonationFactory, fund__charity_name="The Charity", session_status="complete", donor_email="ada@example.org"
    )
    scope = "this"
    title = "Ms"
    first_name = "Ada"
    last_name = "Byron"
    house = "12"
    address = "St James's Square, London"
    postcode = "SW1Y 4JH"
    charity_name = factory.SelfAttribute("donation.fund.charity_name")
    wording = "I want to Gift Aid my donation."
    wording_version = "1"
    made_at = factory.LazyFunction(timezone.now)
    token_hash = factory.LazyAttribute(lambda declaration: token_hash(token(str(declaration.id), DECLARATION)))
    id = factory.LazyFunction(uuid.uuid4)
