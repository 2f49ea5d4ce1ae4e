"""kube-state-metrics 2: nodes, namespaces and the owners of pods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from obsgen.simulate.cluster import Amounts, Cluster, Node, World

# Labels and value of one series; which target it is scraped from is added outside.
State = tuple[str, float | int]
StateFamily = Callable[[World, Cluster], Iterator[State]]

UNITS = {"cpu": "core", "memory": "byte", "ephemeral_storage": "byte", "nvidia_com_gpu": "integer"}
_CONDITIONS = ("Ready", "MemoryPressure", "DiskPressure")


def node_info(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        versions = 'kubelet_version="v1.30.4",kernel_version="6.1.0",os_image="Debian GNU/Linux 12 (bookworm)"'
        yield f'node="{node.name}",internal_ip="{node.address}",{versions}', 1


def node_labels(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        zone = f'label_topology_kubernetes_io_zone="{node.zone}"'
        yield f'node="{node.name}",{zone},label_node_pool="{node.pool}",label_kubernetes_io_os="linux"', 1


def node_unschedulable(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        yield f'node="{node.name}"', int(node.cordoned)


def node_taint(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        for key, effect in _taints(node):
            yield f'node="{node.name}",key="{key}",effect="{effect}"', 1


def _taints(node: Node) -> Iterator[tuple[str, str]]:
    # Kubernetes itself taints nodes that are cordoned or gone.
    if node.cordoned:
        yield "node.kubernetes.io/unschedulable", "NoSchedule"
    if not node.ready:
        yield "node.kubernetes.io/unreachable", "NoSchedule"
        yield "node.kubernetes.io/unreachable", "NoExecute"
    if node.taint:
        yield node.taint, "NoSchedule"
    elif node.pool == "gpu":
        yield "nvidia.com/gpu", "PreferNoSchedule"


def node_condition(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        for condition in _CONDITIONS:
            holds = "unknown" if not node.ready else "true" if condition == "Ready" else "false"
            for status in ("true", "false", "unknown"):
                yield f'node="{node.name}",condition="{condition}",status="{status}"', int(status == holds)


def node_allocatable(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        if node.allocatable:
            yield from _machine(world, node, node.allocatable)


def node_capacity(world: World, cluster: Cluster) -> Iterator[State]:
    for node in cluster.nodes:
        yield from _machine(world, node, node.capacity)


def _machine(world: World, node: Node, amounts: Amounts) -> Iterator[State]:
    nothing_too = world.settings.has("zero-allocatable")
    for resource, unit in UNITS.items():
        amount = getattr(amounts, resource)
        if amount or nothing_too:
            yield f'node="{node.name}",resource="{resource}",unit="{unit}"', amount
    if nothing_too:
        yield f'node="{node.name}",resource="hugepages_2Mi",unit="byte"', 0
    yield f'node="{node.name}",resource="pods",unit="integer"', node.pods


def namespace_labels(world: World, cluster: Cluster) -> Iterator[State]:
    for namespace, team in cluster.teams.items():
        own = f'namespace="{namespace}",label_kubernetes_io_metadata_name="{namespace}"'
        yield f'{own},label_team="{team}"', 1


def replicaset_owner(world: World, cluster: Cluster) -> Iterator[State]:
    for workload in cluster.workloads:
        if workload.kind == "Deployment":
            owner = f'owner_kind="Deployment",owner_name="{workload.name}",owner_is_controller="true"'
            yield f'namespace="{workload.namespace}",replicaset="{workload.owner[1]}",{owner}', 1


def replicas_of(kind: str, label: str) -> StateFamily:
    """How many pods the workloads of a kind are to have."""

    def series(world: World, cluster: Cluster) -> Iterator[State]:
        for workload in cluster.workloads:
            if workload.kind == kind:
                yield f'namespace="{workload.namespace}",{label}="{workload.name}"', workload.replicas

    return series
