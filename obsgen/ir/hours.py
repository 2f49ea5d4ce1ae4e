"""Time intervals as Alertmanager reads them: when a route may notify, and when it must not."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Minutes that satisfy every field; an empty field admits all. Ranges hold both ends, but for minutes."""

    weekdays: tuple[Range, ...] = ()
    """0 is Sunday."""
    minutes: tuple[Range, ...] = ()
    """Minutes since midnight, the end left out."""
    days_of_month: tuple[Range, ...] = ()
    """1 to 31; a negative day counts from the month's end."""
    months: tuple[Range, ...] = ()
    years: tuple[Range, ...] = ()
    location: str = "UTC"
    """A name of the IANA time zone database."""

    def contains(self, moment: datetime) -> bool:
        """Whether the moment, which knows its time zone, lies inside."""
        local = moment.astimezone(ZoneInfo(self.location))
        minute = local.hour * 60 + local.minute
        held = not self.minutes or any(start <= minute < end for start, end in self.minutes)
        return held and self.holds_on(local.date())

    def holds_on(self, day: date) -> bool:
        """Whether it holds at some minute of the day, in its own location."""
        return (
            _within(self.weekdays, day.isoweekday() % 7)
            and _on_day(self.days_of_month, day)
            and _within(self.months, day.month)
            and _within(self.years, day.year)
        )


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """A named interval: the union of its spans."""

    name: str
    spans: tuple[TimeSpan, ...]

    def contains(self, moment: datetime) -> bool:
        """Whether the moment lies in any of the spans."""
        return any(span.contains(moment) for span in self.spans)


def _within(ranges: tuple[Range, ...], value: int) -> bool:
    return not ranges or any(start <= value <= end for start, end in ranges)


def _on_day(ranges: tuple[Range, ...], day: date) -> bool:
    if not ranges:
        return True
    length = monthrange(day.year, day.month)[1]
    return any(_day(start, length) <= day.day <= min(_day(end, length), length) for start, end in ranges)


def _day(number: int, length: int) -> int:
    return number if number > 0 else length + 1 + number
