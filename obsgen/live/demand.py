"""PromQL for what pods ask for: requests as the scheduler reserves them, limits, and pods that wait."""

from __future__ import annotations

from obsgen.live.ownership import BY_WORKLOAD, POD, with_workload
from obsgen.live.selectors import COMPUTE, ON_A_NODE, WITHOUT_NODE, Scope

_POD = "cluster,namespace,pod,uid"
_CONTAINER = "cluster,namespace,pod,container"
_PLACED = f"{_POD},node,resource"


def requested(scope: Scope, *matchers: str, by: str) -> str:
    """Effective requests of unfinished pods on nodes, per resource.

    As the scheduler reserves them (KEP-753): containers and sidecars together, or the largest init
    container beside the sidecars, whichever is more. Sidecars are taken to start first.
    """
    containers = _per_container(scope, "kube_pod_container_resource_requests", *matchers)
    init = scope.series("kube_pod_init_container_resource_requests", ON_A_NODE, COMPUTE, *matchers)
    always = scope.series("kube_pod_init_container_info", *matchers, 'restart_policy="Always"')
    sidecars = f"max by ({_PLACED},container) ({init} and on ({_CONTAINER}) {always})"
    largest_init = f"max by ({_PLACED}) ({init} unless on ({_CONTAINER}) {always})"
    running = f"sum by ({_PLACED}) ({containers} or {sidecars})"
    # Without an init container this is less than `running`, and the larger one counts.
    starting = f"sum by ({_PLACED}) ({sidecars} or {largest_init})"
    # `or` drops rows whose labels are taken, so one side is marked.
    either = f'{running} or label_replace({starting},"side","starting","","")'
    return f"sum by ({by},resource) (max by ({_PLACED}) ({either}) {_unfinished(scope)})"


def limits(scope: Scope, *matchers: str, by: str) -> str:
    """Limits of unfinished pods' containers on nodes, per resource; those without a limit add nothing."""
    containers = _per_container(scope, "kube_pod_container_resource_limits", *matchers)
    return f"sum by ({by},resource) ({containers} {_unfinished(scope)})"


def pods(scope: Scope, *matchers: str, by: str) -> str:
    """Unfinished pods on nodes."""
    placed = f"max by ({_POD},node) ({scope.series('kube_pod_info', ON_A_NODE, *matchers)})"
    return f"count by ({by}) ({placed} {_unfinished(scope)})"


def pending_requests(scope: Scope) -> str:
    """What the containers of pods without a node ask for, per workload and resource."""
    asked = scope.series("kube_pod_container_resource_requests", WITHOUT_NODE, COMPUTE)
    per_pod = f"sum by ({POD},resource) (max by ({_POD},container,resource) ({asked}) {_pending(scope)})"
    return f"sum by ({BY_WORKLOAD},resource) ({with_workload(Scope(scope.cluster), per_pod)})"


def pending_pods(scope: Scope) -> str:
    """Pods that have no node yet, per workload."""
    waiting = scope.series("kube_pod_info", WITHOUT_NODE)
    per_pod = f"count by ({POD}) (max by ({_POD}) ({waiting}) {_pending(scope)})"
    return f"sum by ({BY_WORKLOAD}) ({with_workload(Scope(scope.cluster), per_pod)})"


def _per_container(scope: Scope, metric: str, *matchers: str) -> str:
    return f"max by ({_PLACED},container) ({scope.series(metric, ON_A_NODE, COMPUTE, *matchers)})"


def _unfinished(scope: Scope) -> str:
    # kube-state-metrics keeps a finished pod's requests until the pod object is deleted.
    finished = scope.series("kube_pod_status_phase", 'phase=~"Succeeded|Failed"')
    return f"unless on ({_POD}) ({finished} == 1)"


def _pending(scope: Scope) -> str:
    pending = scope.series("kube_pod_status_phase", 'phase="Pending"')
    return f"and on ({_POD}) ({pending} == 1)"
