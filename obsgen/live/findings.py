"""What an operator should look at: passed watermarks, nodes that offer nothing, pods that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from obsgen.live.readings import Readings
from obsgen.live.types import ClusterCapacity, Finding, NodeCapacity, Resource, ResourceName, cluster_title
from obsgen.live.watermarks import Watermark

_GRAVEST_FIRST = ("critical", "warning", "info")


def findings(
    clusters: Sequence[ClusterCapacity],
    nodes: Sequence[NodeCapacity],
    readings: Readings,
    watermarks: Mapping[str, Watermark],
    others: Sequence[Finding] = (),
) -> tuple[Finding, ...]:
    """The gravest first; clusters come before nodes, and `others` between them."""
    found: list[Finding] = []
    for cluster in clusters:
        found += _passed(cluster_title(cluster.cluster), cluster.resources, watermarks)
    found += _waiting(readings)
    found += others
    for node in nodes:
        found += _passed(node.title, node.resources, watermarks)
        found += _state(node)
        found += _unknown(node, [other for other in nodes if other.cluster == node.cluster])
    return tuple(sorted(found, key=lambda finding: _GRAVEST_FIRST.index(finding.level)))


def _passed(
    about: str, resources: Mapping[ResourceName, Resource], watermarks: Mapping[str, Watermark]
) -> Iterator[Finding]:
    for name, resource in resources.items():
        if resource.utilization is None or resource.level in (None, "ok"):
            continue
        level: str = resource.level or ""
        mark = watermarks[name]
        limit = mark.critical if level == "critical" else mark.warning
        follows = f": the {mark.action} flow starts" if level == "critical" and mark.action else ""
        message = f"{name} is at {resource.utilization:.1%}, past the {level} watermark of {limit:.0%}{follows}"
        yield Finding("critical" if level == "critical" else "warning", about, message)


def _state(node: NodeCapacity) -> Iterator[Finding]:
    if node.ready is False:
        yield Finding("warning", node.title, "NotReady, and left out of what the cluster can take")
    if node.taints:
        message = f"tainted with {', '.join(node.taints)}, and left out of what the cluster can take"
        yield Finding("info", node.title, message)
    elif node.schedulable is False:
        yield Finding("info", node.title, "cordoned, and left out of what the cluster can take")


def _unknown(node: NodeCapacity, neighbours: Sequence[NodeCapacity]) -> Iterator[Finding]:
    """What this node lacks; where the whole cluster lacks it, one warning says so instead."""
    for figure, words in (("used", "no usage"), ("allocatable", "no allocatable")):
        lacking = [
            name
            for name in ("cpu", "memory")
            if getattr(node.resources[name], figure) is None
            and any(getattr(other.resources[name], figure) is not None for other in neighbours)
        ]
        if lacking:
            yield Finding("warning", node.title, f"{words} data for {' and '.join(lacking)}")


def _waiting(readings: Readings) -> Iterator[Finding]:
    waiting = readings.sums("pending", "cluster", "resource")
    for cluster, pods in sorted((cluster, count) for (cluster, name), count in waiting.items() if name == "pods"):
        cores = waiting.get((cluster, "cpu"), 0.0)
        gibibytes = waiting.get((cluster, "memory"), 0.0) / 2**30
        noun = "pod waits" if pods == 1 else "pods wait"
        message = f"{pods:.0f} {noun} for a node, asking for {cores:.2f} cores and {gibibytes:.1f} GiB"
        yield Finding("warning", cluster_title(cluster), message)
