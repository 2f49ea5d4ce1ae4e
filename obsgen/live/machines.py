"""PromQL for what whole machines use: the root cgroup, the node's own daemons included."""

from __future__ import annotations

from collections.abc import Callable

from obsgen.live.selectors import NodeLabel, NodeLabels, Scope
from obsgen.live.usage import CPU, MEMORY, by_label, node_named
from obsgen.units import Duration

_ROOT = 'id="/"'


def machine_used(scope: Scope, node_label: NodeLabels, window: Duration) -> str:
    """Cores (a mean over the window) and bytes of working set: one series per node and resource."""
    cpu, memory = _cpu(scope, node_label, window), _memory(scope, node_label)
    return f"max by (cluster,node,resource) ({marked(cpu, resource='cpu')} or {marked(memory, resource='memory')})"


def gpus_used(scope: Scope) -> str:
    """How many of each node's GPUs are at work, by NVIDIA's exporter: half the time on two of them is one."""
    # Version 4.8.3 writes the label in lower case.
    busy = node_named(node_named(scope.series("DCGM_FI_DEV_GPU_UTIL"), "Hostname"), "hostname")
    return f"sum by (cluster,node) (max by (cluster,node,gpu) ({busy})) / 100"


def marked(query: str, **labels: str) -> str:
    """The query's samples with these labels set, so that several kinds share one answer."""
    for name, value in labels.items():
        query = f'label_replace({query},"{name}","{value}","","")'
    return query


def _memory(scope: Scope, node_label: NodeLabels) -> str:
    def by_machine(label: NodeLabel, *matchers: str) -> str:
        series = scope.series(MEMORY, _ROOT, *matchers)
        return _by_machine(lambda keys, named: f"max by ({keys}) ({named(series)})", scope, label, *matchers)

    return by_label(by_machine, node_label)


def _cpu(scope: Scope, node_label: NodeLabels, window: Duration) -> str:
    def by_machine(label: NodeLabel, *matchers: str) -> str:
        rate = f"rate({scope.series(CPU, _ROOT, *matchers)}[{window}])"
        return _by_machine(
            lambda keys, named: f"sum by ({keys}) (max by ({keys},cpu) ({named(rate)}))", scope, label, *matchers
        )

    return by_label(by_machine, node_label)


def _by_machine(
    once: Callable[[str, Callable[[str], str]], str], scope: Scope, node_label: NodeLabel, *matchers: str
) -> str:
    if node_label != "pod":
        return once("cluster,node", lambda samples: node_named(samples, node_label))
    # The root cgroup has no pod: its kubelet's address leads to the node.
    addressed = once(
        "cluster,internal_ip",
        lambda samples: f'label_replace({samples},"internal_ip","$1","instance","([^:]+)(?::[0-9]+)?")',
    )
    named = f"max by (cluster,internal_ip,node) ({scope.series('kube_node_info', *matchers)})"
    one_node = f"topk by (cluster,internal_ip) (1, {named})"
    return f"sum by (cluster,node) ({addressed} * on (cluster,internal_ip) group_left (node) {one_node})"
