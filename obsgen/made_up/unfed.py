"""Made-up series for what dashboards show and no alert reads, so that no pack feeds it: as its queries ask for them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from obsgen.made_up.times import PERIOD
from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.parse import selectors
from obsgen.promql.selector import NoExample, example_labels
from obsgen.promql.series import series_text

_LABELS: Final = re.compile(r"\b(?:by|on)\s*\(([^()]*)\)")
_USUAL: Final = {
    "namespace": "shop",
    "pod": "orders-0",
    "container": "app",
    "node": "worker-1",
    "instance": "10.0.3.7:8080",
    "device": "eth0",
}
_COUNTED: Final = ("_total", "_count", "_sum", "_bucket")
_BOUNDS: Final = ("0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf")
_FULLEST: Final = 4


def unfed_samples(
    queries: Iterable[str], fed: Callable[[Selector], bool], cluster: str, moments: range, *, still: bool = False
) -> Iterator[str]:
    """OpenMetrics lines of what these queries read and nothing feeds; an empty `cluster` is no label.

    Where they stand `still`, as where all is well, nothing is counted and nothing starts anew.
    """
    written: set[str] = set()
    for query in queries:
        grouped = {name.strip() for names in _LABELS.findall(query) for name in names.split(",")} - {
            "",
            "le",
            "cluster",
        }
        grouped |= {"cluster"} if cluster else set()
        for selector in selectors(query):
            if not selector.metric or fed(selector):
                continue
            for series in _series(selector, grouped, cluster):
                if series not in written:
                    written.add(series)
                    course = _course(selector.metric, moments[0], series)
                    value = _standing(course, moments[0]) if still and "timestamp" not in selector.metric else course
                    yield from (f"{series} {value(moment)!r} {moment}\n" for moment in moments)


def _series(selector: Selector, grouped: Collection[str], cluster: str) -> Iterator[str]:
    labels = {}
    asked = {name: [one for one in selector.matchers if one.name == name] for name in _names(selector, grouped)}
    for name, matchers in asked.items():
        usual = cluster if name == "cluster" else _USUAL.get(name, f"{name}-1")
        value = usual if all(one.matches(usual) for one in matchers) else _example(matchers)
        if value is None:
            return
        labels[name] = value
    if selector.metric.endswith("_bucket"):
        labels.pop("le", None)
        yield from (series_text({"__name__": selector.metric, **labels, "le": bound}) for bound in _BOUNDS)
    else:
        yield series_text({"__name__": selector.metric, **labels})


def _names(selector: Selector, grouped: Collection[str]) -> list[str]:
    return sorted({*grouped, *(one.name for one in selector.matchers)})


def _example(matchers: Iterable[Matcher]) -> str | None:
    """A value that passes; None where there is none, and an empty one where the label must be absent."""
    try:
        return next(iter(example_labels(matchers).values()), "")
    except NoExample:
        return None


def _counts(metric: str) -> bool:
    return metric.endswith(_COUNTED)


def _standing(course: Callable[[int], float], start: int) -> Callable[[int], float]:
    """What it is at first, for as long as it lasts."""
    value = course(start)
    return lambda _: value


def _course(metric: str, start: int, series: str) -> Callable[[int], float]:
    """Counters grow, times lie a little back, and gauges stand near one."""
    if metric.endswith("_bucket"):
        share = min(next(n for n, bound in enumerate(_BOUNDS, 1) if f'le="{bound}"' in series) / _FULLEST, 1.0)
        return lambda moment: (moment - start) * share
    if _counts(metric):
        return lambda moment: float(moment - start)
    if "timestamp" in metric or metric.endswith("_time_seconds"):
        return lambda moment: moment - 300.0
    return lambda moment: 1 + math.sin(2 * math.pi * moment / PERIOD) / 10
