"""How tests make what visitors can do next."""

from datetime import date, time

import factory

from actions.businesses.models import Brand
from actions.fundraising.models import Appeal
from actions.letters.models import Letter
from actions.protests.models import Protest, Weekday


class LetterFactory(factory.django.DjangoModelFactory):
    """A letter with two of the places to fill in."""

    class Meta:
        model = Letter

    title = "Write about it"
    slug = factory.Sequence(lambda n: f"letter-{n}")
    subject = "A question"
    body = "Dear {{ mp.name }},\n\nWill you act?\n\nYours sincerely,\n\n{{ sender.name }}"


class ProtestFactory(factory.django.DjangoModelFactory):
    """Every Tuesday evening in London."""

    class Meta:
        model = Protest

    title = "Weekly protest"
    slug = factory.Sequence(lambda n: f"protest-{n}")
    weekday = Weekday.TUESDAY
    start_time = time(18)
    end_time = time(19)
    venue = "The embassy"
    address = "11 West Heath Road\nLondon"
    first_on = date(2020, 7, 28)


class AppealFactory(factory.django.DjangoModelFactory):
    """An appeal on a known site."""

    class Meta:
        model = Appeal

    title = "Give"
    slug = factory.Sequence(lambda n: f"appeal-{n}")
    url = "https://www.gofundme.com/f/something"


class BrandFactory(factory.django.DjangoModelFactory):
    """A brand that has not answered."""

    class Meta:
        model = Brand

    title = "Cotton & Co"
    slug = factory.Sequence(lambda n: f"brand-{n}")
