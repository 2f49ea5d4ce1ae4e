"""When time intervals hold: stretches of time in which nothing begins or ends, to the second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from functools import lru_cache
from itertools import chain, islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from obsgen.ir.hours import TimeInterval, TimeSpan

# A year of which most spans say nothing, so that only the week, the month and daylight saving matter.
ORDINARY_YEAR: Final = 2027

_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()
# After so many years the days of the week fall on the same dates again.
_CALENDARS: Final = 28
# No place is further than this from UTC; a year is looked at wherever it is that year.
_FAR: Final = 14 * 3_600

_Piece = tuple[int, int, int]
"""Seconds from and to which a zone keeps its offset, and the offset."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the same intervals hold, from `start` until before `end`."""

    start: datetime
    end: datetime
    inside: frozenset[str]


def years_of(intervals: Sequence[TimeInterval]) -> tuple[int, ...]:
    """The years that spans name, as many as there are kinds of them, and one that none does."""
    ranges = {one for interval in intervals for span in interval.spans for one in span.years}
    turns = sorted({year for start, end in ranges for year in (start, end + 1)})
    found: set[int] = set()
    for first, after in pairwise(turns):
        if any(start <= first <= end for start, end in ranges):
            found.update(range(max(first, MINYEAR + 1), min(after, first + _CALENDARS, MAXYEAR)))
    near = chain(range(ORDINARY_YEAR, ORDINARY_YEAR + 100), range(ORDINARY_YEAR - 1, 1970, -1))
    ordinary = (year for year in near if not any(start <= year <= end for start, end in ranges))
    return tuple(sorted(found | set(islice(ordinary, 1))))


def stretches(intervals: Sequence[TimeInterval]) -> tuple[Stretch, ...]:
    """All of those years in order, cut where an interval begins or ends; no two neighbours hold the same intervals."""
    turns: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    windows = _windows(years_of(intervals))
    for start, end in windows:
        turns[start], turns[end] = turns[start], turns[end]
        for interval in intervals:
            for span in interval.spans:
                for first, last in _held(span, start, end):
                    turns[first].append((interval.name, 1))
                    turns[last].append((interval.name, -1))
    return tuple(_swept(turns, windows))


def occasions(intervals: Sequence[TimeInterval]) -> tuple[Stretch, ...]:
    """Of each set of intervals that hold together the first stretch: who looks at these has looked at every minute."""
    found: dict[frozenset[str], Stretch] = {}
    for stretch in stretches(intervals):
        found.setdefault(stretch.inside, stretch)
    return tuple(found.values())


def _windows(years: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for year in years:
        start, end = (int(datetime(one, 1, 1, tzinfo=UTC).timestamp()) for one in (year, year + 1))
        if found and start - _FAR <= found[-1][1]:
            found[-1] = (found[-1][0], end + _FAR)
        else:
            found.append((start - _FAR, end + _FAR))
    return found


def _swept(turns: dict[int, list[tuple[str, int]]], windows: list[tuple[int, int]]) -> Iterator[Stretch]:
    held: defaultdict[str, int] = defaultdict(int)
    ends = {end for _, end in windows}
    last: Stretch | None = None
    for moment, after in pairwise(sorted(turns)):
        for name, change in turns[moment]:
            held[name] += change
        if moment in ends:
            continue
        inside = frozenset(name for name, count in held.items() if count)
        begin, end = _moment(moment), _moment(after)
        if last and last.inside == inside and last.end == begin:
            last = replace(last, end=end)
            continue
        if last:
            yield last
        last = Stretch(begin, end, inside)
    if last:
        yield last


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _held(span: TimeSpan, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The times from start to end that the span holds; they may touch or, of one span, overlap."""
    minutes = span.minutes or ((0, 1440),)
    for first, last, offset in _pieces(span.location, start, end):
        # On the clock of the place a day is a day, and the offset does not change within a piece.
        for day in range((first + offset) // _DAY, (last + offset - 1) // _DAY + 1):
            if not span.holds_on(date.fromordinal(_EPOCH + day)):
                continue
            for begin, stop in minutes:
                held = max(first, day * _DAY + begin * 60 - offset), min(last, day * _DAY + stop * 60 - offset)
                if held[0] < held[1]:
                    yield held


# The spans of a spec lie in a zone or two.
@lru_cache(maxsize=64)
def _pieces(location: str, start: int, end: int) -> list[_Piece]:
    zone = ZoneInfo(location)
    found: list[_Piece] = []
    at = start
    while at < end:
        offset, to = _offset(zone, at), at
        while to < end and _offset(zone, to) == offset:
            to += _DAY
        # The zone turned within the last day; the turn itself is found by halving.
        low, high = to - _DAY, min(to, end)
        if _offset(zone, high) == offset:
            low = high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
        found.append((at, high, offset))
        at = high
    return found


def _offset(zone: ZoneInfo, seconds: int) -> int:
    shift = datetime.fromtimestamp(seconds, zone).utcoffset()
    assert shift is not None
    return int(shift.total_seconds())
