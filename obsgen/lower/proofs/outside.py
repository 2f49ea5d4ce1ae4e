"""Series that the alert's matchers keep out: they stand beside the alert's own, and must change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from obsgen.ir.proofs import InputSeries
from obsgen.lower.proofs.samples import scaled
from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.parse import selectors
from obsgen.promql.selector import NoExample, example_labels
from obsgen.promql.series import NAME, series_labels, series_text

_ELSEWHERE = "elsewhere"


def kept_out(
    series: Sequence[InputSeries], expressions: Sequence[str], factors: Sequence[int] = (1, 1000, 0)
) -> tuple[InputSeries, ...]:
    """For each matcher that a series passes others that this one matcher refuses: alike, far larger, and at 0.

    None of them is read by any selector of the expressions, so that they cannot change what those give. Were the
    matcher gone, one of the three would show, whether the largest, the smallest or the sum is taken.
    """
    read = _Read(selector for expr in expressions for selector in selectors(expr))
    given = {series_text(series_labels(one.series)) for one in series}
    found: dict[str, InputSeries] = {}
    for one in series:
        labels = series_labels(one.series)
        passed = [matcher for selector in read.of(labels) for matcher in selector.matchers]
        for matcher in dict.fromkeys(passed):
            others = (
                name
                for value in _refused(matcher, labels.get(matcher.name, ""))
                if (moved := {name: text for name, text in {**labels, matcher.name: value}.items() if text})
                # A series without a metric cannot be fed.
                and moved.get(NAME)
                and next(read.of(moved), None) is None
                and (name := series_text(moved)) not in given
            )
            for name, factor in zip(others, factors, strict=False):
                found.setdefault(name, InputSeries(name, scaled(one.values, factor)))
    return tuple(found.values())


class _Read:
    """What is read, found by the metric: of many selectors few are about the same one."""

    def __init__(self, selectors: Iterable[Selector]) -> None:
        self._selectors = tuple(dict.fromkeys(selectors))
        self._by_metric: dict[str, tuple[Selector, ...]] = {}

    def of(self, labels: Mapping[str, str]) -> Iterator[Selector]:
        """The selectors that read a series."""
        metric = labels.get(NAME, "")
        if metric not in self._by_metric:
            self._by_metric[metric] = tuple(one for one in self._selectors if one.metric in ("", metric))
        return (one for one in self._by_metric[metric] if one.matches(labels))


# The tests of one alert ask it of the same few matchers again and again.
@lru_cache(maxsize=2**14)
def _refused(matcher: Matcher, own: str) -> tuple[str, ...]:
    """Values that the matcher refuses: one like the series' own, any other, one made to measure, none."""
    plain = [f"{own}-{_ELSEWHERE}", _ELSEWHERE, f"{_ELSEWHERE}-{own}"]
    found = [value for value in plain if not matcher.matches(value)]
    with suppress(NoExample):
        found += [value for value in example_labels([matcher.negated]).values() if value not in plain]
    return (*found, "") if not matcher.matches("") else tuple(found)
