"""Turn the day, times and place of each protest into a place and a schedule, and moved dates into local times."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations

KEPT = {"first_on", "last_on", "start_time", "end_time"}
# What a protest without a schedule gets when it goes back: it is then hidden.
NOTHING = {"weekday": 0, "start_time": time(12), "end_time": time(13), "first_on": date(2020, 1, 6), "last_on": None}


def forwards(apps, schema_editor):
    """Make one place for each venue and address, and one schedule for each protest."""
    protests, schedules = apps.get_model("protests", "Protest"), apps.get_model("protests", "Schedule")
    places = {}
    for protest in protests.objects.exclude(weekday=None).iterator(chunk_size=200):
        where = (protest.venue, protest.address)
        if where not in places:
            places[where] = apps.get_model("protests", "Place").objects.create(name=where[0], address=where[1])
        values = {name: getattr(protest, name) for name in KEPT}
        schedules.objects.create(protest=protest, weekdays=[protest.weekday], place=places[where], **values)
        for change in protest.changes.exclude(new_starts=None):
            starts = change.new_starts.astimezone(zone_of(protest))
            change.new_on, change.new_start = starts.date(), starts.time()
            change.save(update_fields=["new_on", "new_start"])


def backwards(apps, schema_editor):
    """Give each protest the day, times and place of its last schedule, as far as one of each can say it."""
    protests = apps.get_model("protests", "Protest")
    for protest in protests.objects.iterator(chunk_size=200):
        last = protest.schedules.order_by("first_on").last()
        values = NOTHING | {"venue": "?", "address": "?", "published": False}
        if last:
            values = {name: getattr(last, name) for name in KEPT} | weekday_of(last)
            values |= {"venue": last.place.name, "address": last.place.address}
        protests.objects.filter(pk=protest.pk).update(**values)
        for change in protest.changes.filter(kind="moved"):
            day, start = change.new_on or change.on, change.new_start or values["start_time"]
            change.new_starts = datetime.combine(day, start, zone_of(protest))
            change.save(update_fields=["new_starts"])
        protest.changes.filter(kind="as_usual").delete()
    apps.get_model("protests", "Schedule").objects.all().delete()
    apps.get_model("protests", "ProtestChange").objects.update(new_on=None, new_start=None, new_end=None, new_place=None)
    apps.get_model("protests", "Place").objects.all().delete()


def weekday_of(schedule):
    """Return the day of the week: that of the first single date, if the schedule has single dates only."""
    days = schedule.weekdays or [day.weekday() for day in schedule.days] or [0]
    return {"weekday": days[0]}


def zone_of(protest):
    """Return the protest's time zone, or London's if its own has been abolished."""
    try:
        return ZoneInfo(protest.timezone)
    except (LookupError, OSError, ValueError):
        return ZoneInfo("Europe/London")


class Migration(migrations.Migration):

    dependencies = [
        ('protests', '0009_places_and_schedules'),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
