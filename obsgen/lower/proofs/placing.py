"""Example series of the whole component, put where the part of it lies that a test is about.

A pack feeds the namespace `shop`; an override for `payments` must be tested there, and the rest elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from obsgen.model.part import Matchers
from obsgen.promql.matcher import Matcher
from obsgen.promql.parse import metric_names, selectors
from obsgen.promql.series import NAME, series_labels, series_text
from obsgen.promql.witness import passing_values


@dataclass(slots=True)
class Placement:
    """What stands for each label value that lies outside the part, the same in every series.

    `added` are labels that some series lack, by metric: they are not the exporter's own, such as a target's.
    """

    moved: dict[tuple[str, str], str] = field(default_factory=dict)
    added: dict[tuple[str, str], str] = field(default_factory=dict)

    def series(self, series: str) -> str:
        """The series where the part lies."""
        own = series_labels(series)
        lacking = {label: value for (metric, label), value in self.added.items() if metric == own[NAME]}
        placed = {**lacking, **self.labels(own)}
        return series if placed == own else series_text(placed)

    def labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Labels that a test expects, where the part lies."""
        return {name: self.moved.get((name, value), value) for name, value in labels.items()}


def placement(selection: Matchers, series: Sequence[str], expr: str, recorded: Mapping[str, str]) -> Placement:
    """Where these series must lie for the selectors that were narrowed by these matchers to read them.

    Two values of one label never become one: what finds no place of its own stays outside.
    """
    found = Placement()
    for label in dict.fromkeys(matcher.name for matcher in selection):
        narrowing = {matcher for matcher in selection if matcher.name == label}
        wanted = [
            ([matcher for matcher in selector.matchers if matcher.name == label], _sources(selector.metric, recorded))
            for selector in selectors(expr)
            if narrowing <= set(selector.matchers)
        ]
        _place(label, [series_labels(one) for one in series], wanted, found)
    return found


def _place(
    label: str,
    series: Sequence[Mapping[str, str]],
    wanted: Sequence[tuple[Sequence[Matcher], frozenset[str]]],
    found: Placement,
) -> None:
    taken = {labels[label] for labels in series if label in labels}
    for labels in series:
        value = labels.get(label, "")
        asking = [matchers for matchers, metrics in wanted if labels[NAME] in metrics]
        if not asking or any(_passes(matchers, value) for matchers in asking) or (label, value) in found.moved:
            continue
        stand_in = next(_values(asking, value or label, taken if value else frozenset()), None)
        if stand_in is None:
            continue
        if value:
            found.moved[label, value] = stand_in
            taken.add(stand_in)
        else:
            found.added[labels[NAME], label] = stand_in


def _passes(matchers: Sequence[Matcher], value: str) -> bool:
    return all(matcher.matches(value) for matcher in matchers)


def _values(asking: Sequence[Sequence[Matcher]], like: str, taken: frozenset[str] | set[str]) -> Iterator[str]:
    return (value for matchers in asking for value in passing_values(matchers, like) if value not in taken)


def _sources(metric: str, recorded: Mapping[str, str]) -> frozenset[str]:
    """The metric, or what a recorded one is computed from."""
    if metric not in recorded:
        return frozenset({metric})
    return frozenset(name for below in metric_names(recorded[metric]) for name in _sources(below, recorded))
