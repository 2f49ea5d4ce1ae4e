"""How full is it? Asks a running Prometheus and computes the capacity report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from obsgen.live.answers.fits import fits
from obsgen.live.answers.forecasts import forecast_findings, forecasts
from obsgen.live.answers.losses import loss_findings, losses
from obsgen.live.answers.pending import pending
from obsgen.live.answers.recommendations import recommendations
from obsgen.live.answers.stranded import stranded
from obsgen.live.answers.types import Answers
from obsgen.live.answers.what_if import what_if
from obsgen.live.asked import EVERYTHING_USUAL, Asked
from obsgen.live.clusters import cluster_capacity, groups, left_out
from obsgen.live.findings import findings
from obsgen.live.gaps import doubled, gaps
from obsgen.live.history import ask_past, history_queries
from obsgen.live.past import Past
from obsgen.live.places import namespaces_of, nodes_of, teams_by_namespace, teams_of, workloads_of
from obsgen.live.probe import Probe, probe
from obsgen.live.queries import capacity_queries
from obsgen.live.readings import Readings
from obsgen.live.selectors import Scope
from obsgen.live.types import CapacityReport, ClusterCapacity, NamespaceCapacity, NodeCapacity, WorkloadCapacity
from obsgen.live.watermarks import DEFAULT_WATERMARKS, Watermark
from obsgen.query.prometheus import Prometheus
from obsgen.units import Duration

DEFAULT_WINDOW: Final = Duration.parse("5m")
EVERYTHING: Final = Scope()


def capacity(  # noqa: PLR0913 - each is something that a caller may want to say
    prometheus: Prometheus,
    *,
    watermarks: Mapping[str, Watermark] = DEFAULT_WATERMARKS,
    window: Duration = DEFAULT_WINDOW,
    scope: Scope = EVERYTHING,
    asked: Asked = EVERYTHING_USUAL,
    at: float | None = None,
) -> CapacityReport:
    """The report at the newest moment that every node's samples reach, before `at` in seconds since 1970 if given.

    `watermarks` go by resource (cpu, memory, pods). Raises NothingToReport, UnknownWorkload and what
    `obsgen.query.errors` lists.
    """
    probed = probe(prometheus, scope, at=at)
    queries = capacity_queries(scope, probed.node_label, window)
    # One moment for all: figures of different moments cannot be divided by one another.
    readings = Readings(prometheus.instants(queries, at=probed.at))
    past = _past(prometheus, scope, probed, (window, asked.history), readings)
    nodes = nodes_of(readings, past, watermarks)
    namespaces = namespaces_of(readings, past)
    teams = teams_by_namespace(readings, asked.owners)
    workloads = workloads_of(readings, past, teams)
    names = sorted({node.cluster for node in nodes} | {namespace.cluster for namespace in namespaces})
    clusters = tuple(cluster_capacity(name, nodes, watermarks, past) for name in names)
    answers = _answers(asked, (clusters, nodes, workloads), past, watermarks, probed.at)
    others = (*forecast_findings(answers.forecasts, probed.at), *loss_findings(answers.losses))
    return CapacityReport(
        evaluated_at=probed.at,
        window=window,
        clusters=clusters,
        nodes=nodes,
        namespaces=namespaces,
        findings=findings(clusters, nodes, readings, watermarks, others),
        warnings=_once(
            *probed.warnings,
            *readings.warnings(),
            *past.warnings,
            *gaps(prometheus, readings, names, at=probed.at),
            *(warning for name in names for warning in left_out(name, nodes)),
            *doubled(nodes),
            *_absent(scope, namespaces),
        ),
        zones=groups("zone", nodes, watermarks, past),
        pools=groups("pool", nodes, watermarks, past),
        teams=teams_of(namespaces, teams, past),
        workloads=workloads,
        pending=pending(readings, nodes),
        answers=answers,
        history=asked.history,
        watermarks=dict(watermarks),
    )


def _past(
    prometheus: Prometheus, scope: Scope, probed: Probe, spans: tuple[Duration, Duration], readings: Readings
) -> Past:
    window, history = spans
    queries = history_queries(scope, probed.node_label, window, history)
    pods = sum(readings.sums("workload_pods", "cluster").values())
    return ask_past(prometheus, queries, at=probed.at, history=history, pods=pods)


def _answers(
    asked: Asked,
    places: tuple[tuple[ClusterCapacity, ...], tuple[NodeCapacity, ...], tuple[WorkloadCapacity, ...]],
    past: Past,
    watermarks: Mapping[str, Watermark],
    at: float,
) -> Answers:
    clusters, nodes, workloads = places
    return Answers(
        fits=fits(nodes, asked.pod),
        losses=losses(clusters, nodes),
        stranded=stranded(clusters, nodes),
        recommendations=recommendations(workloads, past),
        forecasts=forecasts(nodes, past, watermarks, at),
        what_if=tuple(answer for question in asked.questions for answer in what_if(question, *places, watermarks)),
    )


def _absent(scope: Scope, namespaces: Sequence[NamespaceCapacity]) -> Iterator[str]:
    known = {place.namespace for place in namespaces}
    for name in scope.namespaces:
        if name not in known:
            yield f"namespace '{name}' has no pods on nodes and uses nothing: is it spelled right?"


def _once(*warnings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(warnings))
