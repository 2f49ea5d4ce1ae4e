"""Who is scraped and when: the labels that a scrape adds to every series, and its samples' times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from obsgen.simulate.cluster import Cluster, Node, World

CADVISOR: Final = "/metrics/cadvisor"
RESOURCE: Final = "/metrics/resource"
# A second server scrapes at other times than the first.
_SECOND_SERVER_SECONDS = 11
_SECOND_JOB_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Target:
    """One scraped endpoint: its labels, and each scrape's time with what stands behind a sample of it."""

    labels: str
    stamps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a target: a constant or a function of time, and between which moments it is there."""

    target: Target
    labels: str
    value: float | int | Callable[[int], float]
    after: int = 0
    until: int = 2**40


def state_targets(world: World, cluster: Cluster) -> Iterator[Target]:
    """The cluster's kube-state-metrics, as often as it is scraped."""
    replicas = ("10.8.0.11:8080", "10.8.0.12:8080") if world.settings.has("kube-state-metrics-twice") else ("ksm:8080",)
    for replica, instance in enumerate(replicas):
        labels = f'cluster="{cluster.name}",job="kube-state-metrics",instance="{instance}"'
        yield from _paired(world, labels, replica * 7, cluster.until, world.settings.state_interval)


def kubelet_targets(world: World, cluster: Cluster, node: Node) -> Iterator[Target]:
    """The endpoints of the node's kubelet that cAdvisor's series come from."""
    jobs = ("kubelet", "kubernetes-cadvisor") if world.settings.has("cadvisor-twice") else ("kubelet",)
    for number, job in enumerate(jobs):
        yield from _of_kubelet(world, cluster, node, f'job="{job}",metrics_path="{CADVISOR}"', number)


def resource_targets(world: World, cluster: Cluster, node: Node) -> Iterator[Target]:
    """The kubelet's own, shorter account of the same containers."""
    if world.settings.has("resource-endpoint"):
        yield from _of_kubelet(world, cluster, node, f'job="kubelet",metrics_path="{RESOURCE}"', 1)


def device_targets(world: World, cluster: Cluster, node: Node) -> Iterator[Target]:
    """The exporter of the node's GPUs."""
    if node.pool == "gpu":
        yield from _of_kubelet(world, cluster, node, 'job="dcgm-exporter"', 0)


def _of_kubelet(world: World, cluster: Cluster, node: Node, job: str, number: int) -> Iterator[Target]:
    until = cluster.until if node.ready else min(cluster.until, world.silent_from)
    offset = node.scrape_offset + number * _SECOND_JOB_SECONDS
    labels = f'cluster="{cluster.name}",{job},{_named(cluster, node)}'
    yield from _paired(world, labels, offset, until, world.settings.interval, node.skew)


def _named(cluster: Cluster, node: Node) -> str:
    address = f'instance="{node.address}:10250"'
    match cluster.node_label:
        case "node":
            return f'{address},node="{node.name}"'
        case "kubernetes_node":
            return f'{address},kubernetes_node="{node.name}"'
        case "instance":
            return f'instance="{node.name}"'
    return address


def _paired(  # noqa: PLR0913, PLR0917 - a scrape's six properties
    world: World, labels: str, offset: int, until: int, interval: int, skew: int = 0
) -> Iterator[Target]:
    if not world.settings.has("prometheus-pair"):
        yield Target(labels, _stamps(world, offset % interval, until, interval, skew))
        return
    for number, name in enumerate("ab"):
        late = (offset + number * _SECOND_SERVER_SECONDS) % interval
        yield Target(f'{labels},prometheus_replica="{name}"', _stamps(world, late, until, interval, skew))


def _stamps(world: World, late: int, until: int, interval: int, skew: int) -> tuple[tuple[int, str], ...]:
    """Counted back from the end, so that the last scrape is where it should be."""
    last = until - late
    first = last - (last - world.settings.start) // interval * interval
    return tuple((moment, f" {moment + skew}\n") for moment in range(first, last + 1, interval))
