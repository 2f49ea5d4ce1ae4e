"""Input series whose events and errors follow a course, for each kind of measure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, singledispatch

from obsgen.ir.proofs import InputSeries
from obsgen.lower.objectives.course import MINUTE, Phase
from obsgen.lower.proofs import samples
from obsgen.model.objectives import (
    ClassicLatency,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Sli,
    WeightedRatio,
)
from obsgen.promql.series import series_labels, series_text
from obsgen.spec.template import evaluate, render

# Prometheus takes a counter that is near 0 for one that has just begun, and corrects its rate for that.
_STARTED = 1e9


@singledispatch
def fed(sli: Sli, phases: Sequence[Phase]) -> list[InputSeries]:
    """The series of one group of the objective, a sample a minute."""
    raise TypeError(type(sli).__name__, phases)


def _counter(series: str, rates: Sequence[float], phases: Sequence[Phase]) -> InputSeries:
    return InputSeries(series, _grown(tuple(rates), tuple(phase.minutes for phase in phases)))


# Objectives of one target are fed alike.
@lru_cache(maxsize=2**16)
def _grown(rates: tuple[float, ...], minutes: tuple[int, ...]) -> str:
    grown = [samples.Phase(*one) for one in zip(rates, minutes, strict=True)]
    # A counter's first sample is its start, so the first phase needs one more.
    grown[0] = samples.Phase(grown[0].value, grown[0].samples + 1)
    return samples.counter(grown, MINUTE.seconds, start=_STARTED)


@fed.register
def _(sli: ErrorEvents, phases: Sequence[Phase]) -> list[InputSeries]:
    rest, failed = _with_errors(tuple(phases), apart=sli.total.selects_errors)
    found = [InputSeries(sli.total.example, rest)]
    # A service that never failed has no series of failures.
    return [*found, InputSeries(sli.errors.example, failed)] if failed else found


@lru_cache(maxsize=2**12)
def _with_errors(phases: tuple[Phase, ...], *, apart: bool) -> tuple[str, str]:
    """The counter of all events, or of the others where that of errors stands apart, and that of errors, if any."""
    failed = [phase.events * phase.share for phase in phases]
    rest = [p.events - bad if apart else p.events for p, bad in zip(phases, failed, strict=True)]
    minutes = tuple(phase.minutes for phase in phases)
    return _grown(tuple(rest), minutes), _grown(tuple(failed), minutes) if any(failed) else ""


@fed.register
def _(sli: GoodEvents, phases: Sequence[Phase]) -> list[InputSeries]:
    good = [phase.events * (1 - phase.share) for phase in phases]
    rest = [p.events - well if sli.total.selects_errors else p.events for p, well in zip(phases, good, strict=True)]
    return [_counter(sli.total.example, rest, phases), _counter(sli.good.example, good, phases)]


@fed.register
def _(sli: ClassicLatency, phases: Sequence[Phase]) -> list[InputSeries]:
    in_time = [phase.events * (1 - phase.share) for phase in phases]
    return [
        _counter(sli.count.example, [phase.events for phase in phases], phases),
        _counter(sli.bucket.example, in_time, phases),
    ]


@fed.register
def _(sli: NativeLatency, phases: Sequence[Phase]) -> list[InputSeries]:
    # Schema 0 has a bucket for each power of two: the good ones lie well below the bound, the others well above.
    low = -20
    high = 24
    parts, good, bad = ["{{schema:0 sum:0 count:0 buckets:[0]}}"], 0.0, 0.0
    for phase in phases:
        for _ in range(phase.minutes):
            good += phase.events * (1 - phase.share) * MINUTE.seconds
            bad += phase.events * phase.share * MINUTE.seconds
            zeros = " ".join("0" for _ in range(high - low - 1))
            buckets = f"[{samples.decimal(good)} {zeros} {samples.decimal(bad)}]"
            parts.append(f"{{{{schema:0 sum:1 count:{samples.decimal(good + bad)} offset:{low} buckets:{buckets}}}}}")
    return [InputSeries(sli.histogram.example, " ".join(parts))]


@fed.register
def _(sli: GoodTime, phases: Sequence[Phase]) -> list[InputSeries]:
    # Between 0 and 1 the gauge is good in part; a sample stands for the minute before it.
    held = [samples.Phase(1 - phase.share, phase.minutes) for phase in phases]
    held[0] = samples.Phase(held[0].value, held[0].samples + 1)
    return [InputSeries(sli.gauge.example, samples.gauge(held))]


@fed.register
def _(sli: WeightedRatio, phases: Sequence[Phase]) -> list[InputSeries]:
    found = []
    for feed in sli.feed:
        named = [{**sli.names, "v": phase.share, "events": phase.events} for phase in phases]
        formula = next(one for one in (feed.counter, feed.gauge, feed.age) if one is not None)
        values = [evaluate(formula, names) for names in named]
        written = sli.names.series(render(feed.series, sli.names))
        series = series_text({**sli.place, **series_labels(written)})
        if feed.counter is not None:
            found.append(_counter(series, values, phases))
            continue
        held = [samples.Phase(value, phase.minutes) for value, phase in zip(values, phases, strict=True)]
        held[0] = samples.Phase(held[0].value, held[0].samples + 1)
        found.append(InputSeries(series, samples.gauge(held)))
    return found


def told_apart(series: Sequence[InputSeries], labels: dict[str, str]) -> list[InputSeries]:
    """The same series with other label values, for neighbours."""
    moved = tuple(labels.items())
    return [InputSeries(_moved(one.series, moved), one.values) for one in series]


@lru_cache(maxsize=2**16)
def _moved(series: str, labels: tuple[tuple[str, str], ...]) -> str:
    return series_text({**series_labels(series), **dict(labels)})
