"""The largest pod that still fits, and how many more pods of a given size, by node, zone and cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from obsgen.live.answers.room import free_on, times
from obsgen.live.answers.types import Fits, NodeFit, ZoneFit
from obsgen.live.types import NodeCapacity
from obsgen.units import parse_quantity


def parse_pod(text: str) -> dict[str, float]:
    """Read `cpu=500m,memory=1Gi`; ValueError says what a size looks like."""
    pod: dict[str, float] = {}
    for part in text.split(","):
        name, equals, amount = part.strip().partition("=")
        if not equals or not name:
            msg = f"'{part}' is no resource with its amount: write cpu=500m,memory=1Gi"
            raise ValueError(msg)
        # Metrics name nvidia.com/gpu as nvidia_com_gpu, and ephemeral-storage alike.
        pod["".join(letter if letter.isalnum() else "_" for letter in name)] = parse_quantity(amount)
    if not any(pod.values()):
        msg = f"'{text}' asks for nothing, and of that any number fits: write cpu=500m,memory=1Gi"
        raise ValueError(msg)
    return pod


def fits(nodes: Sequence[NodeCapacity], pod: Mapping[str, float]) -> Fits:
    """Room on schedulable, ready nodes. Taints, affinity and volumes are not looked at."""
    rows = tuple(_on_node(node, pod) for node in nodes if node.takes_pods)
    zones: dict[tuple[str, str], list[NodeFit]] = defaultdict(list)
    clusters: dict[str, list[NodeFit]] = defaultdict(list)
    for row in rows:
        clusters[row.cluster].append(row)
        if row.zone is not None:
            zones[row.cluster, row.zone].append(row)
    return Fits(
        dict(pod),
        rows,
        tuple(_together(cluster, zone, inside) for (cluster, zone), inside in sorted(zones.items())),
        tuple(_together(cluster, None, inside) for cluster, inside in sorted(clusters.items())),
    )


def _on_node(node: NodeCapacity, pod: Mapping[str, float]) -> NodeFit:
    free = free_on(node)
    return NodeFit(node.cluster, node.node, node.zone, free, times(free, pod) if pod else None)


def _together(cluster: str, zone: str | None, rows: Sequence[NodeFit]) -> ZoneFit:
    counts = [row.more_pods for row in rows if row.more_pods is not None]
    return ZoneFit(
        cluster,
        zone,
        _largest(rows, "cpu", "memory"),
        _largest(rows, "memory", "cpu"),
        sum(counts) if counts else None,
    )


def _largest(rows: Iterable[NodeFit], first: str, second: str) -> NodeFit | None:
    """The node with the most of one, and among equals of the other; a node without a free slot has nothing."""
    known = [row for row in rows if row.free.get(first) is not None and row.free.get("pods") != 0]
    return max(known, key=lambda row: (row.free[first] or 0.0, row.free.get(second) or 0.0), default=None)
