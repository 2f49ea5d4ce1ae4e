"""The formula of burn-rate alerts: at which evaluations one fires, given how events and errors come in.

A window's ratio is its errors over its events. Read as scraped it is the integral of both over the window; summed up
from recorded rates, each of which looks back over `base`, it is the same integral smeared over that long. So after a
step to a share of errors e, on steady traffic, an alert at factor f of the budget b over a long window L fires after
L·f·b/e, and half a `base` later where the window is summed up. (https://sre.google/workbook/alerting-on-slos/)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from obsgen.lower.objectives.recording import LONGEST_RAW
from obsgen.model.objectives import BurnWindow, Objective
from obsgen.units import Duration

MINUTE = Duration(60_000)
# Until then a rate has too few samples to have a value.
_FIRST = 2


@dataclass(frozen=True, slots=True)
class Phase:
    """So many minutes of so many events per second, of which a share fails."""

    minutes: int
    events: float
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Watch:
    """What decides when a burn is seen, free of names, so that equal objectives share one reckoning.

    `least` is the sum of the recorded rates of errors below which nothing fires: failed events over the seconds that
    each evaluation stands for. `every` is the number of minutes between evaluations.
    """

    windows: tuple[BurnWindow, ...]
    least: float
    exact: bool
    base: Duration
    every: int

    @classmethod
    def of(cls, objective: Objective, windows: tuple[BurnWindow, ...], every: int) -> Watch:
        """What matters of the objective."""
        return cls(windows, least_errors(objective), objective.exact, objective.base, every)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an alert reads of a pair of windows: the share of errors in each, the recorded errors in the long one."""

    long: float
    short: float
    errors: float


def least_errors(objective: Objective) -> float:
    """The sum of recorded errors per second that the guard asks for, at any spacing of evaluations."""
    return objective.minimum_errors / objective.interval.seconds


def readings(watch: Watch, phases: tuple[Phase, ...], minutes: Sequence[int]) -> list[tuple[Reading, ...]]:
    """What is read of each pair of windows at each of these minutes."""
    course = _course(phases, watch)
    return [tuple(course.reading(window, minute) for window in watch.windows) for minute in minutes]


@lru_cache(maxsize=2**16)
def burning(watch: Watch, phases: tuple[Phase, ...]) -> tuple[bool, ...]:
    """For each evaluation, the first at the start, whether the alert's expression holds."""
    course = _course(phases, watch)
    return tuple(
        minute >= _FIRST and any(course.burns(window, minute) for window in watch.windows)
        for minute in range(0, sum(phase.minutes for phase in phases) + 1, watch.every)
    )


def first(held: Sequence[bool]) -> int | None:
    """The first evaluation at which it holds."""
    return held.index(True) if True in held else None


def last(held: Sequence[bool]) -> int | None:
    """The last evaluation at which it holds."""
    return len(held) - 1 - held[::-1].index(True) if True in held else None


class _Course:
    """Errors and events, summed up to each minute as they come in, and to each evaluation as they are recorded."""

    def __init__(self, phases: tuple[Phase, ...], watch: Watch) -> None:
        self.watch = watch
        errors = [phase.events * phase.share for phase in phases for _ in range(phase.minutes)]
        events = [phase.events for phase in phases for _ in range(phase.minutes)]
        self.raw = (_sums(errors), _sums(events))
        self.recorded = tuple(_sums(self._rates(one)) for one in self.raw)

    def _rates(self, sums: Sequence[float]) -> list[float]:
        """At each evaluation the mean rate over `base` before it, or over what there was of it."""
        back = whole_minutes(self.watch.base)
        return [
            (sums[minute] - sums[max(0, minute - back)]) / min(back, minute)
            for minute in range(self.watch.every, len(sums), self.watch.every)
        ]

    def burns(self, window: BurnWindow, minute: int) -> bool:
        """Whether both windows are past the threshold, and enough has failed."""
        if self._failed(window, minute) < self.watch.least:
            return False
        return all(self._ratio(span, minute) > window.threshold for span in (window.long, window.short))

    def reading(self, window: BurnWindow, minute: int) -> Reading:
        """What is read of the pair at this minute."""
        long, short = (self._ratio(span, minute) for span in (window.long, window.short))
        return Reading(long, short, self._failed(window, minute))

    def _failed(self, window: BurnWindow, minute: int) -> float:
        return self._over(window.long, minute, chained=True)[0]

    def _ratio(self, window: Duration, minute: int) -> float:
        errors, events = self._over(window, minute, chained=window > LONGEST_RAW and not self.watch.exact)
        return errors / events if events else 0.0

    def _over(self, window: Duration, minute: int, *, chained: bool) -> tuple[float, float]:
        sums, scale = (self.recorded, self.watch.every) if chained else (self.raw, 1)
        until, since = minute // scale, max(0, minute - whole_minutes(window)) // scale
        return sums[0][until] - sums[0][since], sums[1][until] - sums[1][since]


# What a course is asked for is asked at once.
_course = lru_cache(maxsize=16)(_Course)


def _sums(values: Sequence[float]) -> list[float]:
    return [0.0, *accumulate(values)]


def whole_minutes(span: Duration) -> int:
    """The span in minutes, rounded up."""
    return -(-span.milliseconds // MINUTE.milliseconds)
