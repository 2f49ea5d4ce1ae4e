"""What is left without the biggest node or without a zone: do today's requests and use still fit?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from obsgen.live.answers.room import total
from obsgen.live.answers.types import Loss
from obsgen.live.types import ClusterCapacity, Finding, NodeCapacity, cluster_title

_RESOURCES = ("cpu", "memory")


def losses(clusters: Sequence[ClusterCapacity], nodes: Sequence[NodeCapacity]) -> tuple[Loss, ...]:
    """Per cluster and resource: the biggest node's loss, then each zone's, over schedulable, ready nodes.

    All requests and all use stay and move to what remains. That they fit as a sum is needed, not enough:
    a large pod may find no node with room for it.
    """
    found: list[Loss] = []
    for cluster in clusters:
        offering = [node for node in nodes if node.cluster == cluster.cluster and node.takes_pods]
        for resource in _RESOURCES:
            found += _of_cluster(cluster.cluster, resource, offering)
    return tuple(found)


def loss_findings(found: Sequence[Loss]) -> Iterator[Finding]:
    """One warning for each node or zone whose loss requests or use would not survive."""
    over: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for loss in found:
        for words, fit, ratio in (
            ("requests", loss.requests_fit, loss.requests_ratio),
            ("use", loss.use_fits, loss.used_ratio),
        ):
            if fit is False and ratio is not None:
                over[loss.cluster, loss.lost, loss.name].append(f"{loss.resource} {words} would be {ratio:.1%}")
    for (cluster, lost, name), parts in over.items():
        yield Finding("warning", cluster_title(cluster), f"without {lost} {name}, {', '.join(parts)} of what remains")


def _of_cluster(cluster: str, resource: str, offering: Sequence[NodeCapacity]) -> Iterator[Loss]:
    room = {node.node: node.resources[resource].allocatable or 0.0 for node in offering}
    if len(offering) > 1 and any(room.values()):
        biggest = max(offering, key=lambda node: (room[node.node], node.node))
        yield _loss(cluster, resource, offering, "node", biggest.node)
    zones: dict[str, float] = defaultdict(float)
    for node in offering:
        if node.zone is not None:
            zones[node.zone] += room[node.node]
    if len(zones) > 1:
        for zone in sorted(zones):
            yield _loss(cluster, resource, offering, "zone", zone)


def _loss(cluster: str, resource: str, offering: Sequence[NodeCapacity], lost: str, name: str) -> Loss:
    kind = "zone" if lost == "zone" else "node"
    staying = [node for node in offering if getattr(node, kind) != name]
    remaining = total(node.resources[resource].allocatable for node in staying) or 0.0
    requested = total(node.resources[resource].requested for node in offering)
    # Use that a node keeps to itself cannot be moved on paper: with one unknown the whole is unknown.
    parts = [node.resources[resource].used for node in offering]
    used = None if None in parts else total(parts)
    return Loss(
        cluster=cluster,
        lost="zone" if lost == "zone" else "node",
        name=name,
        resource=resource,
        remaining=remaining,
        requested=requested,
        used=used,
        requests_ratio=_ratio(requested, remaining),
        used_ratio=_ratio(used, remaining),
        requests_fit=None if requested is None else requested <= remaining,
        use_fits=None if used is None else used <= remaining,
    )


def _ratio(amount: float | None, remaining: float) -> float | None:
    return amount / remaining if amount is not None and remaining else None
