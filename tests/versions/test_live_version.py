"""`LiveVersion` finds the version that visitors see, as `VersionQuerySet.live` does."""

import random
from datetime import UTC, datetime, timedelta

from campaign.pages.models import Page
from campaign.versions.models import Cancellation, Version
from tests.factories import PageFactory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOURS = [timedelta(hours=hours) for hours in range(-3, 4)]


def make_versions(page, chance):
    """Give a page up to six more versions that begin, expire or are called off at full hours, often at the same one."""
    content = Version.objects.of(Page, page.pk).get().content
    for number in range(2, chance.randint(2, 8)):
        begins = chance.choice([None, *HOURS])
        times = {}
        if begins is not None:
            times = {"live_at": NOON + begins, "expires_at": chance.choice([None, NOON + begins + timedelta(hours=2)])}
        label = {"model": "pages.page", "object_id": page.pk, "number": number, "title": page.title}
        version = Version.objects.create(**label, content=content, **times)
        if chance.random() < 0.2:
            Cancellation.objects.create(version=version)


def test_a_row_shows_its_live_version_at_any_moment(db, time_machine):
    time_machine.move_to(NOON - timedelta(hours=4))
    chance = random.Random(1)  # noqa: S311 - not for secrets
    pages = PageFactory.create_batch(20)
    for page in pages:
        make_versions(page, chance)
    for hours in HOURS:
        moment = NOON + hours
        shown = {page.pk: page.version_number for page in Page.objects.published_at(moment)}
        live = {page.pk: Version.objects.live(Page, page.pk, moment).first() for page in pages}
        assert shown == {key: version.number for key, version in live.items() if version}
        assert 5 < len(shown) <= 20
