"""Sums nodes up to clusters, zones and pools: what each can still take work on, and how full that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from obsgen.live.past import Past, percentile
from obsgen.live.readings import judged
from obsgen.live.types import (
    RESOURCES,
    ClusterCapacity,
    NodeCapacity,
    NodeGroup,
    Resource,
    ResourceName,
    cluster_title,
)
from obsgen.live.watermarks import Watermark

_NAMED = 5


def cluster_capacity(
    cluster: str, nodes: Sequence[NodeCapacity], watermarks: Mapping[str, Watermark], past: Past
) -> ClusterCapacity:
    """The cluster over its schedulable, ready nodes: a cordoned or NotReady node has nothing to offer."""
    offering = [node for node in nodes if node.cluster == cluster and node.takes_pods]
    return ClusterCapacity(cluster, summed_up(offering, watermarks, past))


def groups(
    label: Literal["zone", "pool"],
    nodes: Sequence[NodeCapacity],
    watermarks: Mapping[str, Watermark],
    past: Past,
) -> tuple[NodeGroup, ...]:
    """The zones or pools over their schedulable, ready nodes; none in a cluster whose nodes name none."""
    members: dict[tuple[str, str | None], list[NodeCapacity]] = defaultdict(list)
    for node in nodes:
        if node.takes_pods:
            members[node.cluster, getattr(node, label)].append(node)
    naming = {cluster for cluster, name in members if name is not None}
    return tuple(
        NodeGroup(cluster, name, len(inside), summed_up(inside, watermarks, past))
        for (cluster, name), inside in sorted(members.items(), key=lambda member: (member[0][0], member[0][1] or ""))
        if cluster in naming
    )


def summed_up(
    nodes: Sequence[NodeCapacity], watermarks: Mapping[str, Watermark], past: Past
) -> dict[ResourceName, Resource]:
    """The resources of nodes of one cluster, added up."""
    extra = sorted({name for node in nodes for name in node.resources} - set(RESOURCES))
    return {name: _summed(name, nodes, watermarks.get(name), past) for name in (*RESOURCES, *extra)}


def _summed(name: ResourceName, nodes: Sequence[NodeCapacity], watermark: Watermark | None, past: Past) -> Resource:
    parts = [node.resources[name] for node in nodes if name in node.resources]
    allocatable = _total(part.allocatable for part in parts)
    # Used and allocatable are divided over the same nodes: one without the other would bend the ratio.
    whole = [part for part in parts if part.allocatable and part.used is not None]
    used = _total(part.used for part in (parts if allocatable is None else whole))
    shared = _total(part.allocatable for part in whole)
    together = judged(
        name,
        watermark,
        utilization=used / shared if used is not None and shared else None,
        allocatable=allocatable,
        requested=_total(part.requested for part in parts),
        limit=_total(part.limit for part in parts),
        used=used,
    )
    then = past.machine(nodes[0].cluster, [node.node for node in nodes], name) if nodes else {}
    return replace(together, system=_total(part.system for part in parts), system_p95=percentile(then))


def left_out(cluster: str, nodes: Sequence[NodeCapacity]) -> tuple[str, ...]:
    """Warnings that name the nodes missing from a cluster's utilization, for lack of a figure."""
    offering = [node for node in nodes if node.cluster == cluster and node.takes_pods]
    warnings = []
    for name in RESOURCES:
        missing = [n.node for n in offering if n.resources[name].utilization is None]
        if missing and len(missing) < len(offering):
            shown = ", ".join(missing[:_NAMED]) + (" …" if len(missing) > _NAMED else "")
            counted = f"{len(offering) - len(missing)} of {len(offering)} nodes"
            warnings.append(f"{cluster_title(cluster)}: {name} utilization is that of {counted}; not known: {shown}")
    return tuple(warnings)


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
