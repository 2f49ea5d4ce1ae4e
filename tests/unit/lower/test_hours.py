"""Working hours and the hours off part every minute between them, whatever the hours are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from obsgen.lower.hours import bounds, intervals
from obsgen.model.routing import WorkingHours
from obsgen.spec.hours import Days, Holidays, Times

ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Australia/Lord_Howe")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

times = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(
    lambda ends: tuple(zip(*[iter(sorted(ends)[: len(ends) // 2 * 2])] * 2, strict=True))
)
holidays = st.builds(
    lambda start, length: Holidays(start, start + timedelta(days=length)),
    st.dates(date(2025, 12, 20), date(2027, 1, 10)),
    st.integers(0, 40),
)
any_hours = st.builds(
    WorkingHours,
    name=st.just("office"),
    time_zone=st.sampled_from(ZONES),
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    times=times,
    holidays=st.lists(holidays, max_size=3).map(tuple),
)
minutes = st.lists(st.integers(0, 366 * 1440), min_size=20, max_size=20)


@given(any_hours, minutes)
def test_at_every_minute_either_the_hours_or_the_hours_off_let_a_route_speak(
    hours: WorkingHours, at: list[int]
) -> None:
    known = {interval.name: interval for interval in intervals(hours)}
    for minute in at:
        moment = BEGIN + timedelta(minutes=minute)
        inside = {name for name, interval in known.items() if interval.contains(moment)}
        spoken = [
            when
            for when in ("working", "off")
            if inside.intersection(bounds(when, hours).get("active", ()))
            and not inside.intersection(bounds(when, hours).get("muted", ()))
        ]
        assert len(spoken) == 1, (moment, inside)


def test_hours_are_of_the_place_and_holidays_are_off() -> None:
    hours = WorkingHours("office", "Asia/Shanghai", (1, 2, 3, 4, 5), ((540, 1080),), (Holidays.parse("2026-10-01"),))
    known = {interval.name: interval for interval in intervals(hours)}
    nine_in_shanghai = datetime(2026, 9, 30, 1, tzinfo=UTC)
    assert known["office"].contains(nine_in_shanghai)
    assert not known["office"].contains(nine_in_shanghai - timedelta(minutes=1))
    assert known["office-holidays"].contains(nine_in_shanghai + timedelta(days=1))
    assert known["office-off"].contains(nine_in_shanghai + timedelta(days=1))


def test_days_may_run_over_the_end_of_the_week() -> None:
    assert Days.parse("saturday:monday").each() == (6, 0, 1)
    assert Times.parse("22:00-24:00") == Times(1320, 1440)
