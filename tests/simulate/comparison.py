"""A report laid beside the truth: every figure, and whether it is within half a per cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TOLERANCE = 0.005
# A part of the report to the truth's name for it, and what an entry is known by.
_PLACES = {
    "clusters": ("clusters", ("cluster",)),
    "nodes": ("nodes", ("cluster", "node")),
    "namespaces": ("namespaces", ("cluster", "namespace")),
    "teams": ("teams", ("cluster", "team")),
    "workloads": ("workload_totals", ("cluster", "namespace", "kind", "workload")),
}
_STATES = {
    "nodes": ("schedulable", "ready", "zone", "pool"),
    "teams": ("namespaces",),
    "workloads": ("team",),
}
_FIGURES = ("allocatable", "requested", "limit", "used", "utilization")

Report = Mapping[str, Any]


def differences(report: Report, truth: Report) -> list[str]:
    """One line for each figure that is not what it should be."""
    return [
        f"{part} {'/'.join(place)} {what}: reported {got}, true {true}"
        for part, (named, keys) in _PLACES.items()
        for place, what, got, true in _compared(part, _by(report[part], keys), _by(truth[named], keys))
        if not _same(got, true)
    ]


def figures(truth: Report) -> int:
    """How many figures are known, so that a comparison of nothing shows."""
    entries = [entry for named, _ in _PLACES.values() for entry in truth[named]]
    resources = [resource for entry in entries for resource in entry["resources"].values()]
    return sum(resource[name] is not None for resource in resources for name in _FIGURES)


def _by(entries: list[Report], keys: tuple[str, ...]) -> dict[tuple[str, ...], Report]:
    return {tuple(entry[key] for key in keys): entry for entry in entries}


def _compared(
    part: str, got: Mapping[tuple[str, ...], Report], true: Mapping[tuple[str, ...], Report]
) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    for place in sorted({*got, *true}):
        if place not in got or place not in true:
            yield place, "is there", place in got, place in true
            continue
        one, other = got[place], true[place]
        yield from ((place, state, one[state], other[state]) for state in _STATES.get(part, ()))
        for name, resource in other["resources"].items():
            if name not in one["resources"]:
                # The report leaves out what a place neither offers nor asks for.
                yield place, f"has {name}", False, bool(resource["allocatable"] or resource["requested"])
                continue
            for figure in (*_FIGURES, "level", "unit"):
                yield place, f"{name} {figure}", one["resources"][name][figure], resource[figure]
        for name, machine in (other.get("machine") or {}).items():
            yield place, f"{name} system", one["resources"][name]["system"], machine
        for name, used in other.get("p95", {}).items():
            yield place, f"{name} used_p95", one["resources"][name]["used_p95"], used


def _same(got: Any, true: Any) -> bool:
    if isinstance(true, float | int) and isinstance(got, float | int) and not isinstance(true, bool):
        return abs(got - true) <= TOLERANCE * abs(true)
    return bool(got == true)
