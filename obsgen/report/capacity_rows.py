"""The capacity report as plain rows of one dimension: names first, then the figures of each resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.live.types import CapacityReport, NodeCapacity, NodeGroup, Resource, ResourceName

Dimension = Literal["cluster", "node", "pool", "zone", "namespace", "team", "workload"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("cluster", "node", "pool", "zone", "namespace", "team", "workload")
HEADINGS: Final[Mapping[Dimension, tuple[str, ...]]] = {
    "cluster": ("cluster",),
    "node": ("cluster", "node", "zone", "pool", "state"),
    "pool": ("cluster", "pool", "nodes"),
    "zone": ("cluster", "zone", "nodes"),
    "namespace": ("cluster", "namespace"),
    "team": ("cluster", "team", "namespaces"),
    "workload": ("cluster", "namespace", "kind", "workload", "team"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One place: its names in the order of the headings, None for the unknown."""

    names: tuple[str | None, ...]
    resources: Mapping[ResourceName, Resource]


@dataclass(frozen=True, slots=True)
class View:
    """What of the report is to be shown: one dimension, and of each the first so many."""

    by: Dimension | None = None
    top: int | None = None


def rows_of(report: CapacityReport, dimension: Dimension, top: int | None = None) -> tuple[Row, ...]:
    """The rows by name; with `top` only the fullest, or where nothing is allocatable those that use the most."""
    rows = _ROWS[dimension](report)
    if top is None:
        return tuple(rows)
    totals = {name: sum(_used(row, name) for row in rows) for name in ("cpu", "memory")}
    return tuple(sorted(rows, key=lambda row: -_rank(row, totals))[:top])


def state_text(node: NodeCapacity) -> str:
    """In words whether the node takes pods."""
    wrong = [
        *(["NotReady"] if node.ready is False else []),
        *(["cordoned"] if node.schedulable is False else []),
    ]
    return ", ".join(wrong) or ("ready" if node.ready else "unknown")


def _rank(row: Row, totals: Mapping[str, float]) -> float:
    shares = [one.utilization for name, one in row.resources.items() if name in totals and one.utilization is not None]
    return max(shares or [_used(row, name) / total for name, total in totals.items() if total], default=0.0)


def _used(row: Row, name: ResourceName) -> float:
    return row.resources[name].used or 0.0 if name in row.resources else 0.0


def _nodes(report: CapacityReport) -> Sequence[Row]:
    return [
        Row((node.cluster, node.node, node.zone, node.pool, state_text(node)), node.resources) for node in report.nodes
    ]


def _groups(groups: Sequence[NodeGroup]) -> Sequence[Row]:
    return [Row((group.cluster, group.name, str(group.nodes)), group.resources) for group in groups]


_ROWS: Final[Mapping[Dimension, Callable[[CapacityReport], Sequence[Row]]]] = {
    "cluster": lambda report: [Row((place.cluster,), place.resources) for place in report.clusters],
    "node": _nodes,
    "pool": lambda report: _groups(report.pools),
    "zone": lambda report: _groups(report.zones),
    "namespace": lambda report: [Row((place.cluster, place.namespace), place.resources) for place in report.namespaces],
    "team": lambda report: [
        Row((place.cluster, place.team, ", ".join(place.namespaces)), place.resources) for place in report.teams
    ],
    "workload": lambda report: [
        Row((place.cluster, place.namespace, place.kind, place.workload, place.team), place.resources)
        for place in report.workloads
    ],
}
