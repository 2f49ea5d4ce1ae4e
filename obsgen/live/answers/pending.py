"""Pods that wait for a node, and what keeps them waiting as far as requests tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from obsgen.live.answers.room import free_on, lacking
from obsgen.live.answers.types import Pending
from obsgen.live.ownership import KIND, WORKLOAD
from obsgen.live.readings import Readings
from obsgen.live.types import NodeCapacity, unit_of

_KEY = ("cluster", "namespace", KIND, WORKLOAD)


def pending(readings: Readings, nodes: Sequence[NodeCapacity]) -> tuple[Pending, ...]:
    """Per workload, what each of its waiting pods asks for and why no node takes it."""
    asked: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for (*place, resource), total in sorted(readings.by("pending", *_KEY, "resource").items()):
        asked[tuple(place)][resource] = total
    rows = []
    for key, totals in sorted(asked.items()):
        pods = totals.pop("pods", 0.0)
        if not pods:
            continue
        per_pod = {resource: total / pods for resource, total in totals.items()}
        offering = [node for node in nodes if node.cluster == key[0] and node.takes_pods]
        cluster, namespace, kind, workload = key
        reason = explained(per_pod, offering)
        rows.append(Pending(cluster, namespace, kind or None, workload or None, int(pods), per_pod, reason))
    return tuple(rows)


def explained(pod: Mapping[str, float], nodes: Sequence[NodeCapacity]) -> str:
    """Which nodes lack what, or that requests are not what keeps the pod waiting."""
    if not nodes:
        return "there is no schedulable, ready node"
    short = {node.node: lacking(free_on(node), pod) for node in nodes}
    fitting = [name for name, missing in short.items() if not missing]
    if fitting:
        return (
            f"by requests it fits on {len(fitting)} of {len(nodes)} nodes, such as {fitting[0]}: "
            "look for taints, affinity, volumes or a quota"
        )
    counted = Counter(name for missing in short.values() for name in missing)
    parts = [f"{count} lack {name} ({_most_free(name, nodes)})" for name, count in sorted(counted.items())]
    return f"0 of {len(nodes)} nodes fit: {', '.join(parts)}"


def _most_free(name: str, nodes: Sequence[NodeCapacity]) -> str:
    most = max((free_on(node).get(name) or 0.0 for node in nodes), default=0.0)
    if unit_of(name) == "bytes":
        return f"at most {most / 2**30:.1f} GiB are free"
    return f"at most {most:.2f} cores are free" if name == "cpu" else f"at most {most:.0f} are free"
