"""PromQL for what pods ask for: requests as the scheduler reserves them, limits, and pods that wait."""

from __future__ import annotations

from typing import Literal

from obsgen.live.ownership import BY_WORKLOAD, POD, with_workload
from obsgen.live.selectors import COMPUTE, ON_A_NODE, WITHOUT_NODE, Scope

_POD = "cluster,namespace,pod,uid"
_CONTAINER = "cluster,namespace,pod,container"
_PLACED = f"{_POD},node,resource"


def requested(scope: Scope, *matchers: str, by: str) -> str:
    """Effective requests of unfinished pods on nodes, per resource."""
    return _effective(scope, "requests", *matchers, by=by)


def limits(scope: Scope, *matchers: str, by: str) -> str:
    """Effective limits of unfinished pods on nodes, per resource; containers without a limit add nothing."""
    return _effective(scope, "limits", *matchers, by=by)


def pods(scope: Scope, *matchers: str, by: str) -> str:
    """Unfinished pods on nodes."""
    placed = f"max by ({_POD},node) ({scope.series('kube_pod_info', ON_A_NODE, *matchers)})"
    return f"count by ({by}) ({placed} {_unfinished(scope)})"


def pending(scope: Scope) -> str:
    """Pods that have no node yet and what their containers ask for, per workload; the pods are a resource too."""
    waiting = scope.series("kube_pod_info", WITHOUT_NODE)
    pods = f"count by ({POD}) (max by ({_POD}) ({waiting}) {_pending(scope)})"
    asked = scope.series("kube_pod_container_resource_requests", WITHOUT_NODE, COMPUTE)
    requests = f"sum by ({POD},resource) (max by ({_POD},container,resource) ({asked}) {_pending(scope)})"
    per_pod = f'label_replace({pods},"resource","pods","","") or {requests}'
    return f"sum by ({BY_WORKLOAD},resource) ({with_workload(Scope(scope.cluster), per_pod)})"


def _effective(scope: Scope, which: Literal["requests", "limits"], *matchers: str, by: str) -> str:
    """As the scheduler reserves them (KEP-753).

    Containers and sidecars together, or the largest init container beside the sidecars, whichever is
    more. Sidecars are taken to start first.
    """
    asked = scope.series(f"kube_pod_container_resource_{which}", ON_A_NODE, COMPUTE, *matchers)
    containers = f"max by ({_PLACED},container) ({asked})"
    init = scope.series(f"kube_pod_init_container_resource_{which}", ON_A_NODE, COMPUTE, *matchers)
    always = scope.series("kube_pod_init_container_info", *matchers, 'restart_policy="Always"')
    sidecars = f"max by ({_PLACED},container) ({init} and on ({_CONTAINER}) {always})"
    largest_init = f"max by ({_PLACED}) ({init} unless on ({_CONTAINER}) {always})"
    running = f"sum by ({_PLACED}) ({containers} or {sidecars})"
    # Without an init container this is less than `running`, and the larger one counts.
    starting = f"sum by ({_PLACED}) ({sidecars} or {largest_init})"
    # `or` drops rows whose labels are taken, so one side is marked.
    either = f'{running} or label_replace({starting},"side","starting","","")'
    return f"sum by ({by},resource) (max by ({_PLACED}) ({either}) {_unfinished(scope)})"


def _unfinished(scope: Scope) -> str:
    # kube-state-metrics keeps a finished pod's requests until the pod object is deleted.
    finished = scope.series("kube_pod_status_phase", 'phase=~"Succeeded|Failed"')
    return f"unless on ({_POD}) ({finished} == 1)"


def _pending(scope: Scope) -> str:
    pending = scope.series("kube_pod_status_phase", 'phase="Pending"')
    return f"and on ({_POD}) ({pending} == 1)"
