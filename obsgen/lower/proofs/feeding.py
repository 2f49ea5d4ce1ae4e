"""Input series that make every signal of an alert read the value that a test wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from obsgen.ir.proofs import InputSeries
from obsgen.lower.proofs import samples
from obsgen.lower.proofs.quantiles import bucket_shares
from obsgen.lower.proofs.samples import Phase
from obsgen.model.stack import Component
from obsgen.promql.series import series_labels, series_text
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.template import evaluate, names_in_formula, render
from obsgen.units import number_text

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """What every signal reads for a number of samples."""

    values: Values
    samples: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One input: its stages, the seconds between samples, and the seconds an expression looks back."""

    stages: tuple[Stage, ...]
    step: float
    lookback: float
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Fed:
    """A series and how it is fed, for one reading of one signal."""

    signal: str
    series: str
    feed: FeedSpec


class Conflict(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """Two signals of one alert feed the same series in different ways."""


def feeds_of(signals: Sequence[str], component: Component) -> tuple[Fed, ...]:
    """Every series that these signals read, fed once; a feed that names the other signals has precedence."""
    chosen: dict[str, Fed] = {}
    for name in signals:
        for feed in component.signals[name].feed:
            series = component.feed_names.series(render(feed.series, component.feed_names))
            rival = chosen.get(series)
            fed = Fed(name, series, feed)
            if rival is None or _knows(fed, rival.signal):
                chosen[series] = fed
            elif not _knows(rival, name) and rival.feed != feed:
                msg = f"signals '{rival.signal}' and '{name}' feed '{series}' differently; let one name the other"
                raise Conflict(msg)
    return tuple(chosen.values())


def _knows(fed: Fed, signal: str) -> bool:
    formulas = (fed.feed.gauge, fed.feed.counter, fed.feed.age)
    histogram = (fed.feed.histogram.value, fed.feed.histogram.rate) if fed.feed.histogram else ()
    return any((signal,) in names_in_formula(one) for one in (*formulas, *histogram) if one is not None)


def fed_series(feeds: Sequence[Fed]) -> tuple[str, ...]:
    """The series that the feeds bring, a histogram's by one of its buckets, which all have the same labels."""
    return tuple(with_label(fed.series, "le", "+Inf") if fed.feed.histogram else fed.series for fed in feeds)


def input_series(feeds: Sequence[Fed], plan: Plan, component: Component) -> tuple[InputSeries, ...]:
    """The feeds as series with samples."""
    return tuple(one for fed in feeds for one in _series(fed, plan, component))


def _series(fed: Fed, plan: Plan, component: Component) -> list[InputSeries]:
    feed, rest = fed.feed, component.feed_names
    named = [{**rest, **stage.values, "v": stage.values[fed.signal]} for stage in plan.stages]

    def phases(formula: str | float) -> list[Phase]:
        values = [evaluate(formula, names) for names in named]
        return [Phase(value, stage.samples) for value, stage in zip(values, plan.stages, strict=True)]

    if feed.gauge is not None:
        return [InputSeries(fed.series, samples.gauge(phases(feed.gauge)))]
    if feed.age is not None:
        return [InputSeries(fed.series, samples.age(phases(feed.age), plan.step))]
    if feed.counter is not None:
        grown = phases(feed.counter)
        return [InputSeries(fed.series, samples.counter(grown, plan.step, _jump(grown, plan)))]
    if feed.histogram is None:
        return []
    rates = phases(feed.histogram.rate)
    wanted = phases(feed.histogram.value)
    return _buckets(fed, wanted, rates, plan)


def _jump(phases: Sequence[Phase], plan: Plan) -> float:
    """What an unhealthy counter must rise at once to be seen at once: a full window's worth.

    A counter whose slowness is the trouble needs none: a window that is still filling reads low.
    """
    if not plan.instant or len(phases) < 2 or phases[0].value <= phases[1].value:
        return 0.0
    return phases[0].value * plan.lookback


def _buckets(fed: Fed, wanted: Sequence[Phase], rates: Sequence[Phase], plan: Plan) -> list[InputSeries]:
    histogram = fed.feed.histogram
    assert histogram is not None
    bounds = sorted(histogram.buckets)
    shares = [bucket_shares(phase.value, histogram.quantile, bounds) for phase in wanted]
    result = []
    for index, bound in enumerate([*(number_text(one) for one in bounds), "+Inf"]):
        grown = [
            Phase(rate.value * (share[index] if index < len(bounds) else 1.0), rate.samples)
            for share, rate in zip(shares, rates, strict=True)
        ]
        labelled = with_label(fed.series, "le", bound)
        jump = _jump(rates, plan) * (grown[0].value / rates[0].value if rates[0].value else 0.0)
        result.append(InputSeries(labelled, samples.counter(grown, plan.step, jump)))
    return result


def with_label(series: str, label: str, value: str) -> str:
    """The series with this label set."""
    return series_text({**series_labels(series), label: value})
