"""The troubles of real data, by name: each bends a figure where it is read carelessly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TRAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kube-state-metrics-twice": "two replicas of kube-state-metrics say everything twice",
        "prometheus-pair": "two Prometheus servers send everything, told apart by prometheus_replica",
        "cadvisor-twice": "two jobs scrape every kubelet's cAdvisor",
        "resource-endpoint": "the kubelets' /metrics/resource counts the containers once more, without id and cpu",
        "pause-containers": 'pause containers, with an empty container label and with container="POD"',
        "parent-cgroups": "cgroups of pods, of quality-of-service classes and of the system",
        "recent-restart": "a container restarted two minutes ago, and its old id lingers",
        "counter-reset": "a counter of CPU seconds starts again at zero within the window",
        "missing-allocatable": "a node says its capacity and not what is allocatable",
        "cordoned-node": "a node that is cordoned, and full",
        "notready-node": "a NotReady node whose usage ended ten minutes ago; its pods still count as Running",
        "no-schedule-taint": "a node that ordinary pods cannot be placed on",
        "completed-pods": "Succeeded and Failed pods that still state their requests",
        "pending-pods": "pods that wait for a node, and pods on a node that have not started",
        "zero-allocatable": "resources of which nothing is allocatable: GPUs and huge pages",
        "mixed-node-labels": "each of four clusters at least names the nodes of its usage in another way",
        "several-clusters": "four clusters at least behind one address, with namespaces and nodes of the same names",
        "clock-skew": "every third kubelet's clock is nine seconds slow",
        "late-data": "the last cluster's samples are 200 seconds late",
        "init-containers": "init containers that ask for more than the containers after them",
        "sidecars": "native sidecars: init containers that stay, and add to what a pod reserves",
        "empty-cluster": "a cluster of nodes without pods",
    }
)
