"""The rows of the report from the readings: nodes, namespaces, teams and workloads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from obsgen.live.answers.room import total
from obsgen.live.past import Past, percentile
from obsgen.live.queries import POOLS, TEAM, ZONE
from obsgen.live.readings import Readings, namespace_figures, node_figures, workload_figures
from obsgen.live.types import (
    NamespaceCapacity,
    NodeCapacity,
    Resource,
    ResourceName,
    TeamCapacity,
    WorkloadCapacity,
)
from obsgen.live.watermarks import Watermark

NO_WATERMARKS: Final[Mapping[str, Watermark]] = MappingProxyType({})
_FIGURES = ("requested", "limit", "used")


def nodes_of(readings: Readings, past: Past, watermarks: Mapping[str, Watermark]) -> tuple[NodeCapacity, ...]:
    """Every node, with what its machine uses."""
    figures = node_figures(readings)
    cordoned = readings.by("cordoned", "cluster", "node")
    ready = readings.by("ready", "cluster", "node")
    taints = _taints(readings)
    machines = readings.by("machine_used", "cluster", "node", "resource")
    labelled = {key[:2]: key[2:] for key in readings.by("zone", "cluster", "node", ZONE, *POOLS)}

    def resources(cluster: str, node: str) -> dict[ResourceName, Resource]:
        return {
            name: replace(
                resource,
                system=machines.get((cluster, node, name)),
                system_p95=percentile(past.machine(cluster, [node], name)),
            )
            for name, resource in figures.resources((cluster, node), watermarks).items()
        }

    def row(cluster: str, node: str) -> NodeCapacity:
        place = (cluster, node)
        zone, *pools = labelled.get(place, ("",))
        return NodeCapacity(
            cluster=cluster,
            node=node,
            schedulable=_schedulable(cordoned.get(place), taints.get(place, ())),
            ready=None if place not in ready else ready[place] == 1,
            zone=zone or None,
            resources=resources(cluster, node),
            pool=next((pool for pool in pools if pool), None),
            taints=taints.get(place, ()),
        )

    # A node of which only its state is known is still a node.
    places = figures.places() | {(cluster, node) for cluster, node in (*cordoned, *ready)}
    return tuple(row(cluster, node) for cluster, node in sorted(places))


def namespaces_of(readings: Readings, past: Past) -> tuple[NamespaceCapacity, ...]:
    """Every namespace."""
    figures = namespace_figures(readings)
    return tuple(
        NamespaceCapacity(
            cluster,
            namespace,
            _with_past(figures.resources((cluster, namespace), NO_WATERMARKS), past, cluster, (namespace,)),
        )
        for cluster, namespace in sorted(figures.places())
    )


def teams_by_namespace(readings: Readings, owners: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """The team of each namespace: its label's word first, then that of `owners`, by namespace."""
    places = namespace_figures(readings).places()
    named = {(cluster, space): owners[space] for cluster, space in places if space in owners}
    labelled = {(cluster, space): team for cluster, space, team in readings.by("team", "cluster", "namespace", TEAM)}
    return {**named, **labelled}


def teams_of(
    namespaces: Sequence[NamespaceCapacity], teams: Mapping[tuple[str, str], str], past: Past
) -> tuple[TeamCapacity, ...]:
    """Every team over its namespaces; none where no namespace has one."""
    members: dict[tuple[str, str | None], list[NamespaceCapacity]] = defaultdict(list)
    for place in namespaces:
        members[place.cluster, teams.get((place.cluster, place.namespace))].append(place)
    if all(team is None for _, team in members):
        return ()
    return tuple(
        _team(cluster, team, spaces, past)
        for (cluster, team), spaces in sorted(members.items(), key=lambda member: (member[0][0], member[0][1] or "~"))
    )


def workloads_of(readings: Readings, past: Past, teams: Mapping[tuple[str, str], str]) -> tuple[WorkloadCapacity, ...]:
    """Every workload whose owner is known."""
    figures = workload_figures(readings)
    rows = []
    for cluster, namespace, kind, workload in sorted(figures.places()):
        key = (cluster, namespace, kind, workload)
        resources = {
            name: replace(resource, used_p95=percentile(past.workload(key, name)))
            for name, resource in figures.resources(key, NO_WATERMARKS).items()
        }
        rows.append(WorkloadCapacity(*key, teams.get((cluster, namespace)), resources))
    return tuple(rows)


def _schedulable(cordoned: float | None, taints: Sequence[str]) -> bool | None:
    if taints:
        return False
    return None if cordoned is None else cordoned == 0


def _taints(readings: Readings) -> Mapping[tuple[str, str], tuple[str, ...]]:
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cluster, node, key in sorted(readings.by("taints", "cluster", "node", "key")):
        keys[cluster, node].append(key)
    return {place: tuple(own) for place, own in keys.items()}


def _team(cluster: str, team: str | None, spaces: Sequence[NamespaceCapacity], past: Past) -> TeamCapacity:
    names = tuple(place.namespace for place in spaces)
    resources = {}
    for name in dict.fromkeys(name for place in spaces for name in place.resources):
        parts = [place.resources[name] for place in spaces if name in place.resources]
        requested, limit, used = (total(getattr(part, figure) for part in parts) for figure in _FIGURES)
        resources[name] = Resource(parts[0].unit, requested=requested, limit=limit, used=used)
    return TeamCapacity(cluster, team, names, _with_past(resources, past, cluster, names))


def _with_past(
    resources: Mapping[ResourceName, Resource], past: Past, cluster: str, namespaces: Sequence[str]
) -> dict[ResourceName, Resource]:
    return {
        name: replace(resource, used_p95=percentile(past.namespace(cluster, namespaces, name)))
        for name, resource in resources.items()
    }
