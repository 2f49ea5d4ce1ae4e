"""Fills nodes with pods: daemons first, then workloads until every node has as many pods as it should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from random import Random

from obsgen.simulate.catalogue import (
    SERVICES,
    SIZES,
    TEAMS,
    daemons,
    exporter,
    main_container,
    migration,
    proxy,
    trainer,
)
from obsgen.simulate.cluster import Container, Kind, Node, Pod, Workload
from obsgen.simulate.settings import Settings

_KINDS: tuple[Kind, ...] = ("Deployment", "Deployment", "Deployment", "StatefulSet", "Job")
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_PODS_PER_NAMESPACE = 300


def populate(settings: Settings, random: Random, nodes: Sequence[Node]) -> tuple[Pod, ...]:
    """All pods of one cluster, those of a node side by side."""
    free = max(settings.pods_per_node - 2, 1)
    crowd = [*islice(_pods(settings, random, len(nodes) * settings.pods_per_node), free * len(nodes))]
    pods: list[Pod] = []
    for place, node in enumerate(nodes):
        own = [_instance(workload, random, node.number) for workload in daemons(len(nodes))]
        # A workload's pods follow one another, and are spread over the nodes.
        own += crowd[place :: len(nodes)]
        if node.pool == "gpu":
            own[-1] = _instance(Workload("training", "Job", "train", (trainer(),), 1), random, node.number)
        pods += _scaled([replace(pod, node=node) for pod in own], node)
    return (*_bent(settings, random, pods), *_unplaced(settings, random, nodes))


def _pods(settings: Settings, random: Random, total: int) -> Iterator[Pod]:
    """Without end; a workload's pods come one after the other."""
    namespaces = max(3, total // _PODS_PER_NAMESPACE)
    number = 0
    while True:
        team = TEAMS[number % min(namespaces, len(TEAMS))]
        namespace = f"{team}-{number % namespaces // len(TEAMS)}" if namespaces > len(TEAMS) else team
        service = f"{SERVICES[number % len(SERVICES)]}-{number}"
        size = random.randrange(len(SIZES))
        kind = random.choice(_KINDS)
        containers = _containers(settings, random, number, size)
        replicas = 1 if kind == "Job" else random.randint(1, 6)
        workload = Workload(namespace, kind, service, containers, replicas, _letters(random, 9))
        for index in range(replicas):
            yield _instance(workload, random, index)
        number += 1


def _containers(settings: Settings, random: Random, number: int, size: int) -> tuple[Container, ...]:
    containers = [main_container(SERVICES[number % len(SERVICES)], size, limited=random.random() < 0.8)]
    if random.random() < 0.3:
        containers.append(exporter())
    # The first workload has both, so that no cluster is too small for them.
    wants_init, wants_sidecar = number % 9 == 0, number % 4 == 0
    if settings.has("sidecars") and wants_sidecar:
        containers.append(proxy())
    if settings.has("init-containers") and wants_init:
        containers.append(migration())
    return tuple(containers)


def _instance(workload: Workload, random: Random, index: int) -> Pod:
    match workload.kind:
        case "StatefulSet":
            name = f"{workload.name}-{index}"
        case "Deployment":
            name = f"{workload.name}-{workload.hash}-{_letters(random, 5)}"
        case _:
            name = f"{workload.name}-{_letters(random, 5)}{index}"
    return Pod(workload, name, f"{random.getrandbits(64):016x}", None)


def _letters(random: Random, count: int) -> str:
    return "".join(random.choices(_LETTERS, k=count))


def _scaled(pods: Sequence[Pod], node: Node) -> Iterator[Pod]:
    """The pods of one node, using together the share of it that its `fill` says."""
    room = node.allocatable or node.capacity
    cores = sum(pod.cores(container) for pod in pods for container in pod.running)
    memory = sum(pod.bytes(container) for pod in pods for container in pod.running)
    cpu, bytes_ = node.cpu_fill * room.cpu / cores, node.memory_fill * room.memory / memory
    for pod in pods:
        yield replace(pod, cpu_scale=cpu, memory_scale=bytes_)


def _bent(settings: Settings, random: Random, pods: Sequence[Pod]) -> Iterator[Pod]:
    """The placed pods, some of them finished, not started, or with a restart behind them."""
    chosen = {
        "recent-restart": next((p for p in pods if p.workload.name == "node-exporter"), None),
        "counter-reset": next((p for p in pods if p.workload.kind not in ("DaemonSet", "Job")), None),
    }
    starting = next((p for p in reversed(pods) if p.workload.kind == "Deployment"), None)
    for pod in pods:
        if settings.has("recent-restart") and pod is chosen["recent-restart"]:
            yield replace(pod, restarted="reloader")
        elif settings.has("counter-reset") and pod is chosen["counter-reset"]:
            yield replace(pod, reset=pod.workload.containers[0].name)
        elif settings.has("pending-pods") and pod is starting:
            yield replace(pod, phase="Pending")
        else:
            yield pod


def _unplaced(settings: Settings, random: Random, nodes: Sequence[Node]) -> Iterator[Pod]:
    """Pods beside those that fill the nodes: finished ones, and ones that wait for a node."""
    job = Workload("batch", "Job", "nightly", (main_container("nightly", 2, limited=True),), 1)
    if settings.has("completed-pods"):
        for node in nodes:
            for phase in ("Succeeded", "Failed"):
                yield replace(_instance(job, random, node.number), node=node, phase=phase)
    if settings.has("pending-pods"):
        for index in range(3):
            yield replace(_instance(job, random, index), phase="Pending")
