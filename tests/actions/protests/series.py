"""Unsaved protests for tests, and random ones."""

from datetime import date, time, timedelta

from hypothesis import strategies as st

from actions.protests.models import Place, Protest, ProtestChange, Schedule

PLACE = Place(pk=1, name="The embassy", address="11 West Heath Road\nLondon")
ELSEWHERE = Place(pk=2, name="The square", address="Trafalgar Square\nLondon")
ZONES = (
    *("Europe/London", "America/New_York", "Asia/Jerusalem"),
    *("Australia/Sydney", "Africa/Casablanca", "Asia/Kolkata"),
)


def schedule(**fields):
    """Return a schedule: every Tuesday evening since July 2020, unless `fields` says otherwise."""
    usual = {"weekdays": [1], "start_time": time(18), "end_time": time(19), "first_on": date(2020, 7, 28)}
    return Schedule(**usual | {"place": PLACE} | fields)


def single_dates(*days, **fields):
    """Return a schedule of single dates."""
    return schedule(repeats="dates", weekdays=[], days=list(days), first_on=min(days), last_on=max(days), **fields)


def protest(*schedules, changes=(), **fields):
    """Return a protest with these schedules and changed dates, none of them saved."""
    row = Protest(pk=1, slug="weekly", title="Weekly protest", **fields)
    row._prefetched_objects_cache = {"schedules": list(schedules or [schedule()]), "changes": list(changes)}
    return row


def change(on, kind="cancelled", **fields):
    """Return a changed date that is not saved."""
    return ProtestChange(on=on, kind=kind, **fields)


DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))
# Draw the hours when clocks change as often as the rest of the day.
STARTS = st.one_of(st.times(time(0, 0), time(3, 30)), st.times(time(0, 0), time(22, 0))).map(
    lambda clock: clock.replace(minute=clock.minute // 5 * 5, second=0, microsecond=0, fold=0)
)


def later_by(clock, minutes):
    """Return the time `minutes` later, which may be on the next day."""
    return time(*divmod((clock.hour * 60 + clock.minute + minutes) % (24 * 60), 60))


@st.composite
def schedules(draw):
    """Draw a rule of any kind that begins between 2026 and 2030."""
    first, start = draw(st.dates(date(2026, 1, 1), date(2030, 12, 31))), draw(STARTS)
    fields = {"start_time": start, "end_time": later_by(start, draw(st.integers(30, 180))), "first_on": first}
    kind = draw(st.sampled_from(["weekly", "weekly", "monthly", "dates"]))
    if kind == "dates":
        days = draw(st.lists(DAYS, min_size=1, max_size=8, unique=True))
        return single_dates(*sorted(days), start_time=start, end_time=fields["end_time"])
    most = 1 if kind == "monthly" else 7
    weekdays = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=most)))
    every, ordinal = draw(st.integers(1, 5)), draw(st.sampled_from([1, 2, 3, 4, -1]))
    last = draw(st.none() | st.integers(100, 3000).map(lambda days: first + timedelta(days=days)))
    return schedule(repeats=kind, weekdays=weekdays, every=every, ordinal=ordinal, last_on=last, **fields)


@st.composite
def series(draw):
    """Draw a protest with up to three schedules, in any of six time zones, and some changed dates."""
    found = draw(st.lists(schedules(), min_size=1, max_size=3, unique_by=lambda one: one.first_on))
    row = protest(*sorted(found, key=lambda one: one.first_on), timezone=draw(st.sampled_from(ZONES)))
    regular = [
        day for day, _n in zip(row.regular_dates(date(2026, 1, 1), date(2036, 12, 31)), range(300), strict=False)
    ]
    chosen = draw(st.sets(st.sampled_from(regular), max_size=6)) if regular else set()
    row._prefetched_objects_cache["changes"] = [draw(changes(day)) for day in sorted(chosen)]
    return row


@st.composite
def changes(draw, day):
    """Draw a change to one date."""
    kind = draw(st.sampled_from(["cancelled", "moved", "moved", "as_usual"]))
    if kind != "moved":
        return change(day, kind)
    start = draw(st.none() | STARTS)
    moved = {"new_start": start, "new_end": start and draw(st.none() | st.just(later_by(start, 45)))}
    new_on = draw(st.none() | st.integers(-20, 20).map(lambda days: day + timedelta(days=days)))
    return change(day, kind, new_on=new_on, new_place=draw(st.sampled_from([None, ELSEWHERE])), **moved)
