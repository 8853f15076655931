"""Visitors see nothing that organisers save until it is published."""

import random
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from actions.fundraising.models import DonationSettings
from campaign.pages.models import SiteSettings
from campaign.pages.rich_text import RichTextField
from campaign.text.languages import LanguageField
from campaign.versions.freezing import relation_of
from campaign.versions.versioned import Versioned
from tests.actions.factories import BrandFactory, FundFactory
from tests.factories import UpdateFactory
from tests.mailings.drafts import make_draft
from tests.sizes import size

VERSIONED = [model for model in apps.get_models() if issubclass(model, Versioned)]
SAVES = size(50, 1000)
MORE = {
    "pledges": (
        *("areas/", "badge/", "check-your-email/", "count.json", "ledger.csv", "lost-mailbox/", "my-signature/"),
        *("organisations/", "over-time/", "poster.pdf", "qr.svg", "share/", "share.png"),
        *("signatories/", "thank-you/"),
    ),
    "businesses": ["card/"],
    "letters": [f"download.{kind}" for kind in ("docx", "odt", "pdf", "txt")],
}
MP = "/letters/find-your-mp/"  # not a letter, though its path looks like one
OTHERS = (
    *("/feed.xml", "/sitemap.xml", "/robots.txt", "/protests/calendar.ics", "/businesses/cotton/"),
    *("/businesses/tracker.csv", "/businesses/tracker.json", "/businesses/changes.xml"),
)
FORM_ID = re.compile(rb'name="token" value="[^"]+"')  # each donation form has a different id


def paths(client):
    """Return every public path: the pages of the sitemap, and the files and further pages that belong to each."""
    pages = re.findall("<loc>https?://[^/]+(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    objects = [path for path in pages if path.count("/") == 3 and path != MP]
    more = [f"{path}{name}" for path in objects for name in MORE.get(path.split("/")[1], ())]
    files = [f"{path.rstrip('/')}.ics" for path in objects if path.startswith("/protests/")]
    return [*OTHERS, "/community-engagement/download.docx", *files, *pages, *more]


def everything(client):
    """Return the status, headers and body of each path, rendered again rather than cached."""
    caches["rendered"].clear()
    answers = {path: client.get(path) for path in paths(client)}
    return {
        path: (answer.status_code, sorted(answer.headers.items()), FORM_ID.sub(b"", answer.content))
        for path, answer in answers.items()
    }


def draft_of(field, value, rng):
    """Return a random value for a field."""
    if field.is_relation:
        return rng.choice([*field.related_model.objects.all(), *([None] if field.null else [])])
    if isinstance(field, LanguageField):
        return rng.choice(["ar", "en-gb", "he", "ug"])
    if field.choices:
        return rng.choice(list(field.choices))[0]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return rng.randrange(100)
    text = f"Draft {rng.random()}"
    return f"<p>{text}</p>" if isinstance(field, RichTextField) else text[: field.max_length]


def change(row, kept, rng):
    """Save a row with another value in one random field that isn't in `kept`."""
    fields = [field for field in row._meta.concrete_fields if field.editable and not field.primary_key]
    field = rng.choice([field for field in fields if field.name not in kept])
    setattr(row, field.name, draft_of(field, getattr(row, field.name, None), rng))
    row.save()


def save_a_draft(rng):
    """Change a field of a random row, or add, change or delete one of its parts, or copy it as a new row."""
    model = rng.choice(VERSIONED)
    row = rng.choice(model.objects.all())
    if rng.random() < 0.1 and model is not SiteSettings:
        row.pk, row.slug, row.on_home_page = None, f"new-{rng.randrange(10**9)}", False  # on_home_page is a fact
        row.save()
    elif rng.random() < 0.4 or not row.part_names():
        change(row, row.facts, rng)
    else:
        save_a_part(row, rng)


def save_a_part(row, rng):
    relation = relation_of(type(row), rng.choice(row.part_names()))
    parts = list(getattr(row, relation.get_accessor_name()).all())
    if not parts or rng.random() < 0.1:
        parts = [relation.related_model(**{relation.field.name: row})]
    part = rng.choice(parts)
    if part.pk and rng.random() < 0.2:
        part.delete()
    else:
        change(part, {relation.field.name, "region"}, rng)


@pytest.fixture
def public(client, settings, time_machine):
    """Return a function that fetches every public page and file of the campaign's site, always at the same time."""
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    settings.STRIPE_SECRET_KEY = "sk_test_x"  # noqa: S105 - unused: nobody donates
    call_command("load_campaign")
    SiteSettings.objects.update(publisher_name="Ada", publisher_address="1 Road", contact_email="ada@example.org")
    DonationSettings(portal_url="https://billing.stripe.com/p/login/test").save()
    FundFactory()
    BrandFactory(slug="cotton")
    UpdateFactory()
    make_draft()

    def fetch():
        time_machine.move_to(now + timedelta(seconds=1), tick=False)
        return everything(client)

    return fetch


@pytest.mark.django_db
def test_draft_saves_change_no_byte_of_the_public_site(public, time_machine):
    before = public()
    assert len(before) >= 50
    assert {status for status, _headers, _body in before.values()} == {200}

    time_machine.shift(3600)  # so that the time of a save would show
    rng = random.Random(14)  # noqa: S311 - the same in each run
    saved = 0
    while saved < SAVES:
        with suppress(IntegrityError), transaction.atomic():  # two sections of one kind, which a form would refuse
            save_a_draft(rng)
            saved += 1

    after = public()
    assert [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)] == []
    for model in VERSIONED:
        for row in model.objects.filter(pk__in=model.objects.ever_published()):
            row.publish(check=False)
    assert sum(before[path] != answer for path, answer in public().items()) > len(before) / 2
