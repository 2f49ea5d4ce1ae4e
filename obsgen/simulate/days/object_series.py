"""kube-state-metrics: machines, workloads, autoscalers, budgets and jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from obsgen.simulate.days.calendar import ALWAYS, DAY, At, Row, Span, within
from obsgen.simulate.days.machines import BYTES, CORES, GI, Machine
from obsgen.simulate.days.pods import Count, History
from obsgen.simulate.days.workloads import EVERY, LASTS, WORKLOADS, Workload, job_spans

_CONDITIONS: Final = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
_STATUSES: Final = ("true", "false", "unknown")
_MOST: Final = 12


def object_rows(fleet: tuple[Machine, ...], told: History, start: int, seconds: int) -> Iterator[Row]:
    """Everything but pods; `start` is the first midnight, in seconds since 1970."""
    for machine in fleet:
        yield from _machine(machine, start)
    for workload in WORKLOADS:
        yield from _COUNTED[workload.kind](told, workload)
        if workload.scaled:
            yield from _autoscaler(told, workload)
        if workload.kind == "StatefulSet":
            yield from _budget(told, workload)
    yield from _jobs(start, seconds)


def row(metric: str, at: At | float, spans: tuple[Span, ...] = ALWAYS, /, **labels: str) -> Row:
    """One series; it is always there where nothing else is said."""
    return Row({"__name__": metric, **labels}, at if callable(at) else lambda _: at, spans)


def _machine(machine: Machine, start: int) -> Iterator[Row]:
    there, node = machine.present, machine.name
    yield row("kube_node_info", 1, there, node=node, internal_ip=machine.address, kubelet_version="v1.33.5")
    joined = machine.present[0][0]
    yield row("kube_node_created", start + joined if joined else start - 90 * DAY, there, node=node)
    zone = {"label_topology_kubernetes_io_zone": machine.zone}
    yield row("kube_node_labels", 1, there, node=node, **zone)
    yield row("kube_node_spec_unschedulable", lambda t: float(within(machine.cordoned, t)), there, node=node)
    if machine.control:
        control = {"key": "node-role.kubernetes.io/control-plane", "value": "", "effect": "NoSchedule"}
        yield row("kube_node_spec_taint", 1, there, node=node, **control)
    taints = [
        ("ToBeDeletedByClusterAutoscaler", machine.leaving),
        ("node.kubernetes.io/unschedulable", machine.cordoned),
    ]
    taints += [("node.kubernetes.io/unreachable", machine.down)]
    for key, spans in taints:
        if spans:
            yield row("kube_node_spec_taint", 1, spans, node=node, key=key, value="", effect="NoSchedule")
    for condition in _CONDITIONS:
        for status in _STATUSES:
            yield row(
                "kube_node_status_condition", _condition(machine, condition, status), there,
                node=node, condition=condition, status=status,
            )  # fmt: skip
    amounts = {"cpu": ("core", CORES), "memory": ("byte", BYTES), "pods": ("integer", 110)}
    amounts["ephemeral_storage"] = ("byte", 100 * GI)
    for resource, (unit, amount) in amounts.items():
        for metric in ("kube_node_status_allocatable", "kube_node_status_capacity"):
            yield row(metric, amount, there, node=node, resource=resource, unit=unit)


def _condition(machine: Machine, condition: str, status: str) -> At:
    def at(t: int) -> float:
        told = "true" if condition == "Ready" and machine.ready(t) else "false"
        holds = "unknown" if within(machine.down, t) else told
        return float(holds == status)

    return at


def _each(told: History, workload: Workload, say: Callable[[Count], float]) -> At:
    return lambda t: float(say(told.count(workload, t)))


def _told(told: History, workload: Workload, kind: dict[str, Callable[[Count], float]]) -> Iterator[Row]:
    named = {"namespace": workload.namespace, workload.slug: workload.name}
    for metric, say in kind.items():
        yield row(f"kube_{workload.slug}_{metric}", _each(told, workload, say), **named)
    for metric in ("metadata_generation", "status_observed_generation"):
        yield row(f"kube_{workload.slug}_{metric}", lambda t: float(workload.revision(t)), **named)


def _deployment(told: History, workload: Workload) -> Iterator[Row]:
    kind: dict[str, Callable[[Count], float]] = {
        "spec_replicas": lambda c: c.wanted,
        "status_replicas": lambda c: c.wanted,
        "status_replicas_available": lambda c: c.ready,
        "status_replicas_ready": lambda c: c.ready,
        "status_replicas_updated": lambda c: c.updated,
        "status_replicas_unavailable": lambda c: max(0, c.wanted - c.ready),
        "spec_paused": lambda _: 0,
    }
    yield from _told(told, workload, kind)
    named = {"namespace": workload.namespace, "deployment": workload.name}
    for condition in ("Available", "Progressing"):
        for status in _STATUSES:
            value = float(status == "true")
            yield row("kube_deployment_status_condition", value, condition=condition, status=status, **named)


def _stateful(told: History, workload: Workload) -> Iterator[Row]:
    kind: dict[str, Callable[[Count], float]] = {
        "replicas": lambda c: c.wanted,
        "status_replicas": lambda c: c.wanted,
        "status_replicas_ready": lambda c: c.ready,
        "status_replicas_available": lambda c: c.ready,
        "status_replicas_updated": lambda c: c.updated,
        "status_replicas_current": lambda c: c.updated,
    }
    yield from _told(told, workload, kind)
    named = {"namespace": workload.namespace, "statefulset": workload.name}
    for revision in range(1, 9):
        name = f"{workload.name}-{revision}"
        update = _revised(workload, revision)
        yield row("kube_statefulset_status_update_revision", 1, update, revision=name, **named)
        current = _finished(told, workload, revision)
        yield row("kube_statefulset_status_current_revision", 1, current, revision=name, **named)


def _revised(workload: Workload, revision: int) -> tuple[tuple[int, int], ...]:
    moments = [t for t in range(0, 8 * DAY, 60) if workload.revision(t) == revision]
    return ((moments[0], moments[-1] + 60),) if moments else ()


def _finished(told: History, workload: Workload, revision: int) -> tuple[tuple[int, int], ...]:
    """While it is what all pods were last brought to."""
    now, begun, spans = workload.revision(0), 0, []
    for place, count in enumerate(told.counts[workload]):
        t = place * told.step
        if workload.revision(t) != now and count.updated >= count.wanted:
            spans.append((now, begun, t))
            now, begun = workload.revision(t), t
    spans.append((now, begun, 2**40))
    return tuple((begin, end) for held, begin, end in spans if held == revision)


def _daemons(told: History, workload: Workload) -> Iterator[Row]:
    kind: dict[str, Callable[[Count], float]] = {
        "status_desired_number_scheduled": lambda c: c.wanted,
        "status_current_number_scheduled": lambda c: c.wanted,
        "status_number_ready": lambda c: c.ready,
        "status_number_available": lambda c: c.ready,
        "status_number_unavailable": lambda c: max(0, c.wanted - c.ready),
        "status_updated_number_scheduled": lambda c: c.updated,
        "status_number_misscheduled": lambda _: 0,
    }
    yield from _told(told, workload, kind)


_COUNTED: Final = {"Deployment": _deployment, "StatefulSet": _stateful, "DaemonSet": _daemons}


def _autoscaler(told: History, workload: Workload) -> Iterator[Row]:
    keda = workload.scaled == "keda"
    name = f"keda-hpa-{workload.name}" if keda else workload.name
    named = {"namespace": workload.namespace, "horizontalpodautoscaler": name}
    wanted = _each(told, workload, lambda c: c.wanted)
    yield row("kube_horizontalpodautoscaler_spec_min_replicas", 1 if keda else workload.replicas, **named)
    yield row("kube_horizontalpodautoscaler_spec_max_replicas", _MOST, **named)
    yield row("kube_horizontalpodautoscaler_status_current_replicas", wanted, **named)
    yield row("kube_horizontalpodautoscaler_status_desired_replicas", wanted, **named)
    holds: dict[str, At] = {
        "AbleToScale": lambda _: 1.0,
        # KEDA scales to nothing beside the autoscaler, which then says that it is switched off.
        "ScalingActive": lambda t: float(wanted(t) > 0),
        "ScalingLimited": lambda t: float(wanted(t) <= (1 if keda else workload.replicas)),
    }
    for condition, at in holds.items():
        for status in _STATUSES:
            value = _status(at, status)
            yield row(
                "kube_horizontalpodautoscaler_status_condition", value, condition=condition, status=status, **named
            )


def _status(at: At, status: str) -> At:
    return lambda t: float(status == ("true" if at(t) else "false"))


def _budget(told: History, workload: Workload) -> Iterator[Row]:
    named = {"namespace": workload.namespace, "poddisruptionbudget": workload.name}
    least = workload.replicas - 1
    kind: dict[str, Callable[[Count], float]] = {
        "current_healthy": lambda c: c.ready,
        "desired_healthy": lambda _: least,
        "expected_pods": lambda c: c.wanted,
        "pod_disruptions_allowed": lambda c: max(0, c.ready - least),
    }
    for metric, say in kind.items():
        yield row(f"kube_poddisruptionbudget_status_{metric}", _each(told, workload, say), **named)


def _jobs(start: int, seconds: int) -> Iterator[Row]:
    """A CronJob that runs every hour, and one that is suspended."""
    named = {"namespace": "shop", "cronjob": "report"}
    last: At = lambda t: start + t - t % EVERY  # noqa: E731 - a value over time
    yield row("kube_cronjob_info", 1, schedule="0 * * * *", concurrency_policy="Forbid", **named)
    yield row("kube_cronjob_spec_suspend", 0, **named)
    yield row("kube_cronjob_next_schedule_time", lambda t: last(t) + EVERY, **named)
    yield row("kube_cronjob_status_last_schedule_time", last, **named)
    yield row("kube_cronjob_status_active", lambda t: float(t % EVERY < LASTS), **named)
    succeeded: At = lambda t: last(t) + LASTS - (EVERY if t % EVERY < LASTS else 0)  # noqa: E731 - a value over time
    yield row("kube_cronjob_status_last_successful_time", succeeded, **named)
    paused = {"namespace": "shop", "cronjob": "import"}
    yield row("kube_cronjob_info", 1, schedule="0 3 * * *", concurrency_policy="Forbid", **paused)
    yield row("kube_cronjob_spec_suspend", 1, **paused)
    yield row("kube_cronjob_status_active", 0, **paused)
    yield row("kube_cronjob_status_last_schedule_time", start - 40 * DAY, **paused)
    yield row("kube_cronjob_status_last_successful_time", start - 40 * DAY, **paused)
    for begin, end in job_spans(seconds):
        yield from _job(start, begin, end)


def _job(start: int, begin: int, end: int) -> Iterator[Row]:
    span = ((max(begin, 0), end),)
    named = {"namespace": "shop", "job_name": f"report-{(start + begin) // 60}"}
    owner = {"owner_kind": "CronJob", "owner_name": "report", "owner_is_controller": "true"}
    yield row("kube_job_owner", 1, span, **owner, **named)
    yield row("kube_job_status_start_time", start + begin, span, **named)
    yield row("kube_job_status_active", lambda t: float(t < begin + LASTS), span, **named)
    yield row("kube_job_status_succeeded", lambda t: float(t >= begin + LASTS), span, **named)
    yield row("kube_job_status_failed", 0, span, **named)
    completed = ((max(begin + LASTS, 0), end),)
    yield row("kube_job_complete", 1, completed, condition="true", **named)
    yield row("kube_job_status_completion_time", start + begin + LASTS, completed, **named)
