"""A report laid beside the truth: every figure, and whether it is within half a per cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TOLERANCE = 0.005
_PLACES = {"clusters": ("cluster",), "nodes": ("cluster", "node"), "namespaces": ("cluster", "namespace")}
_STATES = ("schedulable", "ready", "zone")
_FIGURES = ("allocatable", "requested", "limit", "used", "utilization")

Report = Mapping[str, Any]


def differences(report: Report, truth: Report) -> list[str]:
    """One line for each figure that is not what it should be."""
    return [
        f"{part} {'/'.join(place)} {what}: reported {got}, true {true}"
        for part, keys in _PLACES.items()
        for place, what, got, true in _compared(_by(report[part], keys), _by(truth[part], keys))
        if not _same(got, true)
    ]


def figures(truth: Report) -> int:
    """How many figures are known, so that a comparison of nothing shows."""
    entries = [entry for part in _PLACES for entry in truth[part]]
    resources = [resource for entry in entries for resource in entry["resources"].values()]
    return sum(resource[name] is not None for resource in resources for name in _FIGURES)


def _by(entries: list[Report], keys: tuple[str, ...]) -> dict[tuple[str, ...], Report]:
    return {tuple(entry[key] for key in keys): entry for entry in entries}


def _compared(
    got: Mapping[tuple[str, ...], Report], true: Mapping[tuple[str, ...], Report]
) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    for place in sorted({*got, *true}):
        if place not in got or place not in true:
            yield place, "is there", place in got, place in true
            continue
        yield from ((place, state, got[place][state], true[place][state]) for state in _STATES if state in true[place])
        for name, resource in got[place]["resources"].items():
            for figure in (*_FIGURES, "level", "unit"):
                yield place, f"{name} {figure}", resource[figure], true[place]["resources"][name][figure]


def _same(got: Any, true: Any) -> bool:
    if isinstance(true, float | int) and isinstance(got, float | int) and not isinstance(true, bool):
        return abs(got - true) <= TOLERANCE * abs(true)
    return bool(got == true)
