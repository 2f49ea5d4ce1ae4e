"""Time intervals in Alertmanager's own form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from obsgen.ir.hours import Range, TimeInterval, TimeSpan
from obsgen.spec.hours import WEEKDAYS


def intervals_body(intervals: Sequence[TimeInterval]) -> dict[str, Any]:
    """`time_intervals`; nothing where none is defined."""
    if not intervals:
        return {}
    return {
        "time_intervals": [
            {"name": one.name, "time_intervals": [_span(span) for span in one.spans]} for one in intervals
        ]
    }


def _span(span: TimeSpan) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if span.minutes:
        body["times"] = [{"start_time": clock(start), "end_time": clock(end)} for start, end in span.minutes]
    if span.weekdays:
        body["weekdays"] = [range_text(tuple(WEEKDAYS[day] for day in one)) for one in span.weekdays]
    for name in ("days_of_month", "months", "years"):
        ranges: tuple[Range, ...] = getattr(span, name)
        if ranges:
            body[name] = [range_text(tuple(str(number) for number in one)) for one in ranges]
    if span.location != "UTC":
        body["location"] = span.location
    return body


def range_text(ends: tuple[str, ...]) -> str:
    """`first:last`, or the only one."""
    return ends[0] if len(set(ends)) == 1 else ":".join(ends)


def clock(minute: int) -> str:
    """Minutes since midnight as `HH:MM`; the day's end is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
