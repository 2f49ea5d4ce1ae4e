"""Example series that a spec's own exclusions leave out, moved to labels that are still measured.

A pack feeds the disk `sda`; a spec that ignores `sd.*` measures other disks, so the tests must feed one of those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.promql.matcher import Matcher
from obsgen.promql.parse import selectors
from obsgen.promql.series import NAME, series_labels, series_text
from obsgen.promql.witness import passing_values

# A spec narrows a pack to namespaces, in which the pack did not write its tests.
NAMESPACE = "namespace"
_STAND_INS = ("example", "other", "x1", "7")


@dataclass(frozen=True, slots=True)
class StandIns:
    """Label values that are excluded, and what stands in for each, the same everywhere."""

    moved: Mapping[tuple[str, str], str]

    def series(self, series: str) -> str:
        """The series with its excluded label values replaced."""
        labels = series_labels(series)
        if not any(pair in self.moved for pair in labels.items()):
            return series
        return series_text({name: self.moved.get((name, value), value) for name, value in labels.items()})


def stand_ins(series: Sequence[str], expressions: Sequence[str]) -> StandIns:
    """What must replace the label values of these series that the expressions exclude."""
    read = [selector for expr in expressions for selector in selectors(expr)]
    moved: dict[tuple[str, str], str] = {}
    for one in series:
        labels = series_labels(one)
        for name, value in labels.items():
            asked = [
                [matcher for matcher in selector.matchers if matcher.name == name]
                for selector in read
                if selector.metric == labels[NAME]
            ]
            stand_in = _stand_in(value, [matcher for each in asked for matcher in each])
            # What else a test gets wrong is its author's to mend.
            if stand_in is None and name == NAMESPACE:
                stand_in = _allowed(value, asked)
            if stand_in is not None:
                moved[name, value] = stand_in
    return StandIns(moved)


def _stand_in(value: str, asked: Sequence[Matcher]) -> str | None:
    """A value that passes where this one is excluded; None where this one passes, or where nothing would."""
    excluding = [matcher for matcher in asked if matcher.op in ("!=", "!~")]
    if all(matcher.matches(value) for matcher in excluding):
        return None
    return next((one for one in _candidates(value) if all(matcher.matches(one) for matcher in asked)), None)


def _allowed(value: str, asked: Sequence[Sequence[Matcher]]) -> str | None:
    """A value that one of the selectors takes, where none of them takes this one."""
    naming = [each for each in asked if each]
    if not naming or any(all(matcher.matches(value) for matcher in each) for each in naming):
        return None
    return next((found for each in naming for found in passing_values(each, value)), None)


def _candidates(value: str) -> Iterator[str]:
    yield from _STAND_INS
    yield f"{value}-example"
    yield f"example-{value}"
