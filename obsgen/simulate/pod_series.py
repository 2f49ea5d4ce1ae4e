"""kube-state-metrics 2: pods and their containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from obsgen.simulate.cluster import RESOURCES, Cluster, Container, Pod, World
from obsgen.simulate.state_series import UNITS, State, StateFamily

_PHASES = ("Pending", "Running", "Succeeded", "Failed", "Unknown")


def pod_info(world: World, cluster: Cluster) -> Iterator[State]:
    for pod in cluster.pods:
        kind, name = pod.workload.owner
        yield f'{_named(pod)}{_placed(pod)},created_by_kind="{kind}",created_by_name="{name}"', 1


def pod_owner(world: World, cluster: Cluster) -> Iterator[State]:
    for pod in cluster.pods:
        kind, name = pod.workload.owner
        yield f'{_named(pod)},owner_kind="{kind}",owner_name="{name}",owner_is_controller="true"', 1


def pod_labels(world: World, cluster: Cluster) -> Iterator[State]:
    for pod in cluster.pods:
        yield f'{_named(pod)},label_app="{pod.workload.name}"', 1


def pod_phase(world: World, cluster: Cluster) -> Iterator[State]:
    for pod in cluster.pods:
        named = _named(pod)
        for phase in _PHASES:
            yield f'{named},phase="{phase}"', int(pod.phase == phase)


def container_info(world: World, cluster: Cluster) -> Iterator[State]:
    for pod, container in _containers(cluster, init=False):
        yield f'{_named(pod)},container="{container.name}",image="{container.image}"', 1


def init_container_info(world: World, cluster: Cluster) -> Iterator[State]:
    for pod, container in _containers(cluster, init=True):
        always = ',restart_policy="Always"' if container.role == "sidecar" else ""
        yield f'{_named(pod)},container="{container.name}",image="{container.image}"{always}', 1


def amounts_of(which: Literal["requests", "limits"], *, init: bool) -> StateFamily:
    """The requests or the limits of containers, or of init containers; what is not set has no series."""

    def series(world: World, cluster: Cluster) -> Iterator[State]:
        for pod, container in _containers(cluster, init=init):
            own = f'{_named(pod)},container="{container.name}"{_placed(pod)}'
            amounts = container.requests if which == "requests" else container.limits
            for resource in RESOURCES:
                amount = getattr(amounts, resource)
                if amount:
                    yield f'{own},resource="{resource}",unit="{UNITS[resource]}"', amount

    return series


def restarts(world: World, cluster: Cluster) -> Iterator[State]:
    for pod, container in _containers(cluster, init=False):
        if pod.phase == "Running":
            yield f'{_named(pod)},container="{container.name}"', int(pod.restarted == container.name)


def last_terminated_reason(world: World, cluster: Cluster) -> Iterator[State]:
    for pod in cluster.pods:
        if pod.restarted:
            yield f'{_named(pod)},container="{pod.restarted}",reason="OOMKilled"', 1


def _named(pod: Pod) -> str:
    return f'namespace="{pod.namespace}",pod="{pod.name}",uid="{pod.uid}"'


def _placed(pod: Pod) -> str:
    return f',node="{pod.node.name}"' if pod.node else ""


def _containers(cluster: Cluster, *, init: bool) -> Iterator[tuple[Pod, Container]]:
    for pod in cluster.pods:
        for container in pod.workload.containers:
            if (container.role != "app") == init:
                yield pod, container
