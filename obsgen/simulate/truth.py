"""What a report over the samples must say: added up from the model, without a single query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from obsgen.simulate.cluster import RESOURCES, Cluster, Node, Pod, World
from obsgen.simulate.group_truth import namespaces_of, teams_of, totals_of
from obsgen.simulate.resource_truth import UNITS, Figures, asked, devices_used, judged, total, used
from obsgen.simulate.usage_series import DAEMON_BYTES, DAEMON_CORES, PAUSE_BYTES, PAUSE_CORES
from obsgen.simulate.workload_truth import workloads_of


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
        "namespaces": [entry for cluster in world.clusters for entry in namespaces_of(world, cluster)],
        "teams": [entry for cluster in world.clusters for entry in teams_of(world, cluster)],
        "workloads": [entry for cluster in world.clusters for entry in workloads_of(world, cluster)],
        "workload_totals": [entry for cluster in world.clusters for entry in totals_of(world, cluster)],
        "traps": sorted(world.settings.traps),
    }


def _node(world: World, cluster: Cluster, node: Node) -> Figures:
    pods = [pod for pod in cluster.pods if pod.node is node and pod.placed]
    room = node.allocatable
    resources = {
        name: judged(
            name,
            allocatable=None if room is None else room.of(name),
            used=_used(world, cluster, node, pods, name) if node.ready else None,
            **(asked(pods, name) if cluster.pods else {}),
        )
        for name in RESOURCES
    }
    used_pods = len(pods) if cluster.pods else None
    resources["pods"] = judged("pods", allocatable=None if room is None else node.pods, used=used_pods)
    return {
        "cluster": cluster.name,
        "node": node.name,
        "schedulable": node.schedulable,
        "ready": node.ready,
        "zone": node.zone,
        "pool": node.pool,
        "resources": resources,
        **_machine(world, node, pods),
    }


def _used(world: World, cluster: Cluster, node: Node, pods: Sequence[Pod], resource: str) -> float | None:
    if resource == "nvidia_com_gpu":
        return devices_used(node)
    return used(world, pods, resource) if cluster.pods else None


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
    for name in UNITS:
        parts = [resources[name] for resources in offering]
        whole = [part for part in parts if part["allocatable"] and part["used"] is not None]
        room, used = total(part["allocatable"] for part in whole), total(part["used"] for part in whole)
        summed[name] = judged(
            name,
            utilization=used / room if used is not None and room else None,
            allocatable=total(part["allocatable"] for part in parts),
            used=used,
            requested=total(part["requested"] for part in parts),
            limit=total(part["limit"] for part in parts),
        )
    return summed


def _pending(cluster: Cluster) -> Figures:
    waiting = [pod for pod in cluster.pods if pod.node is None]
    containers = [c for pod in waiting for c in pod.workload.containers if c.role == "app"]
    asked = {name: sum(container.requests.of(name) for container in containers) for name in ("cpu", "memory")}
    return {"pods": len(waiting), **asked}
