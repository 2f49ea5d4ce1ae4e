"""Working hours as Alertmanager's time intervals: the hours themselves, their holidays, and all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from obsgen.ir.hours import Range, TimeInterval, TimeSpan
from obsgen.model.routing import When, WorkingHours

_DAY = 24 * 60


# How the intervals of some hours are called besides the hours' own name.
HOLIDAYS: Final = "{}-holidays"
OFF: Final = "{}-off"


def bounds(when: When, hours: WorkingHours | None) -> Mapping[str, tuple[str, ...]]:
    """A route's fields `active` and `muted`, for what is told then."""
    if when == "always" or hours is None:
        return {}
    if when == "off":
        return {"active": (OFF.format(hours.name),)}
    return {"active": (hours.name,), "muted": (HOLIDAYS.format(hours.name),) if hours.holidays else ()}


def intervals(hours: WorkingHours) -> tuple[TimeInterval, ...]:
    """The three intervals."""
    free = tuple(day for day in range(7) if day not in hours.days)
    nights = tuple(_gaps(hours.times))
    at_work = TimeSpan(weekdays=_ranges(hours.days), minutes=hours.times, location=hours.time_zone)
    away = tuple(_days_off(hours))
    rest = (
        *((TimeSpan(weekdays=_ranges(hours.days), minutes=nights, location=hours.time_zone),) if nights else ()),
        *((TimeSpan(weekdays=_ranges(free), location=hours.time_zone),) if free else ()),
        *away,
    )
    found = [TimeInterval(hours.name, (at_work,))]
    found += [TimeInterval(HOLIDAYS.format(hours.name), away)] if away else []
    found += [TimeInterval(OFF.format(hours.name), rest)] if rest else []
    return tuple(found)


def _gaps(times: tuple[Range, ...]) -> Iterator[Range]:
    """The minutes of a day that the times leave out."""
    reached = 0
    for start, end in (*sorted(times), (_DAY, _DAY)):
        if start > reached:
            yield reached, start
        reached = max(reached, end)


def _ranges(numbers: tuple[int, ...]) -> tuple[Range, ...]:
    """The numbers as ranges of neighbours."""
    runs = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    return tuple((run[0][1], run[-1][1]) for run in ([*found] for _, found in runs))


def _days_off(hours: WorkingHours) -> Iterator[TimeSpan]:
    """One span for each month that has holidays."""
    days = sorted({day for one in hours.holidays for day in _each(one.first, one.last)})
    for (year, month), found in groupby(days, key=lambda day: (day.year, day.month)):
        yield TimeSpan(
            days_of_month=_ranges(tuple(day.day for day in found)),
            months=((month, month),),
            years=((year, year),),
            location=hours.time_zone,
        )


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
