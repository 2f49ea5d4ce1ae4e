"""What a report over the samples must say: added up from the model, without a single query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from obsgen.simulate.cluster import RESOURCES, Cluster, Container, Node, Pod, World
from obsgen.simulate.usage_series import DAEMON_BYTES, DAEMON_CORES, PAUSE_BYTES, PAUSE_CORES
from obsgen.simulate.workload_truth import workloads_of

# The usual watermarks: shares of allocatable past which a level is a warning, then critical.
MARKS: Final = {"cpu": (0.70, 0.85), "memory": (0.75, 0.85)}
_UNITS: Final = {
    "cpu": "cores",
    "memory": "bytes",
    "pods": "pods",
    "ephemeral_storage": "bytes",
    "nvidia_com_gpu": "devices",
}
Figures = dict[str, Any]


def truth_of(world: World) -> Figures:
    """The capacity report's JSON form, and beside it what waits, what grows and what each workload used."""
    moment = world.settings.moment
    nodes = [(cluster, node, _node(world, cluster, node)) for cluster in world.clusters for node in cluster.nodes]
    return {
        "generated_at": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "window": "5m",
        "clusters": [
            {
                "cluster": cluster.name,
                "resources": _cluster([figures for own, _, figures in nodes if own is cluster]),
                "pending": _pending(cluster),
            }
            for cluster in sorted(world.clusters, key=lambda one: one.name)
        ],
        "nodes": sorted((figures for _, _, figures in nodes), key=lambda one: (one["cluster"], one["node"])),
        "namespaces": [entry for cluster in world.clusters for entry in _namespaces(world, cluster)],
        "workloads": [entry for cluster in world.clusters for entry in workloads_of(world, cluster)],
        "traps": sorted(world.settings.traps),
    }


def _node(world: World, cluster: Cluster, node: Node) -> Figures:
    pods = [pod for pod in cluster.pods if pod.node is node and pod.placed]
    room = node.allocatable
    resources = {
        name: _judged(
            name,
            allocatable=None if room is None else room.of(name),
            used=_used(world, pods, name) if node.ready and cluster.pods else None,
            **(_asked(pods, name) if cluster.pods else {}),
        )
        for name in RESOURCES
    }
    used_pods = len(pods) if cluster.pods else None
    resources["pods"] = _judged("pods", allocatable=None if room is None else node.pods, used=used_pods)
    return {
        "cluster": cluster.name,
        "node": node.name,
        "schedulable": node.schedulable,
        "ready": node.ready,
        "zone": node.zone,
        "resources": resources,
        **_machine(world, node, pods),
    }


def _machine(world: World, node: Node, pods: Sequence[Pod]) -> Figures:
    """What the root cgroup says, and how fast the containers' working sets grow in bytes per second."""
    if not node.ready:
        return {"machine": None, "memory_growth": None}
    running = sum(1 for pod in pods if pod.running)
    base = sum(pod.bytes(container) for pod in pods for container in pod.running)
    curve = node.memory_curve
    machine_bytes = (base + DAEMON_BYTES + running * PAUSE_BYTES) * curve.at(world.settings.moment)
    cores = sum(pod.cores(container) for pod in pods for container in pod.running)
    return {
        "machine": {"cpu": cores + DAEMON_CORES + running * PAUSE_CORES, "memory": machine_bytes},
        "memory_growth": base * curve.growth_per_second,
    }


def _cluster(nodes: Sequence[Figures]) -> Figures:
    """Sums over the nodes that still take pods; a share only over those where both of its sides are known."""
    offering = [node["resources"] for node in nodes if node["schedulable"] and node["ready"]]
    summed = {}
    for name in _UNITS:
        parts = [resources[name] for resources in offering]
        whole = [part for part in parts if part["allocatable"] and part["used"] is not None]
        room, used = _total(part["allocatable"] for part in whole), _total(part["used"] for part in whole)
        summed[name] = _judged(
            name,
            utilization=used / room if used is not None and room else None,
            allocatable=_total(part["allocatable"] for part in parts),
            used=used,
            requested=_total(part["requested"] for part in parts),
            limit=_total(part["limit"] for part in parts),
        )
    return summed


def _namespaces(world: World, cluster: Cluster) -> list[Figures]:
    """Namespaces with pods on nodes; usage is that of nodes which say it."""
    by_name: dict[str, list[Pod]] = {}
    for pod in cluster.pods:
        if pod.placed:
            by_name.setdefault(pod.namespace, []).append(pod)
    entries = []
    for namespace, pods in sorted(by_name.items()):
        metered = [pod for pod in pods if pod.node and pod.node.ready]
        running = any(pod.running for pod in metered)
        resources = {
            name: _judged(name, used=_used(world, metered, name) if running else None, **_asked(pods, name))
            for name in RESOURCES
        }
        resources["pods"] = _judged("pods", used=len(pods))
        team = cluster.teams[namespace]
        entries.append({"cluster": cluster.name, "namespace": namespace, "team": team, "resources": resources})
    return entries


def _asked(pods: Sequence[Pod], resource: str) -> Figures:
    return {
        "requested": sum(_effective(pod, lambda container: container.requests.of(resource)) for pod in pods),
        "limit": sum(_effective(pod, lambda container: container.limits.of(resource)) for pod in pods),
    }


def _effective(pod: Pod, amount: Callable[[Container], float]) -> float:
    """As the scheduler reserves it: all that stays, or the largest init container beside the sidecars."""
    roles: dict[str, list[float]] = {"app": [0.0], "init": [0.0], "sidecar": [0.0]}
    for container in pod.workload.containers:
        roles[container.role].append(amount(container))
    return max(sum(roles["app"]), *roles["init"]) + sum(roles["sidecar"])


def _used(world: World, pods: Sequence[Pod], resource: str) -> float | None:
    """At the truth's moment; CPU is at its base there, and has been for longer than the window."""
    match resource:
        case "cpu":
            return sum(pod.cores(container) for pod in pods for container in pod.running)
        case "memory":
            return sum(_working_set(world, pod, container) for pod in pods for container in pod.running)
        case "ephemeral_storage":
            return sum(container.used.ephemeral_storage for pod in pods for container in pod.running)
    return None


def _working_set(world: World, pod: Pod, container: Container) -> float:
    assert pod.node is not None, "only a pod on a node uses anything"
    return pod.bytes(container) * pod.node.memory_curve.at(world.settings.moment)


def _pending(cluster: Cluster) -> Figures:
    waiting = [pod for pod in cluster.pods if pod.node is None]
    containers = [c for pod in waiting for c in pod.workload.containers if c.role == "app"]
    asked = {name: sum(container.requests.of(name) for container in containers) for name in ("cpu", "memory")}
    return {"pods": len(waiting), **asked}


def _judged(name: str, *, utilization: float | None = None, **amounts: float | None) -> Figures:
    figures: Figures = {"unit": _UNITS[name], "allocatable": None, "requested": None, "limit": None, "used": None}
    figures |= amounts
    if utilization is None and figures["used"] is not None and figures["allocatable"]:
        utilization = figures["used"] / figures["allocatable"]
    return figures | {"utilization": utilization, "level": _level(name, utilization)}


def _level(name: str, utilization: float | None) -> str | None:
    if utilization is None:
        return None
    warning, critical = MARKS.get(name, (float("inf"), float("inf")))
    return "critical" if utilization > critical else "warning" if utilization > warning else "ok"


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
