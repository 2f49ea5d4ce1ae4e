"""Time intervals as they stand in an Alertmanager's configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from obsgen.ir.hours import Range, TimeInterval, TimeSpan
from obsgen.routes.written import Written
from obsgen.spec.described import described

_WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_TIME: Final = re.compile(r"((?:[01]\d|2[0-3])):([0-5]\d)|24:00")
_FIELDS: Final = ("times", "weekdays", "days_of_month", "months", "years", "location")


def read_intervals(config: Written) -> tuple[TimeInterval, ...]:
    """All intervals, by their new key and their old one; ReadingError where one is unreadable or named twice."""
    found: dict[str, TimeInterval] = {}
    for one in (*config.parts("mute_time_intervals"), *config.parts("time_intervals")):
        one.only(("name", "time_intervals"))
        name = one.text("name")
        if not name:
            raise one.refuse("a time interval needs a name")
        if name in found:
            raise one.refuse(f"there are two time intervals '{name}'")
        found[name] = TimeInterval(name, tuple(_span(part) for part in one.parts("time_intervals")))
    return tuple(found.values())


def _span(part: Written) -> TimeSpan:
    part.only(_FIELDS)
    location = part.text("location") or "UTC"
    try:
        ZoneInfo(location)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise part.refuse(f"{described(location)} is not a time zone") from None
    return TimeSpan(
        weekdays=_ranges(part, "weekdays", _named(_WEEKDAYS)),
        minutes=tuple(_times(one) for one in part.parts("times")),
        days_of_month=_ranges(part, "days_of_month", int),
        months=_ranges(part, "months", _named(_MONTHS, first=1)),
        years=_ranges(part, "years", int),
        location=location,
    )


def _times(part: Written) -> Range:
    part.only(("start_time", "end_time"))
    start, end = _minute(part, "start_time"), _minute(part, "end_time")
    if start >= end:
        raise part.refuse("a time must start before it ends; over midnight takes two of them")
    return start, end


def _minute(part: Written, key: str) -> int:
    found = part.body.get(key)
    # YAML 1.1 reads an unquoted 17:30 as a number to the base of 60.
    text = f"{found // 60:02}:{found % 60:02}" if isinstance(found, int) else str(found)
    read = _TIME.fullmatch(text)
    if not read:
        raise part.refuse(f"{key}: {described(text)} is not a time of day such as 09:00")
    return int(read[1]) * 60 + int(read[2]) if read[1] else 1440


def _named(names: Sequence[str], first: int | None = None) -> Callable[[str], int]:
    def number(text: str) -> int:
        if text.lower() in names:
            return names.index(text.lower()) + (first or 0)
        if first is None:
            raise ValueError(text)
        return int(text)

    return number


_BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "weekdays": (0, 6),
    "days_of_month": (-31, 31),
    "months": (1, 12),
    "years": (0, 9999),
}


def _ranges(part: Written, key: str, number: Callable[[str], int]) -> tuple[Range, ...]:
    return tuple(_range(part, key, one, number) for one in part.items(key))


def _range(part: Written, key: str, one: object, number: Callable[[str], int]) -> Range:
    # YAML 1.1 reads an unquoted 1:5 as 65; no day and no month is that great.
    based = isinstance(one, int) and one >= 60 and key != "years"
    text = f"{one // 60}:{one % 60}" if based and isinstance(one, int) else str(one)
    start, _, end = text.partition(":")
    try:
        found = number(start.strip()), number((end or start).strip())
    except ValueError:
        raise part.refuse(f"{key}: {described(text)} is not understood") from None
    low, high = _BOUNDS[key]
    if not all(low <= value <= high for value in found) or (key == "days_of_month" and 0 in found):
        raise part.refuse(f"{key}: '{text}' is out of range")
    if found[0] > found[1] and (found[0] > 0) == (found[1] > 0):
        raise part.refuse(f"{key}: '{text}' ends before it starts")
    return found
