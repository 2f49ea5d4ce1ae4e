"""The time window of an SLO as the period of an objective."""

from __future__ import annotations

import re
from dataclasses import replace

from obsgen.diagnostics import Findings
from obsgen.exchange.node import Node
from obsgen.exchange.taken import inexpressible

_UNSAID = "30d"
_DURATION = re.compile(r"(\d+)([a-zA-Z])")
_DAYS = {"d": 1, "w": 7}
# What has no fixed length rolls over the days that it has at least.
_ABOUT_DAYS = {"M": 30, "Q": 90, "Y": 365}
_UNITS = {"Day": "d", "Week": "w", "Month": "M", "Quarter": "Q", "Year": "Y"}
_SHORTEST, _LONGEST = 7, 90
_UTC = ("UTC", "Etc/UTC", "GMT", "Z")


def period_of(spec: Node, found: Findings) -> str:
    """`28d` or `month`; `Diagnosed` where there is no such period."""
    windows = spec.get("timeWindow", "timeWindows")
    window = next(windows.items(), None) if windows else None
    if windows is None or window is None:
        found.add(spec.lost(f"the SLO names no time window; {_UNSAID} are taken"))
        return _UNSAID
    duration = _duration(window)
    rolling, calendar = window.get("isRolling"), window.get("calendar")
    if calendar or (rolling and not rolling.is_true()):
        return _calendar(duration, calendar, found)
    return _rolling(duration, found)


def _duration(window: Node) -> Node:
    """`30d`; v1alpha counts units instead."""
    count = window.get("count")
    if count is None:
        return window.need("duration")
    unit = window.need("unit")
    if unit.text() not in _UNITS:
        raise unit.mistake("OBS112", f"'{unit.text()}' is none of {', '.join(_UNITS)}")
    return replace(count, content=count.text() + _UNITS[unit.text()])


def _rolling(duration: Node, found: Findings) -> str:
    parts = _DURATION.fullmatch(duration.text())
    if parts is None:
        raise duration.mistake("OBS114", f"'{duration.text()}' is not a duration of OpenSLO, such as 28d or 4w")
    count, unit = int(parts[1]), parts[2]
    days = count * (_DAYS | _ABOUT_DAYS).get(unit, 0)
    if not _SHORTEST <= days <= _LONGEST:
        message = f"a period of {duration.text()} is not between {_SHORTEST} and {_LONGEST} days"
        raise inexpressible(duration, message)
    if unit in _ABOUT_DAYS:
        found.add(duration.lost(f"a rolling period has a fixed length: {duration.text()} becomes {days}d"))
    return f"{days}d"


def _calendar(duration: Node, calendar: Node | None, found: Findings) -> str:
    if duration.text() != "1M":
        message = f"of calendar periods there is the month, not {duration.text()}"
        raise inexpressible(duration, message, "a rolling period of as many days, such as 7d or 90d, may do")
    zone = calendar.get("timeZone") if calendar else None
    if zone and zone.text() not in _UTC:
        found.add(zone.lost(f"months begin at midnight in UTC, not in {zone.text()}"))
    return "month"
