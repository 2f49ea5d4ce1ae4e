"""Stranded capacity: CPU that stays free because memory is out, and memory that stays free because CPU is out."""

from __future__ import annotations

from collections.abc import Sequence

from obsgen.live.answers.room import free_on
from obsgen.live.answers.types import Stranded
from obsgen.live.types import ClusterCapacity, NodeCapacity


def stranded(clusters: Sequence[ClusterCapacity], nodes: Sequence[NodeCapacity]) -> tuple[Stranded, ...]:
    """Per schedulable, ready node, for more pods of the shape that the cluster's requests have on average.

    Filled with such pods, in fractions too, a node runs out of one resource; what it then has of the other
    is stranded. Nodes whose figures are not known are left out.
    """
    shapes = {cluster.cluster: _shape(cluster) for cluster in clusters}
    found = []
    for node in nodes:
        shape = shapes.get(node.cluster)
        free = free_on(node)
        cpu, memory = free["cpu"], free["memory"]
        if not node.takes_pods or shape is None or cpu is None or memory is None:
            continue
        by_cpu, by_memory = cpu / shape[0], memory / shape[1]
        left_cpu = cpu - by_memory * shape[0] if by_memory < by_cpu else 0.0
        left_memory = memory - by_cpu * shape[1] if by_cpu < by_memory else 0.0
        left = (left_cpu, left_memory)
        room = [node.resources[name].allocatable for name in ("cpu", "memory")]
        shares = [amount / whole if whole else 0.0 for amount, whole in zip(left, room, strict=True)]
        found.append(Stranded(node.cluster, node.node, *left, *shares))
    return tuple(found)


def _shape(cluster: ClusterCapacity) -> tuple[float, float] | None:
    """Cores and bytes in the cluster's proportion."""
    cpu, memory = (cluster.resources[name].requested for name in ("cpu", "memory"))
    return (cpu, memory) if cpu and memory else None
