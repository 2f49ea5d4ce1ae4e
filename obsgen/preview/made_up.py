"""A made-up platform: what the packs' own tests feed, healthy but for one signal in each layer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.ir.proofs import InputSeries
from obsgen.lower.objectives.course import Phase
from obsgen.lower.objectives.feeding import fed
from obsgen.lower.proofs.feeding import with_label
from obsgen.lower.proofs.quantiles import bucket_shares
from obsgen.model.stack import Component, Signal, Stack
from obsgen.promql.series import series_labels
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.template import evaluate, render
from obsgen.units import number_text

# Windows of rules look back up to six hours; a preview shows some of the time before its end.
SECONDS: Final = 8 * 3600
STEP: Final = 60
# A little life: within it no healthy value comes near a threshold.
_SWING: Final = 0.08
_PERIOD: Final = 2700.0
_UNEASY: Final = 0.5

# Long enough for its alert to fire, short enough to show what was before.
_ILL_SECONDS: Final = 2400
_LONGEST_PENDING: Final = 1200

_EVENTS: Final = 10.0  # per second
_RUN: Final = re.compile(r"(-?[\d.]+)([+-][\d.]+)x(\d+)")

At = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Course:
    """What a signal reads over time: well, and from some moment on ill."""

    well: float
    ill: float | None
    since: float

    def at(self, moment: float) -> float:
        """The value, before any swing."""
        return self.ill if self.ill is not None and moment >= self.since else self.well


def made_up_samples(stack: Stack, end: int) -> Iterator[str]:
    """OpenMetrics lines up to `end`, in seconds since 1970; every series once, as its first signal feeds it."""
    ill = dict(_ill(stack))
    moments = range(end - SECONDS, end + 1, STEP)
    known: set[str] = set()
    for component in stack.components:
        levels = {name: _level(signal, component) for name, signal in component.signals.items()}
        for signal in component.signals.values():
            course = Course(levels[signal.name], ill.get((component.name, signal.name)), end - _ILL_SECONDS)
            reading = _Reading(signal, {**component.feed_names, **levels}, course)
            for feed in signal.feed:
                name = component.feed_names.series(render(feed.series, component.feed_names))
                for series, value in _series(name, feed, reading, moments[0]):
                    if series not in known:
                        known.add(series)
                        yield from _lines(series, value, moments, stack.environment.cluster)
        for objective in component.objectives:
            for one in fed(objective.sli, _course(objective.budget)):
                if one.series not in known:
                    known.add(one.series)
                    yield from _told(one, moments)
    yield "# EOF\n"


def _course(budget: float) -> tuple[Phase, ...]:
    """A third of the budget goes, then for a while several times as much."""
    ill = _ILL_SECONDS // STEP
    return Phase(SECONDS // STEP - ill, _EVENTS, budget / 3), Phase(ill, _EVENTS, min(budget * 4, 1.0))


def _told(series: InputSeries, moments: range) -> Iterator[str]:
    """The series from promtool's notation; a native histogram has no form in this format."""
    if "{{" in series.values:
        return
    values = [value for part in series.values.split() for value in _expanded(part)]
    yield from (f"{series.series} {value!r} {moment}\n" for moment, value in zip(moments, values, strict=False))


def _expanded(part: str) -> Iterator[float]:
    """`1+2x3` is 1, 3, 5 and 7."""
    found = _RUN.fullmatch(part)
    if found is None:
        yield float(part)
        return
    start, step, count = float(found[1]), float(found[2]), int(found[3])
    yield from (start + step * number for number in range(count + 1))


def _lines(series: str, value: At, moments: range, cluster: str) -> Iterator[str]:
    named = series if "cluster" in series_labels(series) else with_label(series, "cluster", cluster)
    return (f"{named} {value(moment)!r} {moment}\n" for moment in moments)


def _ill(stack: Stack) -> Iterator[tuple[tuple[str, str], float]]:
    """Component and signal to a value past the threshold of its alert, for the first that will do in each layer."""
    layers: set[str] = set()
    for component in stack.components:
        for alert in component.alerts:
            if component.layer in layers or len(alert.conditions) != 1 or alert.severity == "critical":
                continue
            (condition,) = alert.conditions
            signal = component.signals[condition.signal]
            value = condition.threshold * 1.2
            fits = signal.maximum is None or value <= signal.maximum
            if condition.comparison == ">" and value > 0 and fits and alert.pending.seconds <= _LONGEST_PENDING:
                layers.add(component.layer)
                yield (component.name, signal.name), value


def _level(signal: Signal, component: Component) -> float:
    """What the signal reads where all is well: what the pack says, or half-way to the nearest threshold."""
    if signal.healthy is not None:
        return signal.healthy
    for alert in component.alerts:
        for condition in alert.conditions:
            if condition.signal == signal.name:
                return _short_of(condition.threshold, condition.comparison, signal)
    return signal.maximum if signal.maximum is not None else 1.0


def _short_of(threshold: float, comparison: str, signal: Signal) -> float:
    if comparison in (">", ">="):
        value = threshold * _UNEASY if threshold else 0.0
    elif comparison in ("<", "<="):
        value = threshold / _UNEASY if threshold else 1.0
        value = min(value, signal.maximum) if signal.maximum is not None else value
    else:
        value = threshold + 1 if comparison == "==" else threshold
    return math.floor(value) if signal.integer and comparison in (">", ">=") else value


@dataclass(frozen=True, slots=True)
class _Reading:
    """One signal of a component, and what it and those beside it read."""

    signal: Signal
    names: Mapping[str, object]
    course: Course

    def formula(self, text: str | float) -> At:
        """A feed's formula over time."""

        def at(moment: float) -> float:
            level = self.course.at(moment)
            # 0 and 1 stand for no and yes, and what is at its most can only be less.
            still = self.signal.integer or level in (0, 1, self.signal.maximum)
            value = level if still else level * (1 + _SWING * math.sin(2 * math.pi * moment / _PERIOD))
            return evaluate(text, {**self.names, self.signal.name: value, "v": value})

        return at


def _series(series: str, feed: FeedSpec, reading: _Reading, start: int) -> Iterator[tuple[str, At]]:
    """The feed's series, and each one's value over time; a histogram has one for each bucket."""
    if feed.gauge is not None:
        yield series, reading.formula(feed.gauge)
    elif feed.counter is not None:
        yield series, _grown(reading.formula(feed.counter), start)
    elif feed.age is not None:
        age = reading.formula(feed.age)
        yield series, lambda moment: moment - age(moment)
    elif feed.histogram is not None:
        histogram = feed.histogram
        bounds = sorted(histogram.buckets)
        wanted, rate = reading.formula(histogram.value), reading.formula(histogram.rate)
        shares = bucket_shares(wanted(start), histogram.quantile, bounds)
        for bound, share in [*zip(map(number_text, bounds), shares, strict=True), ("+Inf", 1.0)]:
            yield with_label(series, "le", bound), _grown(_share(rate, share), start)


def _share(rate: At, share: float) -> At:
    return lambda moment: rate(moment) * share


def _grown(rate: At, start: int) -> At:
    """A counter that has grown at this rate since it started."""
    grown = {start: 0.0}

    def at(moment: float) -> float:
        last = max(grown)
        while last < moment:
            grown[last + STEP] = grown[last] + rate(last) * STEP
            last += STEP
        return grown[int(moment)]

    return at
