"""Series that the alert's matchers keep out: they stand beside the alert's own, and must change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from obsgen.ir.proofs import InputSeries
from obsgen.lower.proofs.samples import scaled
from obsgen.promql.matcher import Matcher
from obsgen.promql.parse import selectors
from obsgen.promql.selector import NoExample, example_labels
from obsgen.promql.series import series_labels, series_text

_ELSEWHERE = "elsewhere"


def kept_out(
    series: Sequence[InputSeries], expressions: Sequence[str], factors: Sequence[int] = (1, 1000, 0)
) -> tuple[InputSeries, ...]:
    """For each matcher that a series passes others that this one matcher refuses: alike, far larger, and at 0.

    None of them is read by any selector of the expressions, so that they cannot change what those give. Were the
    matcher gone, one of the three would show, whether the largest, the smallest or the sum is taken.
    """
    read = [selector for expr in expressions for selector in selectors(expr)]
    given = {series_text(series_labels(one.series)) for one in series}
    found: dict[str, InputSeries] = {}
    for one in series:
        labels = series_labels(one.series)
        passed = [matcher for selector in read if selector.matches(labels) for matcher in selector.matchers]
        for matcher in dict.fromkeys(passed):
            others = (
                series_text(moved)
                for value in _refused(matcher, labels.get(matcher.name, ""))
                if (moved := {name: text for name, text in {**labels, matcher.name: value}.items() if text})
                and not any(selector.matches(moved) for selector in read)
                and series_text(moved) not in given
            )
            for name, factor in zip(others, factors, strict=False):
                found.setdefault(name, InputSeries(name, scaled(one.values, factor)))
    return tuple(found.values())


def _refused(matcher: Matcher, own: str) -> Iterator[str]:
    """Values that the matcher refuses: one like the series' own, any other, one made to measure, none."""
    plain = [f"{own}-{_ELSEWHERE}", _ELSEWHERE, f"{_ELSEWHERE}-{own}"]
    yield from (value for value in plain if not matcher.matches(value))
    with suppress(NoExample):
        made = example_labels([matcher.negated]).values()
        yield from (value for value in made if value not in plain)
    if not matcher.matches(""):
        yield ""
