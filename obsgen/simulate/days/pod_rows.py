"""Series of pods: kube-state-metrics' and cAdvisor's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from obsgen.simulate.days.calendar import DAY, At, Row, Span, busy, counted
from obsgen.simulate.days.machines import BYTES, CORES, GI, Machine
from obsgen.simulate.days.object_series import row
from obsgen.simulate.days.pods import History, Pod
from obsgen.simulate.days.workloads import LASTS, REPORT, job_spans

_PHASES: Final = ("Pending", "Running", "Succeeded", "Failed", "Unknown")
_CPU: Final = 0.5
_MEMORY: Final = GI
_REGISTRY: Final = "registry.example.com"


def pod_state(told: History, fleet: tuple[Machine, ...], start: int, seconds: int) -> Iterator[Row]:
    """What kube-state-metrics tells of pods; `start` is the first midnight."""
    for pod in told.pods:
        yield from _pod(pod, start)
    for begin, end in job_spans(seconds):
        machine = fleet[3 + begin // 3600 % 4]
        minute = (start + begin) // 60
        name = f"report-{minute}"
        pod = Pod(REPORT, f"{name}-x7k2p", f"{name}-uid", 1, machine, begin, end)
        yield from _finishing(pod, name, start)


def _named(pod: Pod) -> dict[str, str]:
    return {"namespace": pod.workload.namespace, "pod": pod.name, "uid": pod.uid}


def _common(pod: Pod, owner: tuple[str, str], start: int) -> Iterator[Row]:
    there, named = _there(pod), _named(pod)
    kind, name = owner
    yield row(
        "kube_pod_info", 1, there,
        node=pod.machine.name, created_by_kind=kind, created_by_name=name, host_ip=pod.machine.address, **named,
    )  # fmt: skip
    yield row("kube_pod_owner", 1, there, owner_kind=kind, owner_name=name, owner_is_controller="true", **named)
    made = start + pod.made
    yield row("kube_pod_created", made, there, **named)
    yield row("kube_pod_status_scheduled_time", made + 1, there, **named)
    for condition in ("true", "false", "unknown"):
        yield row("kube_pod_status_scheduled", float(condition == "true"), there, condition=condition, **named)
    container = {"container": pod.workload.name, **named}
    yield row("kube_pod_container_info", 1, there, image=f"{_REGISTRY}/{pod.workload.name}:1", **container)
    amounts = {"cpu": ("core", _CPU), "memory": ("byte", _MEMORY)}
    for resource, (unit, amount) in amounts.items():
        of = {"node": pod.machine.name, "resource": resource, "unit": unit, **container}
        yield row("kube_pod_container_resource_requests", amount, there, **of)
        if resource == "memory":
            yield row("kube_pod_container_resource_limits", amount, there, **of)
    if pod.ends < 2**40:
        yield row("kube_pod_deletion_timestamp", start + pod.ends + 30, ((pod.ends, pod.gone),), **named)


def _there(pod: Pod) -> tuple[Span, ...]:
    return ((max(pod.made, 0), pod.gone),)


def _pod(pod: Pod, start: int) -> Iterator[Row]:
    workload = pod.workload
    owner: tuple[str, str] = (workload.kind, workload.name)
    if workload.kind == "Deployment":
        owner = ("ReplicaSet", f"{workload.name}-{pod.revision}")
    yield from _common(pod, owner, start)
    there, named = _there(pod), _named(pod)
    container = {"container": workload.name, **named}
    for phase in _PHASES:
        yield row("kube_pod_status_phase", _phase(pod, phase), there, phase=phase, **named)
    for condition in ("true", "false", "unknown"):
        yield row("kube_pod_status_ready", _readiness(pod, condition), there, condition=condition, **named)
    # With the machine its containers start anew.
    boots = [up for _, up in pod.machine.down if up > pod.started]
    yield row(
        "kube_pod_container_status_restarts_total", lambda t: float(sum(up <= t for up in boots)), there, **container
    )
    yield row("kube_pod_restart_policy", 1, there, type="Always", **named)
    if pod.started > 0:
        waiting = ((pod.made, pod.started),)
        yield row("kube_pod_container_status_waiting_reason", 1, waiting, reason="ContainerCreating", **container)


def _phase(pod: Pod, phase: str) -> At:
    return lambda t: float(phase == ("Running" if t >= pod.started else "Pending"))


def _readiness(pod: Pod, condition: str) -> At:
    return lambda t: float(condition == ("true" if pod.ready(t) else "false"))


def _finishing(pod: Pod, job: str, start: int) -> Iterator[Row]:
    yield from _common(pod, ("Job", job), start)
    there, named = _there(pod), _named(pod)
    ended = pod.made + LASTS
    for phase in _PHASES:
        yield row("kube_pod_status_phase", _job_phase(ended, phase), there, phase=phase, **named)
    for condition in ("true", "false", "unknown"):
        ready: At = lambda t, condition=condition: float(condition == ("true" if t < ended else "false"))  # type: ignore[misc] # noqa: E731
        yield row("kube_pod_status_ready", ready, there, condition=condition, **named)
    yield row("kube_pod_restart_policy", 1, there, type="Never", **named)


def _job_phase(ended: int, phase: str) -> At:
    return lambda t: float(phase == ("Running" if t < ended else "Succeeded"))


def usage(told: History, fleet: tuple[Machine, ...]) -> Iterator[Row]:
    """What cAdvisor tells of containers and of whole machines."""
    for pod in told.pods:
        runs = tuple((max(begin, pod.started, 0), min(end, pod.ends)) for begin, end in pod.machine.answering)
        runs = tuple((begin, end) for begin, end in runs if begin < end)
        if not runs:
            continue
        named = {
            "node": pod.machine.name, "namespace": pod.workload.namespace, "pod": pod.name,
            "container": pod.workload.name, "image": f"{_REGISTRY}/{pod.workload.name}:1",
            "id": f"/kubepods/{pod.uid}/{pod.workload.name}",
        }  # fmt: skip
        begun = _since(pod)
        cpu = counted(0.3, begun)
        yield row("container_cpu_usage_seconds_total", cpu, runs, cpu="total", **named)
        yield row("container_memory_working_set_bytes", _memory(0.35, 0.2, _MEMORY), runs, **named)
        yield row("container_cpu_cfs_periods_total", counted(8, begun), runs, **named)
        yield row("container_cpu_cfs_throttled_periods_total", counted(0.1, begun), runs, **named)
        yield row("container_oom_events_total", 0, runs, **named)
    for machine in fleet:
        whole = {"node": machine.name, "id": "/"}
        cpu = counted(0.5 * CORES, lambda t, machine=machine: machine.booted(t))  # type: ignore[misc]
        yield row("container_cpu_usage_seconds_total", cpu, machine.answering, cpu="total", **whole)
        yield row("container_memory_working_set_bytes", _memory(0.4, 0.15, BYTES), machine.answering, **whole)


def _since(pod: Pod) -> At:
    return lambda t: max(pod.started, pod.machine.booted(t), -DAY)


def _memory(least: float, more: float, whole: float) -> At:
    return lambda t: float(round(whole * (least + more * busy(t))))
