"""Stretches of time: every minute of them holds the same intervals, and no turn is missed."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from obsgen.ir.hours import TimeInterval, TimeSpan
from obsgen.routes.hours import occasions, stretches, years_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Kiritimati")
WORK = TimeInterval("work", (TimeSpan(weekdays=((1, 5),), minutes=((540, 1080),), location="Europe/Berlin"),))
XMAS = TimeInterval("xmas", (TimeSpan(days_of_month=((24, 26),), months=((12, 12),), years=((2026, 2026),)),))


def _ranges(low: int, high: int) -> some.SearchStrategy[tuple[tuple[int, int], ...]]:
    one = some.tuples(some.integers(low, high), some.integers(low, high)).map(lambda ends: (min(ends), max(ends)))
    return some.lists(one.filter(lambda ends: 0 not in ends or low == 0), max_size=2).map(tuple)


def _minutes() -> some.SearchStrategy[tuple[tuple[int, int], ...]]:
    ends = some.tuples(some.integers(0, 1439), some.integers(1, 1440))
    return some.lists(ends.filter(lambda one: one[0] < one[1]), max_size=2).map(tuple)


def _spans() -> some.SearchStrategy[TimeSpan]:
    return some.builds(
        TimeSpan,
        weekdays=_ranges(0, 6),
        minutes=_minutes(),
        days_of_month=_ranges(-31, 31),
        months=_ranges(1, 12),
        years=some.sampled_from(((), (), ((2026, 2026),), ((2024, 2025),))),
        location=some.sampled_from(ZONES),
    )


def _intervals() -> some.SearchStrategy[list[TimeInterval]]:
    spans = some.lists(some.lists(_spans(), max_size=2).map(tuple), min_size=1, max_size=3)
    return spans.map(lambda all_: [TimeInterval(f"i{number}", one) for number, one in enumerate(all_)])


def held(intervals: list[TimeInterval], moment: datetime) -> frozenset[str]:
    return frozenset(one.name for one in intervals if one.contains(moment))


def test_the_years_are_those_that_are_named_and_one_that_is_not() -> None:
    assert years_of([WORK]) == (2027,)
    assert years_of([WORK, XMAS]) == (2026, 2027)
    assert years_of([TimeInterval("x", (TimeSpan(years=((2026, 2028),)),))]) == (2026, 2027, 2028, 2029)


def test_of_years_without_end_as_many_are_looked_at_as_there_are_calendars() -> None:
    always, later = (TimeInterval("x", (TimeSpan(years=((first, 9999),)),)) for first in (2000, 2030))
    assert years_of([always, later]) == (1999, *range(2000, 2028), *range(2030, 2058))
    assert stretches([always])[0].inside == frozenset()
    assert years_of([TimeInterval("x", (TimeSpan(years=((0, 3),)),))]) == (2, 3, 2027)


def test_a_turn_of_daylight_saving_moves_the_hours_and_adds_none() -> None:
    starts = [one.start.astimezone(ZoneInfo("Europe/Berlin")) for one in stretches([WORK])[1:] if one.inside]
    assert {(one.hour, one.minute) for one in starts} == {(9, 0)}
    assert {one.utcoffset() for one in starts} == {timedelta(hours=1), timedelta(hours=2)}


def test_each_set_of_intervals_is_shown_once() -> None:
    shown = [one.inside for one in occasions([WORK, XMAS])]
    assert len(shown) == len(set(shown))
    assert set(shown) == {frozenset(), frozenset({"work"}), frozenset({"xmas"}), frozenset({"work", "xmas"})}


def test_no_interval_makes_one_stretch_a_year() -> None:
    (only,) = stretches([])
    assert only.start < datetime(2027, 1, 1, tzinfo=UTC) < datetime(2028, 1, 1, tzinfo=UTC) < only.end


@settings(max_examples=60, deadline=None)
@given(_intervals(), some.lists(some.integers(0, 366 * 1440), min_size=40, max_size=40))
def test_membership_at_any_minute_is_that_of_its_stretch(intervals: list[TimeInterval], minutes: list[int]) -> None:
    found = stretches(intervals)
    for year in years_of(intervals):
        for minute in minutes:
            moment = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
            for one in found:
                if one.start <= moment < one.end:
                    assert one.inside == held(intervals, moment)


@settings(max_examples=60, deadline=None)
@given(_intervals())
def test_every_turn_is_a_turn_and_holds_to_its_last_second(intervals: list[TimeInterval]) -> None:
    found = stretches(intervals)
    for one, after in pairwise(found):
        assert one.end <= after.start
        assert one.inside != after.inside or one.end < after.start
    for one in found[:: max(1, len(found) // 50)]:
        assert one.inside == held(intervals, one.start) == held(intervals, one.end - timedelta(seconds=1))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_the_night_of_a_turn_is_right_to_the_minute(zone: str) -> None:
    night = [TimeInterval("night", (TimeSpan(minutes=((95, 125), (150, 185)), location=zone),))]
    found = {one.start: one for one in stretches(night)}
    turns = sorted({turn for one in found.values() for turn in (one.start, one.end)})
    for month, day in product((3, 4, 10, 11), range(1, 32)):
        for minute in range(0, 1440, 7) if day <= monthrange(2027, month)[1] else ():
            moment = datetime(2027, month, day, tzinfo=UTC) + timedelta(minutes=minute)
            assert found[turns[bisect_right(turns, moment) - 1]].inside == held(night, moment)
