"""Input series for promtool: a share of failures that changes minute by minute, for each kind of measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

# Far from 0, where Prometheus would take a counter for one that has just begun.
_LONG_AGO = 1_000_000_000
# Schema 0: a bucket up to 125 ms, three empty ones, and one above a second.
_HISTOGRAM = "{{{{schema:0 sum:1 count:{count} offset:-3 buckets:[{good} 0 0 0 {bad}]}}}}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many minutes in which a share of so many events a minute fails."""

    minutes: int
    share: float = 0.0
    events: int = 60_000


def series(kind: str, scenario: str, course: Sequence[Stretch]) -> list[dict[str, str]]:
    """The scenario's series, a sample a minute, the first one at the start."""
    labels = f'cluster="c1",job="shop",namespace="shop",scenario="{scenario}"'
    return [{"series": name.replace("LABELS", labels), "values": values} for name, values in _FEEDS[kind](course)]


def counter(course: Sequence[Stretch], grows: Callable[[Stretch], float], start: float = _LONG_AGO) -> str:
    """A counter that grows by so much in each minute of a stretch."""
    parts, now = [f"{_number(start)}"], start
    for stretch in course:
        step = grows(stretch)
        parts.append(f"{_number(now + step)}+{_number(step)}x{stretch.minutes - 1}")
        now += step * stretch.minutes
    return " ".join(parts)


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _failed(stretch: Stretch) -> float:
    return stretch.events * stretch.share


def _good(stretch: Stretch) -> float:
    return stretch.events - _failed(stretch)


def _served(stretch: Stretch) -> float:
    return stretch.events


def _errors(course: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    yield "failed_total{LABELS}", counter(course, _failed)
    yield "served_total{LABELS}", counter(course, _served)


def _goods(course: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    yield "good_total{LABELS}", counter(course, _good)
    yield "served_total{LABELS}", counter(course, _served)


def _buckets(course: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    yield 'took_seconds_bucket{LABELS,le="0.25"}', counter(course, _good)
    yield 'took_seconds_bucket{LABELS,le="+Inf"}', counter(course, _served)
    yield "took_seconds_count{LABELS}", counter(course, _served)


def _native(course: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    good = bad = _LONG_AGO
    parts = [_histogram(good, bad)]
    for stretch in course:
        more, worse = _good(stretch), _failed(stretch)
        first, step = _histogram(good + more, bad + worse), _histogram(more, worse)
        parts.append(f"{first}+{step}x{stretch.minutes - 1}")
        good += more * stretch.minutes
        bad += worse * stretch.minutes
    yield "took_seconds{LABELS}", " ".join(parts)


def _histogram(good: float, bad: float) -> str:
    return _HISTOGRAM.format(count=_number(good + bad), good=_number(good), bad=_number(bad))


def _gauge(course: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    # Without a step, `0x10` would be a hexadecimal number.
    held = (f"{_number(1 - stretch.share)}+0x{stretch.minutes - 1}" for stretch in course)
    yield "reachable{LABELS}", " ".join([_number(1 - course[0].share), *held])


_FEEDS: dict[str, Callable[[Sequence[Stretch]], Iterator[tuple[str, str]]]] = {
    "errors": _errors,
    "good": _goods,
    "latency": _buckets,
    "native": _native,
    "gauge": _gauge,
    "ratio": _errors,
}
