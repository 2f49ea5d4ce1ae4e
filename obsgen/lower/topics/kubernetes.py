"""Queries of what kube-state-metrics and the kubelets' cAdvisor say, told once however often it is scraped."""

from __future__ import annotations

from dataclasses import dataclass

from obsgen.model.stack import Component, Stack

CAPACITY = "capacity"
# What the drill-downs read beyond the capacity pack's own list.
METRICS = (
    "container_cpu_cfs_periods_total",
    "container_cpu_cfs_throttled_periods_total",
    "container_network_receive_bytes_total",
    "container_network_transmit_bytes_total",
    "kube_pod_container_status_restarts_total",
    "kube_pod_status_ready",
)
_CONTAINERS = 'container!="",container!="POD"'


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """The selectors of both sources, narrowed by `chosen`: matchers over the dashboard's variables.

    `only` keeps of everything what is left by it, as PromQL that follows a vector with cluster, namespace and pod.
    """

    states: str
    containers: str
    chosen: str
    only: str = ""

    def cpu(self, by: str) -> str:
        """Cores in use."""
        each = "cluster, node, namespace, pod, container, id, cpu"
        return self._containers("container_cpu_usage_seconds_total", each, by, rate=True)

    def memory(self, by: str) -> str:
        """Bytes of the working sets."""
        each = "cluster, node, namespace, pod, container"
        return self._containers("container_memory_working_set_bytes", each, by, rate=False)

    def throttled(self, by: str) -> str:
        """The share of scheduling periods in which containers were held back by their CPU limits."""
        periods, held = (
            self._containers(f"container_cpu_cfs_{name}_total", "cluster, namespace, pod, container, id", by, rate=True)
            for name in ("periods", "throttled_periods")
        )
        return f"{held} / {periods}"

    def traffic(self, direction: str, by: str) -> str:
        """Bytes per second of the pods' interfaces."""
        selected = f'container_network_{direction}_bytes_total{{{self.containers},pod!="",{self.chosen}}}'
        each = f"max by (cluster, namespace, pod, interface) (rate({selected}[$__rate_interval])){self.only}"
        return f"sum by ({by}) ({each})"

    def asked_for(self, what: str, resource: str, by: str) -> str:
        """`requests` or `limits` of the unfinished pods' containers."""
        metric = f"kube_pod_container_resource_{what}"
        selected = f'{metric}{{{self.states},node!="",resource="{resource}",{self.chosen}}}'
        each = f"max by (cluster, node, namespace, pod, uid, container) ({selected}){self.only}"
        return f"sum by ({by}) ({each}{self._finished()})"

    def restarts(self, by: str, window: str = "1h") -> str:
        """Restarts of containers in the window."""
        selected = f"kube_pod_container_status_restarts_total{{{self.states},{self.chosen}}}"
        each = f"max by (cluster, namespace, pod, uid, container) (increase({selected}[{window}])){self.only}"
        return f"sum by ({by}) ({each})"

    def unready(self, by: str) -> str:
        """Pods that neither are ready nor have finished."""
        selected = f'kube_pod_status_ready{{{self.states},condition="true",{self.chosen}}}'
        # With `bool` nobody is told of 0 pods where no pod is known at all.
        each = f"max by (cluster, namespace, pod, uid) ({selected}) == bool 0{self.only}{self._finished()}"
        return f"sum by ({by}) ({each})"

    def _finished(self) -> str:
        phase = f'kube_pod_status_phase{{{self.states},phase=~"Succeeded|Failed"}} == 1'
        return f" unless on (cluster, namespace, pod, uid) ({phase})"

    def _containers(self, metric: str, each: str, by: str, *, rate: bool) -> str:
        selected = f"{metric}{{{self.containers},{_CONTAINERS},{self.chosen}}}"
        read = f"rate({selected}[$__rate_interval])" if rate else selected
        return f"sum by ({by}) (max by ({each}) ({read}){self.only})"


def capacity_component(stack: Stack) -> Component | None:
    """The use of the capacity pack, which scrapes both sources."""
    return next((one for one in stack.components if one.pack == CAPACITY and one.signals), None)


def kubernetes(component: Component, *labels: str, only: str = "") -> Kubernetes:
    """The queries, narrowed by a variable for each of these labels."""
    chosen = ",".join(f'{label}=~"${label}"' for label in labels)
    return Kubernetes(component.selectors["ksm"], component.selectors["cadvisor"], chosen, only)
