"""Pods taken together by namespace, by team and by workload, in the report's form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from obsgen.simulate.cluster import RESOURCES, Cluster, Pod, World
from obsgen.simulate.resource_truth import Figures, asked, judged, used

# Percentiles of less are not reported.
_LEAST_SECONDS = 6 * 3600
_SHARE = 0.95


def namespaces_of(world: World, cluster: Cluster) -> list[Figures]:
    """Namespaces with pods on nodes."""
    return [
        {
            "cluster": cluster.name,
            "namespace": namespace,
            "team": cluster.teams[namespace],
            "resources": _resources(world, pods),
        }
        for (namespace,), pods in _grouped(cluster, lambda pod: (pod.namespace,))
    ]


def teams_of(world: World, cluster: Cluster) -> list[Figures]:
    """Teams over their namespaces."""
    return [
        {
            "cluster": cluster.name,
            "team": team,
            "namespaces": sorted({pod.namespace for pod in pods}),
            "resources": _resources(world, pods),
            "p95": _p95(world, pods),
        }
        for (team,), pods in _grouped(cluster, lambda pod: (cluster.teams[pod.namespace],))
    ]


def totals_of(world: World, cluster: Cluster) -> list[Figures]:
    """Workloads, each with all its pods on nodes."""
    return [
        {
            "cluster": cluster.name,
            "namespace": namespace,
            "kind": kind,
            "workload": name,
            "team": cluster.teams[namespace],
            "resources": _resources(world, pods),
            "p95": _p95(world, pods),
        }
        for (namespace, kind, name), pods in _grouped(
            cluster, lambda pod: (pod.namespace, pod.workload.kind, pod.workload.name)
        )
    ]


def _grouped(cluster: Cluster, key: Callable[[Pod], tuple[str, ...]]) -> list[tuple[tuple[str, ...], list[Pod]]]:
    groups: dict[tuple[str, ...], list[Pod]] = {}
    for pod in cluster.pods:
        if pod.placed:
            groups.setdefault(key(pod), []).append(pod)
    return sorted(groups.items())


def _resources(world: World, pods: Sequence[Pod]) -> Figures:
    """Usage is that of nodes which say it."""
    metered = _metered(pods)
    running = any(pod.running for pod in metered)
    resources = {
        name: judged(name, used=used(world, metered, name) if running else None, **asked(pods, name))
        for name in RESOURCES
    }
    return resources | {"pods": judged("pods", used=len(pods))}


def _p95(world: World, pods: Sequence[Pod]) -> Figures:
    """What all of them together stay below for all but a twentieth of the whole period."""
    start, moment = world.settings.start, world.settings.moment
    metered = [(pod, pod.node) for pod in _metered(pods) if pod.node and pod.running]
    if not metered or moment - start < _LEAST_SECONDS:
        return {"cpu": None, "memory": None}

    def memory(share: float) -> float:
        at = start + share * (moment - start)
        return sum(pod.bytes(c) * node.memory_curve.at(at) for pod, node in metered for c in pod.running)

    return {
        # A fifth of the time lies on the peak, which all containers have at once.
        "cpu": sum(pod.cores(c) * node.cpu_curve.peak for pod, node in metered for c in pod.running),
        # A sum of straight lines is one, and it falls or rises.
        "memory": max(memory(_SHARE), memory(1 - _SHARE)),
    }


def _metered(pods: Sequence[Pod]) -> list[Pod]:
    return [pod for pod in pods if pod.node and pod.node.ready]
