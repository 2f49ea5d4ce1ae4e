"""Alerts that at some minute of the year reach nobody."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.hours import TimeInterval, TimeSpan
from obsgen.ir.routes import Route
from obsgen.routes.quiet import quiet
from obsgen.routes.regions import partition
from tests.routes.trees import route

WORK = TimeInterval("work", (TimeSpan(weekdays=((1, 5),), minutes=((540, 1080),)),))
REST = TimeInterval(
    "rest", (TimeSpan(weekdays=((1, 5),), minutes=((0, 540), (1080, 1440))), TimeSpan(weekdays=((6, 6),)))
)


def unheard(*routes: Route) -> list[tuple[dict[str, str], list[set[str]]]]:
    found = quiet(partition(route("root", "", *routes)).regions, (WORK, REST))
    return [(dict(one.region.example), [set(stretch.inside) for stretch in one.stretches]) for one in found]


def test_a_route_that_is_active_at_times_is_silent_at_others() -> None:
    at_work = replace(route("desk", "severity=critical"), active=("work",))
    assert unheard(at_work) == [({"severity": "critical"}, [{"rest"}, set()])]


def test_two_routes_that_take_turns_must_leave_no_minute_between_them() -> None:
    at_work = replace(route("desk", "severity=critical", continues=True), active=("work",))
    # Sunday is neither.
    assert unheard(at_work, replace(route("pager", "severity=critical"), active=("rest",))) == [
        ({"severity": "critical"}, [set()])
    ]
    assert unheard(at_work, replace(route("pager", "severity=critical"), muted=("work",))) == []
