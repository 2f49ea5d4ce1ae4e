"""A cluster's objects, as far as who is scraped depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import yaml

Labels = Mapping[str, str]

_WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet")


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod of a workload; `ports` are the named ones of its containers."""

    namespace: str
    name: str
    labels: Labels
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Service:
    """`ports` are names to the ports of pods, by number or by name; without a `selector` others keep its addresses."""

    namespace: str
    name: str
    labels: Labels
    ports: Mapping[str, int | str]
    selector: Labels


@dataclass(frozen=True, slots=True)
class Monitor:
    """A ServiceMonitor, a PodMonitor, or what VictoriaMetrics' operator has in their place."""

    kind: str
    namespace: str
    name: str
    labels: Labels
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Objects:
    """What an installation and its cluster consist of."""

    pods: tuple[Pod, ...] = ()
    services: tuple[Service, ...] = ()
    monitors: tuple[Monitor, ...] = ()
    selectors: Mapping[str, Labels] = field(default_factory=dict)
    """By the kind of monitor, the labels that a Prometheus here asks of one."""
    accounts: frozenset[tuple[str, str]] = frozenset()
    """The service accounts, by namespace and name."""


def read(path: Path, **names: str) -> list[dict[str, Any]]:
    """The objects of a file, with `$release` and the other names filled in."""
    text = path.read_text(encoding="utf-8")
    return [one for one in yaml.safe_load_all(Template(text).safe_substitute(names)) if one]


def objects(bodies: Iterable[Mapping[str, Any]]) -> Objects:
    """What these bodies say, each kind for itself."""
    all_of = list(bodies)
    return Objects(
        tuple(pod for body in all_of for pod in _pods(body)),
        tuple(_service(body) for body in all_of if body["kind"] == "Service"),
        tuple(_monitor(body) for body in all_of if body["kind"].endswith(("Monitor", "Scrape"))),
        {kind: labels for body in all_of if body["kind"] == "Prometheus" for kind, labels in _asked(body)},
        frozenset(_place(body) for body in all_of if body["kind"] == "ServiceAccount"),
    )


def _place(body: Mapping[str, Any]) -> tuple[str, str]:
    return body["metadata"]["namespace"], body["metadata"]["name"]


def _pods(body: Mapping[str, Any]) -> Iterator[Pod]:
    if body["kind"] in _WORKLOADS:
        template = body["spec"]["template"]
        yield Pod(*_place(body), template["metadata"].get("labels") or {}, _ports(template["spec"]))
    elif body["kind"] == "Pod":
        yield Pod(*_place(body), body["metadata"]["labels"], _ports(body["spec"]))
    elif body["kind"] in ("Prometheus", "Alertmanager"):
        yield _of_operator(body)


def _of_operator(body: Mapping[str, Any]) -> Pod:
    """The pods that prometheus-operator makes, with its labels and a second port for what reloads."""
    namespace, name = _place(body)
    kind = body["kind"].lower()
    own = {"prometheus": "operator.prometheus.io/name", "alertmanager": "alertmanager"}[kind]
    labels = {**(body["spec"].get("podMetadata") or {}).get("labels", {}), own: name}
    labels |= {"app.kubernetes.io/name": kind, "app.kubernetes.io/instance": name}
    number = {"prometheus": 9090, "alertmanager": 9093}[kind]
    ports = {body["spec"].get("portName", "web"): number, "reloader-web": 8080}
    return Pod(namespace, f"{kind}-{name}-0", labels, ports)


def _ports(spec: Mapping[str, Any]) -> Mapping[str, int]:
    containers = spec.get("containers") or ()
    return {
        one["name"]: one["containerPort"] for each in containers for one in each.get("ports") or () if "name" in one
    }


def _service(body: Mapping[str, Any]) -> Service:
    ports = {one.get("name", ""): one.get("targetPort", one["port"]) for one in body["spec"].get("ports") or ()}
    return Service(*_place(body), body["metadata"].get("labels") or {}, ports, body["spec"].get("selector") or {})


def _monitor(body: Mapping[str, Any]) -> Monitor:
    return Monitor(body["kind"], *_place(body), body["metadata"].get("labels") or {}, body["spec"])


def _asked(body: Mapping[str, Any]) -> Iterator[tuple[str, Labels]]:
    for kind in ("ServiceMonitor", "PodMonitor", "ScrapeConfig", "Probe"):
        asked = body["spec"].get(f"{kind[0].lower()}{kind[1:]}Selector")
        if asked is not None:
            yield kind, asked.get("matchLabels") or {}
