"""Who is scraped through a monitor, and with which labels, as the operators understand it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from obsgen.promql.matcher import Matcher
from tests.installations.objects import Labels, Monitor, Objects, Pod, Service

# What the operator's own relabeling and the discovery of nodes know of a target; only these are looked at here.
_NODE_OF_POD = "__meta_kubernetes_pod_node_name"
_NODE_OF_ADDRESS = "__meta_kubernetes_endpoint_address_target_name"

# No exporter writes these of its own.
_OF_SCRAPE = ("job", "metrics_path")

_Found = TypeVar("_Found", Service, Pod)


@dataclass(frozen=True, slots=True)
class Target:
    """What is scraped, by address and path, and the labels that every series from there carries."""

    address: str
    path: str
    labels: Labels
    honors: bool
    """Whether a series' own labels go before these; otherwise they become `exported_<label>`."""

    def gives(self, matchers: Iterable[Matcher]) -> bool:
        """Whether it can have series that pass; what an exporter writes of its own is not known, and may."""
        return all(
            one.matches(self.labels[one.name]) or (self.honors and one.name not in _OF_SCRAPE)
            if one.name in self.labels
            else one.name not in _OF_SCRAPE or one.matches("")
            for one in matchers
        )


def targets(monitor: Monitor, found: Objects) -> Iterator[Target]:
    """Every target of a monitor that the installation's Prometheus takes up."""
    asked = found.selectors.get(monitor.kind, {})
    if not _has(monitor.labels, asked):
        return
    if monitor.kind == "VMNodeScrape":
        yield _target(
            monitor.spec, "kubelet:10250", {"job": f"{monitor.namespace}/{monitor.name}", "instance": "node-1"}
        )
    elif monitor.kind == "PodMonitor":
        yield from _of_pods(monitor, found)
    else:
        yield from _of_services(monitor, found)


def _of_services(monitor: Monitor, found: Objects) -> Iterator[Target]:
    for service in _selected(monitor, found.services):
        job = service.labels.get(monitor.spec.get("jobLabel") or "", "") or service.name
        for endpoint in monitor.spec["endpoints"]:
            for address in _addresses(service, endpoint["port"], found):
                labels = {
                    "job": job,
                    "namespace": service.namespace,
                    "service": service.name,
                    "endpoint": endpoint["port"],
                }
                yield _target(endpoint, address, labels)


def _of_pods(monitor: Monitor, found: Objects) -> Iterator[Target]:
    for pod in _selected(monitor, found.pods):
        for endpoint in monitor.spec["podMetricsEndpoints"]:
            if endpoint["port"] in pod.ports:
                labels = {
                    "job": f"{monitor.namespace}/{monitor.name}",
                    "namespace": pod.namespace,
                    "pod": pod.name,
                    "endpoint": endpoint["port"],
                }
                yield _target(endpoint, _address(pod, pod.ports[endpoint["port"]]), labels)


def _selected(monitor: Monitor, among: Iterable[_Found]) -> Iterator[_Found]:
    where = monitor.spec.get("namespaceSelector") or {}
    namespaces = where.get("matchNames") or [monitor.namespace]
    labels = monitor.spec["selector"].get("matchLabels") or {}
    for one in among:
        if (where.get("any") or one.namespace in namespaces) and _has(one.labels, labels):
            yield one


def _has(labels: Labels, asked: Labels) -> bool:
    return asked.items() <= labels.items()


def _addresses(service: Service, port: str, found: Objects) -> Iterator[str]:
    """The pods behind a Service's port; of a Service whose addresses others keep, the Service itself."""
    if port not in service.ports:
        return
    number = service.ports[port]
    if not service.selector:
        # Kubelets have one Service for each operator; what is behind it is the same.
        yield f"{service.labels.get('k8s-app', service.name)}:{number}"
        return
    for pod in found.pods:
        if pod.namespace == service.namespace and _has(pod.labels, service.selector):
            yield _address(pod, pod.ports.get(number) if isinstance(number, str) else number)


def _address(pod: Pod, number: int | None) -> str:
    return f"{pod.namespace}/{pod.name}:{number}"


def _target(endpoint: Mapping[str, Any], address: str, labels: Labels) -> Target:
    path = endpoint.get("path", "/metrics")
    meta = {"__metrics_path__": path, _NODE_OF_POD: "node-1", _NODE_OF_ADDRESS: "node-1", "instance": address}
    known = {**meta, **labels}
    for rule in endpoint.get("relabelings") or endpoint.get("relabelConfigs") or ():
        known = _relabelled(known, rule)
    kept = {name: value for name, value in known.items() if not name.startswith("__")}
    return Target(address, path, kept, bool(endpoint.get("honorLabels")))


def _relabelled(labels: Labels, rule: Mapping[str, Any]) -> dict[str, str]:
    regex = re.compile(rule.get("regex", "(.*)"))
    if rule.get("action") == "labeldrop":
        return {name: value for name, value in labels.items() if not regex.fullmatch(name)}
    if rule.get("action") == "labelmap":
        return dict(labels)
    found = regex.fullmatch(";".join(labels.get(name, "") for name in rule.get("sourceLabels") or ()))
    if not found:
        return dict(labels)
    value = found.expand(re.sub(r"\$(\d)", r"\\\1", rule.get("replacement", "$1")))
    return {**labels, rule["targetLabel"]: value}
