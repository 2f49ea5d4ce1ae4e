"""Series that the alert's matchers keep out: they stand beside the alert's own, and must change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from obsgen.ir.proofs import InputSeries
from obsgen.promql.matcher import Matcher, MatchOperator
from obsgen.promql.parse import selectors
from obsgen.promql.selector import NoExample, example_labels
from obsgen.promql.series import series_labels, series_text

_OPPOSITE: Mapping[MatchOperator, MatchOperator] = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}
_ELSEWHERE = "elsewhere"


def kept_out(series: Sequence[InputSeries], expressions: Sequence[str]) -> tuple[InputSeries, ...]:
    """Each series once for each matcher that it passes, with a label that this one matcher refuses.

    None of them is read by any selector of the expressions, so that they cannot change what those give.
    """
    read = [selector for expr in expressions for selector in selectors(expr)]
    found: dict[str, InputSeries] = {}
    for one in series:
        labels = series_labels(one.series)
        passed = [matcher for selector in read if selector.matches(labels) for matcher in selector.matchers]
        for matcher in dict.fromkeys(passed):
            for value in _refused(matcher, labels.get(matcher.name, "")):
                moved = {name: text for name, text in {**labels, matcher.name: value}.items() if text}
                if not any(selector.matches(moved) for selector in read):
                    name = series_text(moved)
                    found.setdefault(name, InputSeries(name, one.values))
                    break
    return tuple(found.values())


def _refused(matcher: Matcher, own: str) -> Iterator[str]:
    """Values that the matcher refuses: one like the series' own, any other, one made to measure, none."""
    yield from (value for value in (f"{own}-{_ELSEWHERE}", _ELSEWHERE) if not matcher.matches(value))
    with suppress(NoExample):
        yield from example_labels([Matcher(matcher.name, _OPPOSITE[matcher.op], matcher.value)]).values()
    if not matcher.matches(""):
        yield ""
