"""The values that a chart was installed with, read for what a first spec says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location
from obsgen.exchange.node import Node, text_map
from obsgen.spec.documents import read_documents
from obsgen.spec.mistakes import validate
from obsgen.spec.recognised import ChartSpec, recognised
from obsgen.spec.source import Path_, Places, Source
from obsgen.spec.stack import AlertmanagerSpec, GrafanaSpec, PrometheusSpec
from obsgen.spec.written import Written

_CHARTS: Final = (
    "known is kube-prometheus-stack, whose values.yaml begins with such as alertmanager, prometheus, grafana"
)
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_MINOR: Final = re.compile(r"v?([0-9]{1,4}\.[0-9]{1,4})([.+-].*)?", re.ASCII)

Fields = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ChartValues:
    """What the values say; `unscraped` are sources with the key that switches each off."""

    kind: str
    options: Mapping[str, str]
    unscraped: Mapping[str, str]
    environment: Mapping[str, Fields]
    switched_on: Mapping[tuple[str, str], str]
    """Switches of packs that have something to read, each with the key that says so."""
    cluster: str = ""
    cluster_on_series: bool = False
    findings: tuple[Diagnostic, ...] = ()


class _EnvironmentSpec(Written):
    """The parts of a spec's environment that values speak of."""

    prometheus: PrometheusSpec | None = None
    alertmanager: AlertmanagerSpec | None = None
    grafana: GrafanaSpec | None = None


@dataclass(slots=True)
class _Reading:
    """The top of the values, the names of its keys, what is wrong in them, and where what was taken stands."""

    top: Node
    chart: ChartSpec
    findings: Findings = field(default_factory=Findings)
    taken: dict[Path_, Location] = field(default_factory=dict)

    def at(self, key: str) -> Node | None:
        """The value under a key with dots; what is no mapping on the way has nothing below it."""
        node: Node | None = self.top
        for name in key.split("."):
            node = node.get(name) if node else None
        return node

    def text(self, key: str, *taken_as: str) -> str:
        """The text under the key, empty where there is none; another type is noted."""
        node = self.at(key)
        if node is None:
            return ""
        self.taken[taken_as] = node.place
        try:
            return node.text()
        except Diagnosed as mistyped:
            self.findings.add(*mistyped.diagnostics)
            return ""

    def off(self, key: str) -> bool:
        """Whether the key says false."""
        node = self.at(key)
        if node is not None and not isinstance(node.content, bool):
            self.findings.add(*node.mistyped("true or false").diagnostics)
        return node is not None and node.content is False


def read_chart_values(path: Path) -> ChartValues:
    """The values of a known chart, alone or below its name as in a chart that depends on it; `Diagnosed` otherwise."""
    documents = read_documents(path)
    charts = recognised().spec.charts
    for name, chart in charts.items():
        for top in _tops(documents[0] if len(documents) == 1 else None, name):
            if isinstance(top.content, Mapping) and not set(chart.known).isdisjoint(top.content):
                return _read(name, _Reading(top, chart))
    raise Diagnosed([Diagnostic("OBS627", f"'{path}' does not hold the values of a chart that is known", hint=_CHARTS)])


def _tops(document: object, name: str) -> Iterator[Node]:
    if document is not None:
        top = Node.of(document)  # type: ignore[arg-type]  # a Source: one document was there
        below = top.get(name)
        yield from (below, top) if below else (top,)


def _read(kind: str, reading: _Reading) -> ChartValues:
    chart = reading.chart
    options = {name: text for name, key in chart.options.items() if (text := reading.text(key, name))}
    for name, text in options.items():
        if not _NAME.fullmatch(text):
            message = f"'{text}' is no name of Kubernetes: lower case, digits and dashes"
            reading.findings.error("OBS628", message, reading.taken[(name,)])
    environment = _environment(reading)
    on = {(one.pack, one.parameter): one.key for one in chart.on if (node := reading.at(one.key)) and node.is_true()}
    off = {source: key for source, keys in chart.switches.items() for key in reversed(keys) if reading.off(key)}
    on_series = _cluster_of_classes(reading)
    cluster = on_series or reading.text(chart.cluster, "cluster")
    try:
        validate(_EnvironmentSpec, Source(environment, Places(reading.top.place, {}, reading.taken)))
    except Diagnosed as mistakes:
        reading.findings.add(*mistakes.diagnostics)
    reading.findings.stop()
    return ChartValues(kind, options, off, environment, on, cluster, bool(on_series), reading.findings.noted)


def _environment(reading: _Reading) -> dict[str, dict[str, str | Mapping[str, str]]]:
    environment: dict[str, dict[str, str | Mapping[str, str]]] = {
        part: {name: text for name, key in keys.items() if (text := reading.text(key, part, name))}
        for part, keys in reading.chart.environment.items()
    }
    for part, keys in reading.chart.versions.items():
        found = (match[1] for key in keys if (match := _MINOR.fullmatch(reading.text(key, part, "version"))))
        if version := next(found, ""):
            environment.setdefault(part, {})["version"] = version
    labels = _selector_labels(reading)
    if labels is not None:
        environment.setdefault("prometheus", {})["selector_labels"] = labels
    if reading.off("grafana.enabled"):
        environment["grafana"] = {"delivery": "none"}
    return {part: fields for part, fields in environment.items() if fields}


def _selector_labels(reading: _Reading) -> dict[str, str] | None:
    """The labels that rules and monitors must carry; None where the release's are right, as the chart has it."""
    spec = "prometheus.prometheusSpec"
    labels: dict[str, str] = {}
    usual = False
    for switch, selector in reading.chart.selectors.items():
        node = reading.at(f"{spec}.{selector}")
        if node and node.content:
            with suppress(Diagnosed):
                labels |= text_map(node.get("matchLabels"))
            if node.get("matchExpressions"):
                hint = "give what it selects by under environment.prometheus.selector_labels"
                message = f"'{selector}' selects by expressions, which no labels stand for"
                reading.findings.add(Diagnostic("OBS628", message, node.key_place, hint, "warning"))
        elif not reading.off(f"{spec}.{switch}"):
            usual = True
    return None if usual and not labels else labels


def _cluster_of_classes(reading: _Reading) -> str:
    """The name that a default scrape class writes onto every series."""
    classes = reading.at(reading.chart.scrape_classes)
    if classes is None:
        return ""
    try:
        default = [one for one in classes.items() if (node := one.get("default")) and node.is_true()]
        rules = [rule for one in default if (listed := one.get("relabelings")) for rule in listed.items()]
        named = [rule for rule in rules if (node := rule.get("targetLabel")) and node.content == "cluster"]
        return next((node.text() for rule in named if (node := rule.get("replacement"))), "")
    except Diagnosed as mistyped:
        reading.findings.add(*mistyped.diagnostics)
        return ""
