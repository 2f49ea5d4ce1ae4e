"""When what happens, in seconds since the first midnight, and how busy the cluster is meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR

Span = tuple[int, int]
At = Callable[[int], float]
ALWAYS: Final[tuple[Span, ...]] = ((0, 2**40),)

# At night an eighth of what midday has.
_MEAN: Final = 0.5625
_SWING: Final = 0.4375

# Prometheus is updated itself: nothing is scraped for a while.
UNWATCHED: Final[Span] = (DAY + 6 * HOUR, DAY + 6 * HOUR + 3 * MINUTE)
ROLLOUTS: Final = {"Deployment": 10 * HOUR, "StatefulSet": 11 * HOUR, "DaemonSet": 12 * HOUR}
MORNING: Final = 7 * HOUR
EVENING: Final = 20 * HOUR
SURGE: Final[Span] = (2 * DAY + 10 * HOUR, 2 * DAY + 10 * HOUR + 25 * MINUTE)


def busy(t: int) -> float:
    """Traffic as a share of midday's."""
    return _MEAN - _SWING * math.cos(2 * math.pi * t / DAY)


def done(t: int) -> float:
    """Seconds of midday's traffic that have passed since the first midnight."""
    return _MEAN * t - _SWING * DAY / (2 * math.pi) * math.sin(2 * math.pi * t / DAY)


@dataclass(frozen=True, slots=True)
class Row:
    """One series: its labels, its value over time, and while it is there."""

    labels: dict[str, str]
    at: At
    spans: tuple[Span, ...] = ALWAYS


def within(spans: tuple[Span, ...], t: int) -> bool:
    """Whether one of the spans holds the moment."""
    return any(begin <= t < end for begin, end in spans)


def without(spans: tuple[Span, ...], gaps: tuple[Span, ...]) -> tuple[Span, ...]:
    """What is left of the spans outside the gaps."""
    left = []
    for begin, end in spans:
        since = begin
        for down, up in sorted(gaps):
            if since <= down < end:
                left.append((since, down))
                since = up
        left.append((since, end))
    return tuple((begin, end) for begin, end in left if begin < end)


def counted(rate: float, begun: At = lambda _: 0.0, *, traffic: bool = True) -> At:
    """A counter that grows by the rate at midday, or all day long; `begun` is when it started last."""
    if not rate:
        return lambda _: 0.0
    if traffic:
        return lambda t: rate * (done(t) - done(int(begun(t))))
    return lambda t: rate * (t - begun(t))
