"""Courses that miss by little what sets off a pair of windows, one for each number that the alert compares with.

Each shows one comparison alone: the others of its pair are past their thresholds, and no other pair burns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from obsgen.lower.objectives.course import MINUTE, Phase, Reading, Watch, burning, readings, whole_minutes
from obsgen.lower.objectives.scenarios import Scenario, beyond, past, short_of, traffic
from obsgen.model.objectives import BurnWindow, Objective, ObjectiveAlert, counts_events, fails_in_part

# Evaluations are as far apart as leaves no more than this many, while the shortest window still holds a few.
_EVALUATIONS = 160
_IN_THE_SHORTEST = 4
_SPACINGS = (1, 5, 10, 15, 30, 60)
# How far a long window is past its threshold, or short of it, while the other comparison decides.
_LONG_PAST, _LONG_SHORT = 1.03, 0.985
# Four failed events of five are too few, six are enough. What Prometheus makes of the edges of a window, which it
# counts in one version and not in the other, is less.
_FEW, _ENOUGH = 0.8, 1.2


@dataclass(frozen=True, slots=True)
class Edge:
    """The course of one group; `fires` says whether it has set off the alert in the end."""

    name: str
    phases: Scenario
    fires: bool = False


@dataclass(frozen=True, slots=True)
class Edges:
    """Courses of equal length, `every` minutes between evaluations; at `before` and in the end it is known what fires.

    At `before` none does.
    """

    every: int
    before: int
    end: int
    courses: tuple[Edge, ...]


def few_events(objective: Objective, minutes: int) -> tuple[Scenario, Scenario] | None:
    """So many minutes in which everything fails, of too few events and of just enough, where there is such a guard.

    The first minutes and the last have no events, so that a rate sees all of them, and its first samples none.
    """
    if not (counts_events(objective.sli) and fails_in_part(objective.sli) and objective.minimum_errors):
        return None
    quiet = whole_minutes(objective.base) + 2
    failing = minutes - 2 * quiet
    # Summed up from rates, each of which stands for the time between evaluations; read as scraped, what it is.
    each = MINUTE if objective.exact else objective.interval
    few, enough = (
        (
            Phase(quiet, 0.0),
            Phase(failing, share * objective.minimum_errors / (failing * each.seconds), 1.0),
            Phase(quiet, 0.0),
        )
        for share in (_FEW, _ENOUGH)
    )
    return few, enough


@dataclass(frozen=True, slots=True)
class _Terms:
    """All that the courses depend on, free of names, so that equal objectives share them. Spans are minutes."""

    watch: Watch
    rate: float
    past: Phase
    counts: bool
    pending: int
    keep: int


def edges(objective: Objective, alert: ObjectiveAlert) -> Edges | None:
    """The courses at the edges of the alert's comparisons, or None where none exists: all or nothing has no edge."""
    if not fails_in_part(objective.sli):
        return None
    longest = max(whole_minutes(window.long) for window in alert.windows)
    terms = _Terms(
        Watch.of(objective, alert.windows, 1),
        traffic(objective),
        past(objective, longest),
        counts_events(objective.sli),
        whole_minutes(alert.pending),
        whole_minutes(alert.keep_firing_for),
    )
    return _drawn(terms)


@lru_cache(maxsize=2**12)
def _drawn(terms: _Terms) -> Edges | None:
    shortest = min(whole_minutes(window.short) for window in terms.watch.windows)
    spacings = [every for every in _SPACINGS if every == 1 or every * _IN_THE_SHORTEST <= shortest]
    sketches = [_Sketch(terms, every) for every in spacings]
    sketch = next((one for one in sketches if one.end <= _EVALUATIONS * one.every), sketches[-1])
    courses = tuple(sketch.courses())
    return Edges(sketch.every, sketch.before, sketch.end, courses) if courses else None


class _Sketch:
    """The courses at one spacing of evaluations; every span is a multiple of it."""

    def __init__(self, terms: _Terms, every: int) -> None:
        self.terms = terms
        self.every = every
        self.watch = replace(terms.watch, every=every)
        self.windows = terms.watch.windows
        # What is recorded shows a step whole after `settled`, and what holds then fires after `wait`.
        self.settled = self._up(whole_minutes(terms.watch.base)) + 2 * every
        self.pending = self._up(terms.pending) + every
        self.wait = self.settled + self.pending
        self.past = replace(terms.past, minutes=self._up(terms.past.minutes))
        self.end = max(self._needed(place) for place in range(len(self.windows)))
        self.before = self.end - self.wait

    def courses(self) -> Iterator[Edge]:
        """Those of every pair of windows that exist and show what they are made for."""
        for place, window in enumerate(self.windows):
            for name, phases, seen in (
                ("ended", self._ended(place), _short_decides),
                ("begun", self._begun(place), _long_decides),
            ):
                if phases and self._shows(phases, place, seen):
                    yield Edge(f"{name}-{window.long}", phases)
            if self.terms.counts and self.watch.least:
                phases = self._few(place)
                if self._fires_alone(phases, place):
                    yield Edge(f"few-{window.long}", phases, fires=True)

    # --- spans

    def _up(self, minutes: int) -> int:
        return -(-minutes // self.every) * self.every

    def _is_last(self, place: int) -> bool:
        return place == len(self.windows) - 1

    def _body(self, place: int) -> int:
        """How long the long window must have been filled."""
        return self._up(whole_minutes(self.windows[place].long)) + self.settled + self.pending + self.wait

    def _tail(self, place: int) -> int:
        """How long the short window must have been filled; what fired before has ended."""
        short = self._up(whole_minutes(self.windows[place].short))
        return short + self.settled + self._up(self.terms.keep) + self.wait

    def _needed(self, place: int) -> int:
        if not self._is_last(place):
            return self.past.minutes + self._body(place)
        # Busier minutes weigh more, of time there are as many as it takes.
        tail = self._tail(place)
        return tail + (self._up(10) if self.terms.counts else 2 * tail)

    # --- courses

    def _ended(self, place: int) -> Scenario | None:
        """Errors are fewer again: the short window has fallen below the threshold, the long one has not."""
        threshold, tail = self.windows[place].threshold, self._tail(place)
        inside = self._inside(place, tail)
        if inside <= 0:
            return None
        weight = self._weight(2 * tail / inside)
        below = short_of(threshold)
        wanted = threshold * _LONG_PAST * (weight * inside + tail)
        share = min(1.0, (wanted - below * tail) / (weight * inside))
        return self._after_past(place, Phase(0, self.terms.rate * weight, share), Phase(tail, self.terms.rate, below))

    def _begun(self, place: int) -> Scenario | None:
        """Errors are more than before: the short window is past the threshold, the long one not yet."""
        threshold, tail = self.windows[place].threshold, self._tail(place)
        inside = self._inside(place, tail)
        if inside <= 0:
            return None
        weight = self._weight(tail / inside)
        above = beyond(threshold)
        wanted = threshold * _LONG_SHORT * (weight * inside + tail)
        share = (wanted - above * tail) / (weight * inside)
        if share < 0:
            return None
        course, end = Phase(0, self.terms.rate * weight, share), Phase(tail, self.terms.rate, above)
        if self.terms.counts or self._is_last(place):
            return self._after_past(place, course, end)
        # A longer window may allow for no more minutes of errors than this one.
        healthy = self.end - inside - tail
        return (Phase(healthy, self.terms.rate), replace(course, minutes=inside), end)

    def _few(self, place: int) -> Scenario:
        """Far past the threshold, of too few events for as long as the long window, then of just enough."""
        share = self._far(place)
        lead = (Phase(self.settled, 0.0),) if self._is_last(place) else self._lead(place)
        filled = self.end - sum(phase.minutes for phase in lead) - self.wait

        def failing(slow: float, fast: float) -> Scenario:
            return (*lead, Phase(filled, slow / share, share), Phase(self.wait, fast / share, share))

        def counted(slow: float, fast: float) -> list[float]:
            found = readings(self.watch, failing(slow, fast), (self.before, self._holding))
            return [one[place].errors for one in found]

        (slow_before, slow_then), (_, fast_then) = counted(1.0, 0.0), counted(0.0, 1.0)
        slow = _FEW * self.watch.least / slow_before
        fast = (_ENOUGH * self.watch.least - slow * slow_then) / fast_then
        return failing(slow, fast)

    def _far(self, place: int) -> float:
        """A share of errors well past the pair's threshold, and well short of those above it."""
        threshold = self.windows[place].threshold
        above = min((one.threshold for one in self.windows if one.threshold > threshold), default=1.0)
        return math.sqrt(threshold * above) if above < 1 else 1.0

    def _inside(self, place: int, tail: int) -> int:
        """The minutes of the long window before the tail."""
        long = self._up(whole_minutes(self.windows[place].long))
        return min(long, self.end) - tail

    def _weight(self, wanted: float) -> float:
        return max(1.0, wanted) if self.terms.counts else 1.0

    def _lead(self, place: int) -> Scenario:
        """A past that keeps every longer window healthy and has left this one in time."""
        spare = self.end - self._needed(place)
        return (*((Phase(spare, self.terms.rate),) if spare else ()), self.past)

    def _after_past(self, place: int, course: Phase, tail: Phase) -> Scenario:
        """The tail in the end, and before it the course, for as long as there is room."""
        lead = () if self._is_last(place) else self._lead(place)
        room = self.end - sum(phase.minutes for phase in lead) - tail.minutes
        return (*lead, replace(course, minutes=room), tail)

    # --- whether they are what they should be

    @property
    def _holding(self) -> int:
        """From this minute on what fires in the end holds."""
        return self.end - self.pending

    def _shows(self, phases: Scenario, place: int, seen: Callable[[Reading, float], bool]) -> bool:
        """Whether it stays silent, and would not with half the threshold that it is about."""
        held = burning(self.watch, phases)
        if any(held[max(0, self.before - self._up(self.terms.keep)) // self.every :]):
            return False
        threshold = self.windows[place].threshold
        found = [one[place] for one in readings(self.watch, phases, (self._holding, self.end))]
        return all(seen(one, threshold) and one.errors >= _ENOUGH * self.watch.least for one in found)

    def _fires_alone(self, phases: Scenario, place: int) -> bool:
        """Whether it is silent at first although the share is past, and fires in the end by this pair alone."""
        held = burning(self.watch, phases)
        early, holding = self.before // self.every, self._holding // self.every
        if any(held[: early + 1]) or not all(held[holding:]):
            return False
        before, end = readings(self.watch, phases, (self.before, self.end))
        burns = [_burns(self.watch, *one) for one in zip(self.windows, end, strict=True)]
        alone = burns.index(True) == place and sum(burns) == 1
        return alone and min(before[place].long, before[place].short) > self.windows[place].threshold


def _burns(watch: Watch, window: BurnWindow, reading: Reading) -> bool:
    return min(reading.long, reading.short) > window.threshold and reading.errors >= watch.least


def _short_decides(reading: Reading, threshold: float) -> bool:
    return threshold / 2 < reading.short < threshold < reading.long


def _long_decides(reading: Reading, threshold: float) -> bool:
    return threshold / 2 < reading.long < threshold < reading.short
