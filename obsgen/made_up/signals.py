"""The series that packs feed their signals in tests, over time: each once, as its first signal feeds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.lower.proofs.feeding import with_label
from obsgen.lower.proofs.quantiles import bucket_shares
from obsgen.made_up.levels import Illness, level
from obsgen.made_up.times import PERIOD, STEP
from obsgen.model.stack import Component, Signal, Stack
from obsgen.promql.series import series_labels, series_text
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.template import evaluate, render
from obsgen.units import number_text

# A little life: within it no healthy value comes near a threshold.
_SWING: Final = 0.08

At = Callable[[float], float]
Kind = Literal["gauge", "counter", "age"]


# A series as it is fed to one as it arrives at the server; None where it does not.
Arriving = Callable[[Component, Mapping[str, str]], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class Fed:
    """A series that a feed makes: its value, or the rate of a counter, or the age of what a timestamp speaks of."""

    labels: Mapping[str, str]
    kind: Kind
    at: At

    def value(self, start: int) -> At:
        """What it reads over time; counters started then."""
        if self.kind == "counter":
            return _grown(self.at, start)
        return self.at if self.kind == "gauge" else lambda moment: moment - self.at(moment)


def signal_samples(
    stack: Stack, moments: range, known: set[str], illness: Illness, arriving: Arriving
) -> Iterator[str]:
    """OpenMetrics lines of all signals' feeds, without the series that are known; those given are known then."""
    for fed in fed_series(stack, illness, arriving, moments[0]):
        if known.isdisjoint(same := _same(fed.labels)):
            known.update(same)
            yield from _lines(series_text(fed.labels), fed.value(moments[0]), moments)


def fed_series(stack: Stack, illness: Illness, arriving: Arriving, start: int) -> Iterator[Fed]:
    """What all signals' feeds make, as it arrives; of a series that several feed, the first counts."""
    # Of a series that several feed, what is not well must be seen; nothing else of its component goes before others.
    read = ((component, signal) for component in stack.components for signal in component.signals.values())
    levels = {one.name: {name: level(signal, one) for name, signal in one.signals.items()} for one in stack.components}
    for component, signal in sorted(read, key=lambda one: (one[0].name, one[1].name) not in illness.values):
        well = levels[component.name]
        course = _Course(well[signal.name], illness.values.get((component.name, signal.name)), illness.since)
        reading = _Reading(signal, {**component.feed_names, **well}, course)
        for feed in signal.feed:
            name = component.feed_names.series(render(feed.series, component.feed_names))
            for series, kind, at in _series(name, feed, reading, start):
                labels = arriving(component, series_labels(series))
                if labels:
                    yield Fed(labels, kind, at)


def _same(labels: Mapping[str, str]) -> tuple[str, ...]:
    """What no second series may have: its labels, and of a pod the node that it is on, which feeds differ about."""
    own = series_text(dict(sorted(labels.items())))
    if labels["__name__"] != "kube_pod_info":
        return (own,)
    return own, f"{labels.get('instance')} {labels.get('namespace')}/{labels.get('pod')}"


def _lines(series: str, value: At, moments: range) -> Iterator[str]:
    return (f"{series} {value(moment)!r} {moment}\n" for moment in moments)


@dataclass(frozen=True, slots=True)
class _Course:
    """What a signal reads over time: well, and from some moment on ill."""

    well: float
    ill: float | None
    since: float

    def at(self, moment: float) -> float:
        """The value, before any swing."""
        return self.ill if self.ill is not None and moment >= self.since else self.well


@dataclass(frozen=True, slots=True)
class _Reading:
    """One signal of a component, and what it and those beside it read."""

    signal: Signal
    names: Mapping[str, object]
    course: _Course

    def formula(self, text: str | float) -> At:
        """A feed's formula over time."""

        def at(moment: float) -> float:
            level = self.course.at(moment)
            # 0 and 1 stand for no and yes, and what is at its most can only be less.
            still = self.signal.integer or level in (0, 1, self.signal.maximum)
            value = level if still else level * (1 + _SWING * math.sin(2 * math.pi * moment / PERIOD))
            return evaluate(text, {**self.names, self.signal.name: value, "v": value})

        return at


def _series(series: str, feed: FeedSpec, reading: _Reading, start: int) -> Iterator[tuple[str, Kind, At]]:
    """The feed's series, and each one's course over time; a histogram has one for each bucket."""
    if feed.gauge is not None:
        yield series, "gauge", reading.formula(feed.gauge)
    elif feed.counter is not None:
        yield series, "counter", reading.formula(feed.counter)
    elif feed.age is not None:
        yield series, "age", reading.formula(feed.age)
    elif feed.histogram is not None:
        histogram = feed.histogram
        bounds = sorted(histogram.buckets)
        wanted, rate = reading.formula(histogram.value), reading.formula(histogram.rate)
        shares = bucket_shares(wanted(start), histogram.quantile, bounds)
        for bound, share in [*zip(map(number_text, bounds), shares, strict=True), ("+Inf", 1.0)]:
            yield with_label(series, "le", bound), "counter", _share(rate, share)


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
