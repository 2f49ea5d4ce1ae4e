"""cAdvisor inside the kubelet: what containers and the cgroups around them use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from obsgen.simulate.catalogue import GI, MI
from obsgen.simulate.cluster import Container, Node, Pod, World
from obsgen.simulate.curves import CpuCurve, MemoryCurve
from obsgen.simulate.targets import Series, Target, device_targets, kubelet_targets, resource_targets

DAEMON_CORES, DAEMON_BYTES = 0.12, 0.4 * GI
PAUSE_CORES, PAUSE_BYTES = 0.0005, 0.7 * MI
_FORMER_SHARE = 0.9
_FIRST_COUNT = 500.0


@dataclass(frozen=True, slots=True)
class Cgroup:
    """One cgroup: how cAdvisor labels it, and what it uses at its base."""

    labels: str
    cores: float
    bytes: float
    disk: int | None = None
    after: int = 0
    until: int = 2**40
    reset_at: int | None = None


def cpu(world: World) -> Iterator[Series]:
    """Counters of CPU seconds."""
    for node, targets, cgroups in _metered(world):
        for target in targets:
            for group in cgroups:
                labels = f'{group.labels},cpu="total"'
                yield Series(target, labels, _counter(group, node.cpu_curve), group.after, group.until)
    for node, targets, cgroups in _metered(world, short=True):
        for target in targets:
            for group in cgroups:
                yield Series(target, group.labels, _counter(group, node.cpu_curve))


def memory(world: World) -> Iterator[Series]:
    """Working sets."""
    for short in (False, True):
        for node, targets, cgroups in _metered(world, short=short):
            for target in targets:
                for group in cgroups:
                    value = _gauge(group.bytes, node.memory_curve)
                    yield Series(target, group.labels, value, group.after, group.until)


def disk(world: World) -> Iterator[Series]:
    """Bytes that containers wrote on the root filesystem."""
    for _, targets, cgroups in _metered(world):
        for target in targets:
            for group in cgroups:
                if group.disk is not None:
                    labels = f'{group.labels},device="/dev/vda1"'
                    yield Series(target, labels, group.disk, group.after, group.until)


def devices(world: World) -> Iterator[Series]:
    """Use of each GPU in per cent, as the DCGM exporter says it."""
    for cluster in world.clusters:
        for node in cluster.nodes:
            for target in device_targets(world, cluster, node):
                for number in range(node.capacity.nvidia_com_gpu):
                    yield Series(target, f'gpu="{number}",Hostname="{node.name}"', busy_percent(number))


def busy_percent(number: int) -> int:
    """How busy a node's GPU of this number is: the first is taken, the others idle."""
    return 80 if number == 0 else 0


def kubelets(world: World) -> Iterator[Target]:
    """Every scraped endpoint of every kubelet."""
    for cluster in world.clusters:
        for node in cluster.nodes:
            yield from kubelet_targets(world, cluster, node)
            yield from resource_targets(world, cluster, node)


def _metered(world: World, *, short: bool = False) -> Iterator[tuple[Node, list[Target], list[Cgroup]]]:
    """Each node with its endpoints and what they say; `short` is the account without cgroups."""
    for cluster in world.clusters:
        own: dict[str, list[Pod]] = {node.name: [] for node in cluster.nodes}
        for pod in cluster.pods:
            if pod.node and pod.running:
                own[pod.node.name].append(pod)
        for node in cluster.nodes:
            targets = list((resource_targets if short else kubelet_targets)(world, cluster, node))
            if targets:
                groups = (_short if short else _cgroups)(world, world.reset_at(cluster, node), own[node.name])
                yield node, targets, list(groups)


def _cgroups(world: World, reset_at: int, pods: list[Pod]) -> Iterator[Cgroup]:
    cores, bytes_ = 0.0, 0.0
    for number, pod in enumerate(pods):
        inside = [*_containers(world, reset_at, pod)]
        pause = _pause(pod, docker=number % 2 == 1)
        # The pause containers run in any case; the trap is that they are told.
        own = [pause, *(group for group in inside if group.until > world.settings.end)]
        pod_cores, pod_bytes = sum(g.cores for g in own), sum(g.bytes for g in own)
        yield from inside
        if world.settings.has("pause-containers"):
            yield pause
        if world.settings.has("parent-cgroups"):
            yield Cgroup(f'{_of(pod)},id="{_slice(pod)}"', pod_cores, pod_bytes)
        cores, bytes_ = cores + pod_cores, bytes_ + pod_bytes
    if world.settings.has("parent-cgroups"):
        yield Cgroup('id="/kubepods.slice"', cores, bytes_)
        yield Cgroup('id="/kubepods.slice/kubepods-burstable.slice"', cores, bytes_)
        yield Cgroup('id="/system.slice"', DAEMON_CORES, DAEMON_BYTES)
        yield Cgroup('id="/system.slice/kubelet.service"', DAEMON_CORES / 2, DAEMON_BYTES / 2)
    yield Cgroup('id="/"', cores + DAEMON_CORES, bytes_ + DAEMON_BYTES)


def _containers(world: World, reset_at: int, pod: Pod) -> Iterator[Cgroup]:
    for container in pod.running:
        cores, bytes_, disk_bytes = pod.cores(container), pod.bytes(container), container.used.ephemeral_storage
        labels = _container_labels(pod, container, "")
        if pod.restarted == container.name:
            former = _container_labels(pod, container, "-former")
            yield Cgroup(former, cores, bytes_ * _FORMER_SHARE, disk_bytes, until=world.restarted_at)
            yield Cgroup(labels, cores, bytes_, disk_bytes, after=world.restarted_at)
        else:
            reset = reset_at if pod.reset == container.name else None
            yield Cgroup(labels, cores, bytes_, disk_bytes, reset_at=reset)


def _short(world: World, reset_at: int, pods: list[Pod]) -> Iterator[Cgroup]:
    for pod in pods:
        for container in pod.running:
            reset = world.restarted_at if pod.restarted == container.name else None
            reset = reset_at if pod.reset == container.name else reset
            labels = f'{_of(pod)},container="{container.name}"'
            yield Cgroup(labels, pod.cores(container), pod.bytes(container), reset_at=reset)


def _pause(pod: Pod, *, docker: bool) -> Cgroup:
    # containerd leaves the container label empty, Docker and CRI-O write POD.
    named = 'container="POD",' if docker else ""
    image = 'image="registry.k8s.io/pause:3.9"'
    return Cgroup(
        f'{named}{_of(pod)},id="{_slice(pod)}/pause",{image},name="pause-{pod.uid}"', PAUSE_CORES, PAUSE_BYTES
    )


def _container_labels(pod: Pod, container: Container, suffix: str) -> str:
    name = f"{container.name}-{pod.uid}{suffix}"
    named = f'container="{container.name}",{_of(pod)},id="{_slice(pod)}/{name}"'
    return f'{named},image="{container.image}",name="{name}"'


def _of(pod: Pod) -> str:
    return f'namespace="{pod.namespace}",pod="{pod.name}"'


def _slice(pod: Pod) -> str:
    return f"/kubepods.slice/pod{pod.uid}"


def _counter(group: Cgroup, curve: CpuCurve) -> Callable[[int], float]:
    cores, reset_at = group.cores, group.reset_at
    # A restarted container counts from its own start.
    begun = curve.spent(group.after) * cores if group.after else -_FIRST_COUNT

    def at(moment: int) -> float:
        if reset_at is not None and moment > reset_at:
            return cores * (curve.spent(moment) - curve.spent(reset_at))
        return cores * curve.spent(moment) - begun

    return at


def _gauge(bytes_: float, curve: MemoryCurve) -> float | Callable[[int], float]:
    if not curve.growth_per_second:
        return round(bytes_)
    return lambda moment: round(bytes_ * curve.at(moment))
