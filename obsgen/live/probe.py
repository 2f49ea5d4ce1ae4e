"""The first two questions: when the newest samples are from, and how usage names its node."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from obsgen.live.queries import late, probe_queries
from obsgen.live.selectors import NODE_LABELS, NodeLabel, NodeLabels, Scope
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Vector, moment

_STALE_SECONDS = 120
# Scrapes a minute apart and clocks some seconds off still count as one moment.
_LAGGING_SECONDS = 90


class NothingToReport(Exception):  # noqa: N818 - it names the fault
    """The server holds nothing that the report could speak of: no nodes and containers, or no objectives."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The moment of evaluation in seconds since 1970, how usage names its node, and what is odd."""

    at: float
    node_label: NodeLabels
    warnings: tuple[str, ...] = ()


def probe(prometheus: Prometheus, scope: Scope, *, at: float | None = None) -> Probe:
    """Ask for nodes and usage; evaluated is at the newest sample's time before `at`, or the server's clock.

    Late samples are the reason: evaluated at the clock's time, a rate over data that is three minutes
    late reads far too low. Raises NothingToReport and the errors of `obsgen.query.errors`.
    """
    now = prometheus.server_time() if at is None else at
    names, usage = _asked(prometheus, scope, now, in_last_hour=False)
    if at is None and not names.samples and not usage.samples:
        names, usage = _asked(prometheus, scope, now, in_last_hour=True)
    if not names.samples and not usage.samples:
        raise NothingToReport(_nothing(prometheus, scope, now))
    newest = _newest(names, usage, now)
    return Probe(newest, _node_labels(names, usage), (*names.warnings, *usage.warnings, *age_warning(now - newest)))


def _asked(prometheus: Prometheus, scope: Scope, now: float, *, in_last_hour: bool) -> tuple[Vector, Vector]:
    names, usage = probe_queries(scope).values()
    if in_last_hour:
        names, usage = late(names), late(usage)
    return prometheus.instant(names, at=now), prometheus.instant(usage, at=now)


def _newest(names: Vector, usage: Vector, now: float) -> float:
    """The time up to which every node's figures are known, so that no rate ends in a gap.

    The oldest of the nodes' newest samples; a node that lags far behind its cluster is no measure.
    """
    newest: dict[tuple[str, str], list[float]] = defaultdict(list)
    for source, vector in (("names", names), ("usage", usage)):
        for sample in vector:
            if (time := moment(sample.value)) is not None:
                newest[source, sample.labels.get("cluster", "")].append(time)
    return min((now, *(time for own in newest.values() for time in own if time > max(own) - _LAGGING_SECONDS)))


def _node_labels(names: Vector, usage: Vector) -> NodeLabels:
    """How usage names its node, by cluster; one label where it is the same in all of them."""
    nodes: dict[str, set[str]] = defaultdict(set)
    series: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for sample in names:
        nodes[sample.labels.get("cluster", "")].add(sample.labels.get("node", ""))
    for sample in usage:
        series[sample.labels.get("cluster", "")].append(sample.labels)
    labels = {cluster: _node_label(nodes[cluster], own) for cluster, own in series.items()}
    different = set(labels.values())
    return labels if len(different) > 1 else next(iter(different), "node")


def _node_label(nodes: Collection[str], usage: Sequence[Mapping[str, str]]) -> NodeLabel:
    """The label whose values are the most of the nodes' names; through the pod where none is."""
    matched: Counter[NodeLabel] = Counter()
    for label in NODE_LABELS:
        named = {_host(labels.get(label, ""), label) for labels in usage} - {""}
        matched[label] = len(named & set(nodes)) if nodes else len(named)
    # The instance of an unknown node may be any address: without names to compare with it proves nothing.
    if not nodes:
        return "node" if matched["node"] or not matched["kubernetes_node"] else "kubernetes_node"
    best = max(NODE_LABELS, key=lambda label: matched[label])
    return best if matched[best] else "pod"


def _host(value: str, label: NodeLabel) -> str:
    return value.partition(":")[0] if label == "instance" else value


def age_warning(seconds: float) -> tuple[str, ...]:
    """What to say of samples that are this old; nothing of fresh ones."""
    if seconds <= _STALE_SECONDS:
        return ()
    minutes, rest = divmod(round(seconds), 60)
    return (f"the newest samples are {minutes} min {rest} s old; everything is evaluated at their time",)


def _nothing(prometheus: Prometheus, scope: Scope, now: float) -> str:
    then = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    chosen = "" if scope.cluster is None else f' with cluster="{scope.cluster}"'
    return (
        f"'{prometheus.title}' holds neither kube_node_status_allocatable nor "
        f"container_memory_working_set_bytes{chosen} at {then}: it should scrape "
        "kube-state-metrics and the kubelets' cAdvisor, or another address or tenant is meant"
    )
