"""Updates in the admin."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaign.pages.models import Update
from campaign.versions.problems import NotReadyError
from tests.editing.filled_in import filled_in
from tests.factories import PledgeFactory, UpdateFactory
from tests.pages.conftest import text_of

ADD = "/admin/pages/update/add/"


def written(organiser, **changes):
    """Write an update in its form and press *Publish now*. Return the response."""
    fields = {"title": "We met", "slug": "we-met", "published": "on", "_publish": "1"}
    return organiser.post(ADD, filled_in(organiser.get(ADD), **(fields | changes)), follow=True)


def test_an_organiser_writes_an_update_dated_today(organiser, site, client):
    pledge = PledgeFactory()
    written(organiser, about=f"pledges.pledge:{pledge.pk}", author="Ada")

    update = Update.objects.published().about(pledge).get()
    assert (update.title, update.posted_on, update.author) == ("We met", timezone.localdate(), "Ada")
    assert "We met" in text_of(client.get("/updates/"))


def test_an_update_needs_a_date(organiser, site):
    assert "This field is required." in text_of(written(organiser, posted_on=""))
    assert not Update.objects.exists()


@pytest.mark.parametrize("slug", ["2026", "0"])
def test_a_year_cannot_be_the_slug_of_an_update(organiser, site, slug):
    assert "The site needs this address itself" in text_of(written(organiser, slug=slug))


def test_an_update_is_not_published_before_its_date(organiser, site):
    text = text_of(written(organiser, posted_on=str(timezone.localdate() + timedelta(days=2))))

    update = Update.objects.get()
    assert "Goes live" in text
    assert not Update.objects.published().exists()
    with pytest.raises(NotReadyError):
        update.publish(live_at=timezone.now() + timedelta(days=1))
    update.publish(live_at=timezone.now() + timedelta(days=2))


def test_the_date_of_an_update_that_visitors_see_cannot_move_into_the_future(organiser, site):
    update = UpdateFactory(posted_on=date(2026, 3, 9))
    url = f"/admin/pages/update/{update.pk}/change/"
    tomorrow = timezone.localdate() + timedelta(days=1)

    text = text_of(organiser.post(url, filled_in(organiser.get(url), posted_on=str(tomorrow))))

    assert "Visitors see this update, so" in text
    assert Update.objects.get().posted_on == date(2026, 3, 9)


def test_the_page_and_the_card_for_shared_links_of_a_draft_can_be_previewed(organiser, site):
    update = UpdateFactory(title="Not out yet", publish=False, posted_on=timezone.localdate() + timedelta(days=9))
    base = f"/admin/pages/update/{update.pk}/preview"

    assert "<h1" in text_of(organiser.get(f"{base}/page/"))
    assert not Update.objects.published().exists()
    assert "Not out yet" in text_of(organiser.get(f"{base}/card/"))
    assert "Not out yet" in text_of(organiser.get(f"/admin/pages/update/{update.pk}/history/"))


def test_pages_and_updates_are_listed_separately(organiser, site):
    update = UpdateFactory(title="We met")

    assert "We met" in text_of(organiser.get("/admin/pages/update/"))
    assert "We met" not in text_of(organiser.get("/admin/pages/page/"))
    assert organiser.get(f"/admin/pages/page/{update.pk}/change/").status_code == 302


def test_an_empty_list_says_what_to_do(organiser, site):
    assert "There are no updates yet." in text_of(organiser.get("/admin/pages/update/"))


def test_the_desk_offers_to_write_an_update(organiser, site):
    assert ADD in text_of(organiser.get("/admin/"))
