"""Writes a world as OpenMetrics text, one family after the other, without ever holding all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TextIO

from obsgen.simulate import pod_series, state_series, usage_series
from obsgen.simulate.cluster import World
from obsgen.simulate.targets import Series, Target, device_targets, state_targets


@dataclass(frozen=True, slots=True)
class Family:
    """One metric and where its series come from."""

    metric: str
    kind: Literal["counter", "gauge"]
    series: Callable[[World], Iterator[Series]]


def _state(family: state_series.StateFamily) -> Callable[[World], Iterator[Series]]:
    def series(world: World) -> Iterator[Series]:
        for cluster in world.clusters:
            for target in state_targets(world, cluster):
                for labels, value in family(world, cluster):
                    yield Series(target, labels, value)

    return series


def _up(world: World) -> Iterator[Series]:
    targets: list[Target] = [*usage_series.kubelets(world)]
    for cluster in world.clusters:
        targets += state_targets(world, cluster)
        for node in cluster.nodes:
            targets += device_targets(world, cluster, node)
    for target in targets:
        yield Series(target, "", 1)


_STATE: dict[str, state_series.StateFamily] = {
    "kube_node_info": state_series.node_info,
    "kube_node_labels": state_series.node_labels,
    "kube_node_spec_unschedulable": state_series.node_unschedulable,
    "kube_node_spec_taint": state_series.node_taint,
    "kube_node_status_condition": state_series.node_condition,
    "kube_node_status_allocatable": state_series.node_allocatable,
    "kube_node_status_capacity": state_series.node_capacity,
    "kube_namespace_labels": state_series.namespace_labels,
    "kube_replicaset_owner": state_series.replicaset_owner,
    "kube_deployment_spec_replicas": state_series.replicas_of("Deployment", "deployment"),
    "kube_statefulset_replicas": state_series.replicas_of("StatefulSet", "statefulset"),
    "kube_daemonset_status_desired_number_scheduled": state_series.replicas_of("DaemonSet", "daemonset"),
    "kube_job_spec_parallelism": state_series.replicas_of("Job", "job_name"),
    "kube_pod_info": pod_series.pod_info,
    "kube_pod_owner": pod_series.pod_owner,
    "kube_pod_labels": pod_series.pod_labels,
    "kube_pod_status_phase": pod_series.pod_phase,
    "kube_pod_container_info": pod_series.container_info,
    "kube_pod_container_resource_requests": pod_series.amounts_of("requests", init=False),
    "kube_pod_container_resource_limits": pod_series.amounts_of("limits", init=False),
    "kube_pod_container_status_last_terminated_reason": pod_series.last_terminated_reason,
    "kube_pod_init_container_info": pod_series.init_container_info,
    "kube_pod_init_container_resource_requests": pod_series.amounts_of("requests", init=True),
    "kube_pod_init_container_resource_limits": pod_series.amounts_of("limits", init=True),
}

FAMILIES: tuple[Family, ...] = (
    *(Family(metric, "gauge", _state(family)) for metric, family in _STATE.items()),
    Family("kube_pod_container_status_restarts_total", "counter", _state(pod_series.restarts)),
    Family("container_cpu_usage_seconds_total", "counter", usage_series.cpu),
    Family("container_memory_working_set_bytes", "gauge", usage_series.memory),
    Family("container_fs_usage_bytes", "gauge", usage_series.disk),
    Family("DCGM_FI_DEV_GPU_UTIL", "gauge", usage_series.devices),
    Family("up", "gauge", _up),
)


def write_openmetrics(world: World, out: TextIO) -> int:
    """Write every sample; gives how many there were."""
    samples = 0
    for family in FAMILIES:
        out.write(f"# TYPE {family.metric.removesuffix('_total')} {family.kind}\n")
        for series in family.series(world):
            lines = _lines(family.metric, series)
            samples += len(lines)
            out.write("".join(lines))
    out.write("# EOF\n")
    return samples


def _lines(metric: str, series: Series) -> list[str]:
    target, value = series.target, series.value
    comma = "," if series.labels else ""
    head = f"{metric}{{{target.labels}{comma}{series.labels}}} "
    stamps = target.stamps
    if series.after or series.until < stamps[-1][0]:
        stamps = tuple(stamp for stamp in stamps if series.after < stamp[0] <= series.until)
    if not callable(value):
        head += f"{value}"
        return [head + text for _, text in stamps]
    return [f"{head}{value(moment):.10g}{text}" for moment, text in stamps]
