"""The migration from one day, time and place for each protest to schedules and places, and back."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from actions.protests.models import Place, Protest, ProtestChange
from campaign.pages.models import Page  # noqa: F401 - its table has to exist
from campaign.versions.models import Version
from campaign.versions.restoring import bring_back
from tests.actions.factories import PlaceFactory, ProtestFactory, ScheduleFactory
from tests.sizes import FULL

OLD = {
    **{"weekday": 1, "start_time": time(18), "end_time": time(19), "venue": "The embassy", "address": "London"},
    **{"first_on": date(2020, 7, 28), "timezone": "America/New_York"},
}
AT_EIGHT = datetime(2026, 11, 25, 20, tzinfo=UTC)  # 3pm in New York


def models_of_the_database():
    loader = MigrationLoader(connection)
    return loader.project_state(list(loader.applied_migrations)).apps


# Migrating back and forth takes half a minute, and released migrations never change: `make prove` is enough.
@pytest.mark.skipif(not FULL, reason="only in make prove")
@pytest.mark.django_db(transaction=True)
def test_each_protest_gets_a_schedule_and_a_place_and_loses_nothing_on_the_way_back():
    try:
        call_command("migrate", "protests", "0008", verbosity=0)
        apps = models_of_the_database()
        protests, changes = apps.get_model("protests.Protest"), apps.get_model("protests.ProtestChange")
        one = protests.objects.create(title="One", slug="one", order=1, **OLD)
        two = protests.objects.create(title="Two", slug="two", order=2, **OLD | {"last_on": date(2026, 12, 29)})
        protests.objects.create(title="Odd", slug="odd", order=3, **OLD | {"timezone": "Europe/Atlantis"})
        changes.objects.create(protest=one, on=date(2026, 11, 24), kind="moved", new_starts=AT_EIGHT, note="Rain")
        changes.objects.create(protest=two, on=date(2026, 11, 24), kind="cancelled")
        before = list(protests.objects.order_by("pk").values(*OLD, "last_on", "published"))

        call_command("migrate", "protests", verbosity=0)
        shown = Protest.objects.get(slug="one")
        assert shown.schedules_in_words == ["Every Tuesday, 6pm to 7pm"]
        assert shown.occasion(date(2026, 11, 24)).starts == AT_EIGHT
        assert Protest.objects.get(slug="two").schedules.get().last_on == date(2026, 12, 29)
        assert (Place.objects.count(), len({row.uid for row in Protest.objects.all()})) == (1, 3)

        ProtestChange.objects.create(protest=shown, on=date(2026, 12, 1), kind="as_usual")
        ProtestChange.objects.create(protest=shown, on=date(2026, 12, 8), kind="moved", new_place=PlaceFactory())
        new = Protest.objects.create(title="New", slug="new")
        ScheduleFactory(protest=new, start_time=time(22), end_time=time(1))
        call_command("migrate", "protests", "0008", verbosity=0)
        protests = models_of_the_database().get_model("protests.Protest")
        assert list(protests.objects.exclude(slug="new").order_by("pk").values(*OLD, "last_on", "published")) == before
        assert protests.objects.get(slug="new").end_time > time(23, 59)
        kinds = protests.objects.get(slug="one").changes.values_list("kind", "new_starts__hour")
        assert list(kinds) == [("moved", 20), ("moved", 23)]
    finally:
        call_command("migrate", "protests", verbosity=0)
        Protest.objects.all().delete()
        Place.objects.all().delete()


@pytest.mark.django_db
def test_a_protest_deleted_before_the_change_can_be_brought_back():
    row = ProtestFactory(schedule=False)
    content = row.freeze()
    content["facts"] |= {"timezone": "America/New_York", "weekday": 1, "venue": "The embassy"}
    fields = {"on": "2026-11-24", "kind": "moved", "new_starts": "2026-11-25T20:00:00Z", "note": "Rain"}
    content["fact_parts"] = {"changes": [{"pk": 1, "fields": fields}]}
    version = Version.objects.create(model="protests.protest", object_id=row.pk, number=7, title="T", content=content)
    row.delete()

    change = bring_back(Protest, version).changes.get()
    assert (change.new_on, change.new_start, change.note) == (date(2026, 11, 25), time(15), "Rain")
