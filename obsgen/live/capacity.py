"""How full is it? Asks a running Prometheus and computes the capacity report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from obsgen.live.clusters import cluster_capacity, left_out
from obsgen.live.findings import findings
from obsgen.live.gaps import doubled, gaps
from obsgen.live.probe import probe
from obsgen.live.queries import ZONE, capacity_queries
from obsgen.live.readings import Figures, Readings, namespace_figures, node_figures
from obsgen.live.selectors import Scope
from obsgen.live.types import RESOURCES, CapacityReport, NamespaceCapacity, NodeCapacity
from obsgen.live.watermarks import DEFAULT_WATERMARKS, Watermark
from obsgen.query.prometheus import Prometheus
from obsgen.units import Duration

DEFAULT_WINDOW: Final = Duration.parse("5m")
EVERYTHING: Final = Scope()


def capacity(
    prometheus: Prometheus,
    *,
    watermarks: Mapping[str, Watermark] = DEFAULT_WATERMARKS,
    window: Duration = DEFAULT_WINDOW,
    scope: Scope = EVERYTHING,
    at: float | None = None,
) -> CapacityReport:
    """The report at the newest moment that every node's samples reach, before `at` in seconds since 1970 if given.

    `watermarks` go by resource (cpu, memory, pods). Raises NothingToReport and what
    `obsgen.query.errors` lists.
    """
    probed = probe(prometheus, scope, at=at)
    queries = capacity_queries(scope, probed.node_label, window)
    # One moment for all: figures of different moments cannot be divided by one another.
    readings = Readings(prometheus.instants(queries, at=probed.at))
    nodes = _nodes(readings, watermarks)
    namespaces = _namespaces(readings)
    names = sorted({node.cluster for node in nodes} | {namespace.cluster for namespace in namespaces})
    clusters = tuple(cluster_capacity(name, nodes, watermarks) for name in names)
    return CapacityReport(
        evaluated_at=probed.at,
        window=window,
        clusters=clusters,
        nodes=nodes,
        namespaces=namespaces,
        findings=findings(clusters, nodes, readings, watermarks),
        warnings=_once(
            *probed.warnings,
            *readings.warnings(),
            *gaps(prometheus, readings, names, at=probed.at),
            *(warning for name in names for warning in left_out(name, nodes)),
            *doubled(nodes),
        ),
    )


def _nodes(readings: Readings, watermarks: Mapping[str, Watermark]) -> tuple[NodeCapacity, ...]:
    figures = node_figures(readings)
    cordoned = readings.by("cordoned", "cluster", "node")
    ready = readings.by("ready", "cluster", "node")
    taints = _taints(readings)
    zones = {(cluster, node): zone for cluster, node, zone in readings.by("zone", "cluster", "node", ZONE)}
    return tuple(
        NodeCapacity(
            cluster=place[0],
            node=place[1],
            schedulable=_schedulable(cordoned.get(place), taints.get(place, ())),
            ready=None if place not in ready else ready[place] == 1,
            zone=zones.get(place) or None,
            resources={name: figures.resource(place, name, watermarks.get(name)) for name in RESOURCES},
            taints=taints.get(place, ()),
        )
        # A node of which only its state is known is still a node.
        for place in sorted(figures.places() | {(cluster, node) for cluster, node in (*cordoned, *ready)})
    )


def _schedulable(cordoned: float | None, taints: Sequence[str]) -> bool | None:
    if taints:
        return False
    return None if cordoned is None else cordoned == 0


def _taints(readings: Readings) -> dict[tuple[str, ...], tuple[str, ...]]:
    keys: dict[tuple[str, ...], list[str]] = {}
    for cluster, node, key in sorted(readings.by("taints", "cluster", "node", "key")):
        keys.setdefault((cluster, node), []).append(key)
    return {place: tuple(own) for place, own in keys.items()}


def _namespaces(readings: Readings) -> tuple[NamespaceCapacity, ...]:
    figures: Figures = namespace_figures(readings)
    return tuple(
        NamespaceCapacity(*place, resources={name: figures.resource(place, name, None) for name in RESOURCES})
        for place in sorted(figures.places())
    )


def _once(*warnings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(warnings))
