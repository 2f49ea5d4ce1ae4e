"""Makes the world that the settings describe, the same one every time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from obsgen.simulate.cluster import Cluster, Workload, World
from obsgen.simulate.machines import machines
from obsgen.simulate.population import populate
from obsgen.simulate.settings import LATE_SECONDS, NODE_LABELS, NodeLabel, Settings

_EMPTY = "sim-empty"
_EMPTY_NODES = 2


def make_world(settings: Settings) -> World:
    """Every cluster draws from a source of its own, so that one more changes none of the others."""
    names = settings.cluster_names()
    clusters = [_cluster(settings, index, name) for index, name in enumerate(names)]
    if settings.has("late-data"):
        clusters[-1] = _late(clusters[-1])
    if settings.has("empty-cluster"):
        nodes = machines(settings, Random(f"{settings.seed} {_EMPTY}"), _EMPTY_NODES)
        clusters.append(Cluster(_EMPTY, settings.node_label, settings.end, nodes, (), (), {}))
    return World(settings, tuple(clusters))


def _cluster(settings: Settings, index: int, name: str) -> Cluster:
    random = Random(f"{settings.seed} {name}")
    nodes = machines(settings, random, settings.nodes)
    pods = populate(settings, random, nodes)
    workloads: dict[tuple[str, str], Workload] = {(p.namespace, p.workload.name): p.workload for p in pods}
    teams = {workload.namespace: _team(workload.namespace) for workload in workloads.values()}
    return Cluster(name, _node_label(settings, index), settings.end, nodes, tuple(workloads.values()), pods, teams)


def _node_label(settings: Settings, index: int) -> NodeLabel:
    return NODE_LABELS[index % len(NODE_LABELS)] if settings.has("mixed-node-labels") else settings.node_label


def _team(namespace: str) -> str:
    name = namespace.partition("-")[0]
    return {"kube": "platform", "monitoring": "platform", "training": "analytics", "batch": "analytics"}.get(name, name)


def _late(cluster: Cluster) -> Cluster:
    return replace(cluster, until=cluster.until - LATE_SECONDS)
