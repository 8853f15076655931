"""Two saves at the same moment, on real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaign.pages.models import Page
from campaign.versions.models import Version
from tests.editing.filled_in import filled_in
from tests.editing.test_editing import change
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the functions at the same time, each in its own thread; return their results in order."""

    def run(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_of_two_simultaneous_saves_is_refused(organiser, colleague):
    page = PageFactory(title="Old")
    forms = [(client, filled_in(client.get(change(page)))) for client in (organiser, colleague)]

    def save(client, form, title):
        return lambda: client.post(change(page), form | {"title": title, "_continue": "1"}).status_code

    found = at_once(*(save(client, form, f"By {number}") for number, (client, form) in enumerate(forms)))
    assert sorted(found) == [302, 409]
    assert Page.objects.get().title == f"By {found.index(302)}"


def test_two_clicks_at_once_make_one_page_and_one_version(organiser, colleague):
    form = filled_in(organiser.get("/admin/pages/page/add/"), title="New", slug="new", summary="What we do.")

    found = at_once(*[lambda: organiser.post("/admin/pages/page/add/", form | {"_publish": "1"}).status_code] * 2)
    page = Page.objects.get()
    assert Version.objects.of(Page, page.pk).count() == 1
    assert found == [302, 302]
