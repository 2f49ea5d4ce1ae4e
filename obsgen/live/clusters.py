"""Sums nodes up to clusters: what each can still take work on, and how full that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from obsgen.live.readings import judged
from obsgen.live.types import RESOURCES, ClusterCapacity, NodeCapacity, Resource, ResourceName, cluster_title
from obsgen.live.watermarks import Watermark

_NAMED = 5


def cluster_capacity(
    cluster: str, nodes: Sequence[NodeCapacity], watermarks: Mapping[str, Watermark]
) -> ClusterCapacity:
    """The cluster over its schedulable, ready nodes: a cordoned or NotReady node has nothing to offer."""
    offering = [node for node in nodes if node.cluster == cluster and node.takes_pods]
    return ClusterCapacity(cluster, {name: _summed(name, offering, watermarks.get(name)) for name in RESOURCES})


def _summed(name: ResourceName, nodes: Sequence[NodeCapacity], watermark: Watermark | None) -> Resource:
    parts = [node.resources[name] for node in nodes]
    allocatable = _total(part.allocatable for part in parts)
    # Used and allocatable are divided over the same nodes: one without the other would bend the ratio.
    whole = [part for part in parts if part.allocatable and part.used is not None]
    used = _total(part.used for part in (parts if allocatable is None else whole))
    shared = _total(part.allocatable for part in whole)
    return judged(
        name,
        watermark,
        utilization=used / shared if used is not None and shared else None,
        allocatable=allocatable,
        requested=_total(part.requested for part in parts),
        limit=_total(part.limit for part in parts),
        used=used,
    )


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
