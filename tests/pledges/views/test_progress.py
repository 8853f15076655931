"""The status of each demand, and the milestones of a pledge, on the pledge's page."""

import gzip
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from campaign.versions.problems import NotReadyError
from campaign.versions.restoring import restore
from pledges.counting.publishing import publish_counts
from pledges.models import Demand, DemandEntry, LedgerLine, Milestone, Pledge, PublishedCount, Reason
from tests.accounts.organisers import sign_in
from tests.checkouts import HERE
from tests.editing.filled_in import filled_in
from tests.factories import OrganiserFactory, SignatureFactory, make_picture

LETTER = "https://www.example.org/letters/17.pdf"


def add_entry(pledge, number=0, **fields):
    demand = Demand.objects.filter(pledge=pledge)[number]
    defaults = {
        "day": date(2026, 11, 3),
        "words": "We wrote to the minister.",
        "source": "Our letter",
        "url": LETTER,
    }
    return DemandEntry.objects.create(pledge=pledge, demand=demand, **defaults | fields)


def page_text(client, pledge):
    return " ".join(client.get(pledge.get_absolute_url()).text.split())


def test_the_newest_entry_is_shown_in_words_as_the_status_of_its_demand(client, pledge):
    add_entry(pledge, day=date(2026, 11, 20), status="partly", words="The minister will ask one company.")
    add_entry(pledge, status="asked")
    assert "standing" not in page_text(client, pledge)
    pledge.publish()
    page = page_text(client, pledge)

    assert '<strong>Partly met</strong> <span class="small">20 November 2026</span>' in page
    assert page.index("The minister will ask one company.") < page.index("We wrote to the minister.")
    assert f'<a href="{LETTER}" rel="noreferrer"><bdi>Our letter</bdi></a>' in page
    assert page.count('class="standing') == 1  # the other demand has no entry


def test_entries_never_change_the_wording_that_people_sign(pledge):
    SignatureFactory(pledge=pledge, confirmed=True)
    before = Pledge.objects.published().get().words
    entry = add_entry(pledge)
    pledge.publish()
    entry.words = "We wrote again."
    entry.save()
    pledge.publish()

    shown = Pledge.objects.published().get()
    assert (shown.words, shown.wording, shown.corrections) == (before, 1, [])


def test_an_entry_stays_with_its_demand_when_the_demand_is_reworded_or_a_version_is_restored(pledge):
    add_entry(pledge, 1)
    first = pledge.publish()
    demand = Demand.objects.filter(pledge=pledge).last()
    demand.text = "Act at once."
    demand.save()
    pledge.publish_new_wording()
    assert [len(one.entries) for one in Pledge.objects.published().get().demands.all()] == [0, 1]

    Demand.objects.all().delete()
    assert not DemandEntry.objects.exists()
    restore(Pledge.objects.get(), first, OrganiserFactory())
    assert DemandEntry.objects.get().demand.text == "Act."


def test_a_future_day_a_front_page_as_source_and_a_missing_source_are_refused_when_publishing(pledge):
    add_entry(pledge, day=timezone.localdate() + timedelta(days=1), url="https://www.gov.uk/", source="")
    with pytest.raises(NotReadyError) as refusal:
        pledge.publish()

    fields = {problem.field_id for problem in refusal.value.problems}
    assert fields == {"id_entries-0-day", "id_entries-0-url", "id_entries-0-source"}


def test_the_form_offers_only_this_pledges_demands_and_can_delete_a_demand_with_an_entry(client, pledge):
    add_entry(pledge, words="About the first demand.")
    stays = add_entry(pledge, 1)
    sign_in(client)
    page = f"/admin/pledges/pledge/{pledge.pk}/change/"
    changed = filled_in(client.get(page), entries__1__words="They answered.", demands__0__DELETE="on")

    assert client.post(page, changed).status_code == 302
    assert DemandEntry.objects.get() == stays
    assert "Act." not in client.get("/admin/pledges/pledge/add/").text


def test_milestones_are_the_round_numbers_reached_and_what_organisers_have_recorded(client, pledge):
    for day, count in ((4, 90), (5, 104), (9, 998), (10, 1_012)):
        LedgerLine.objects.create(pledge=pledge, day=date(2026, 11, day), count=count, previous="", hash="")
    PublishedCount.objects.create(pledge=pledge, count=1_012)
    fields = {"words": "We handed it to the Foreign Office.", "source": "Our report", "picture": make_picture()}
    Milestone.objects.create(pledge=pledge, day=date(2026, 11, 7), **fields)
    pledge.publish()
    page = page_text(client, pledge)

    order = [
        "10 November 2026",
        "1,000 signatures",
        "7 November 2026",
        "Delivered",
        "5 November 2026",
        "100 signatures",
    ]
    places = [page.index(words, page.index('id="milestones"')) for words in order]
    assert places == sorted(places)
    assert "<img" in page[places[2] : places[4]]
    assert "998 signatures" not in page


def test_a_round_number_is_no_longer_a_milestone_once_the_count_falls_below_it(client, pledge):
    LedgerLine.objects.create(pledge=pledge, day=date(2026, 11, 5), count=104, previous="", hash="")
    PublishedCount.objects.create(pledge=pledge, count=98)

    assert 'id="milestones"' not in page_text(client, pledge)


def test_entries_and_milestones_need_a_fixed_number_of_queries(client, pledge, django_assert_num_queries):
    for number in range(2):
        add_entry(pledge, number)
        Milestone.objects.create(pledge=pledge, words="Handed over.", source="Us", picture=make_picture())
    pledge.publish()
    page_text(client, pledge)
    PublishedCount.objects.create(pledge=pledge, count=50)

    with django_assert_num_queries(7):  # the version, pledge, pictures, updates, reasons, names, site
        page_text(client, pledge)


def test_the_page_with_all_its_contents_is_at_most_30_kb_when_compressed(client, pledge):
    for number in range(2):
        for day in range(1, 6):
            add_entry(pledge, number, day=date(2026, 11, day), words=f"{day} " * 100)
    for signature in SignatureFactory.create_batch(8, pledge=pledge, public=True):
        Reason.write(signature, f"{signature.pk} " * 5)
    publish_counts()
    Reason.objects.update(state="approved", decided_at=timezone.now())
    pledge.publish()
    page = client.get(pledge.get_absolute_url())
    files = [HERE / "static" / name for name in ("hub.css", "exit.js")]

    assert sum(len(gzip.compress(content)) for content in (page.content, *map(Path.read_bytes, files))) < 30_000
