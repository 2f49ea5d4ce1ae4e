"""What the containers of each workload used over the whole period, from the curves' own forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from obsgen.simulate.cluster import Cluster, Container, Pod, World

# Below this a window of five minutes never lies wholly on the peak for a twentieth of the time.
_LEAST_SECONDS = 3600


def workloads_of(world: World, cluster: Cluster) -> Iterator[dict[str, Any]]:
    """One entry for each container of a workload: the most that any of its pods used."""
    pods: dict[tuple[str, str], list[Pod]] = {}
    for pod in cluster.pods:
        # A node that fell silent, or a container that restarted, has no whole period to speak of.
        if pod.node and pod.node.ready and pod.running:
            pods.setdefault((pod.namespace, pod.workload.name), []).append(pod)
    for _, own in sorted(pods.items()):
        for container in own[0].running:
            yield _entry(world, cluster, container, own)


def _entry(world: World, cluster: Cluster, container: Container, pods: list[Pod]) -> dict[str, Any]:
    settings, workload = world.settings, pods[0].workload
    long_enough = settings.seconds >= _LEAST_SECONDS
    peaks = [pod.cores(container) * pod.node.cpu_curve.peak for pod in pods if pod.node]
    highest = [
        pod.bytes(container) * pod.node.memory_curve.highest(settings.start, settings.moment)
        for pod in pods
        if pod.node
    ]
    return {
        "cluster": cluster.name,
        "namespace": workload.namespace,
        "kind": workload.kind,
        "workload": workload.name,
        "container": container.name,
        "pods": len(pods),
        "requests": {"cpu": container.requests.cpu, "memory": container.requests.memory},
        "limits": {"cpu": container.limits.cpu, "memory": container.limits.memory},
        "cpu": {
            "p50": max(pod.cores(container) for pod in pods),
            # A rate over five minutes is wholly on the peak for a twentieth of the time or more.
            "p95": max(peaks) if long_enough else None,
        },
        "memory": {"max": max(highest)},
        "restarted": any(pod.restarted == container.name for pod in pods),
    }
