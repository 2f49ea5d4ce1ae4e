"""Asks for the past: machines over the history, and workloads where their number makes that affordable."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, TypeVar

from obsgen.live import usage
from obsgen.live.machines import machine_used, marked
from obsgen.live.ownership import BY_WORKLOAD, POD, owned_only
from obsgen.live.past import Past, Points
from obsgen.live.selectors import NodeLabels, Scope
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import AT_ONCE, Prometheus
from obsgen.query.samples import Matrix, Vector, amount
from obsgen.units import Duration

_STEPS: Final = 96
_FEWEST_STEPS: Final = 12
_SHORTEST = 300.0
# A step over one pod costs the server some sixty microseconds (measured with 3,000): this is six seconds.
_POD_STEPS: Final = 100_000
_NICE_STEPS = tuple(minutes * 60.0 for minutes in (5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440))
_WORKLOAD = BY_WORKLOAD.split(",")
_Answer = TypeVar("_Answer", Matrix, Vector)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, and how often."""

    start: float
    end: float
    step: float

    @classmethod
    def of(cls, end: float, history: Duration, steps: int) -> Span | None:
        """At most so many steps of a readable length back from `end`; None where they would be too few."""
        wanted = max(history.seconds / max(steps, 1), _SHORTEST)
        step = next((nice for nice in _NICE_STEPS if nice >= wanted - 1), math.ceil(wanted / 86_400) * 86_400.0)
        count = int(history.seconds // step)
        return cls(end - count * step, end, step) if steps >= _FEWEST_STEPS and count else None


def workload_history(scope: Scope, window: Duration) -> str:
    """What each workload uses in total, and the CPU of its busiest pod."""
    cpu = marked(usage.cpu_by_namespace(scope, window, POD), resource="cpu")
    memory = marked(usage.memory_by_namespace(scope, POD), resource="memory")
    # The join costs as much as what is joined: CPU and memory share one.
    total = f"sum by ({BY_WORKLOAD},resource) ({owned_only(scope, f'{cpu} or {memory}')})"
    busiest = f"max by ({BY_WORKLOAD},resource) ({owned_only(scope, cpu)})"
    parts = f"{marked(total, figure='total')} or {marked(busiest, figure='busiest_pod')}"
    return f"max by ({BY_WORKLOAD},resource,figure) ({parts})"


def memory_peaks(scope: Scope, history: Duration) -> str:
    """The most memory that one pod of each workload has used."""
    return f"max by ({BY_WORKLOAD}) ({owned_only(scope, usage.memory_peak_by_pod(scope, history, POD))})"


def oom_kills(scope: Scope) -> str:
    """How many containers of each workload were last ended for lack of memory."""
    reason = scope.series("kube_pod_container_status_last_terminated_reason", 'reason="OOMKilled"')
    per_pod = f"sum by ({POD}) (max by ({POD},uid,container) ({reason}))"
    return f"sum by ({BY_WORKLOAD}) ({owned_only(scope, per_pod)})"


def history_queries(scope: Scope, node_label: NodeLabels, window: Duration, history: Duration) -> Mapping[str, str]:
    """Name to PromQL; the first two are asked over the history, the others at its end."""
    if not history.milliseconds:
        return {}
    return {
        "machine_history": machine_used(scope, node_label, window),
        "workload_history": workload_history(scope, window),
        "memory_peak": memory_peaks(scope, history),
        "oom_killed": oom_kills(scope),
    }


def ask_past(prometheus: Prometheus, queries: Mapping[str, str], *, at: float, history: Duration, pods: float) -> Past:
    """What the history says; a query that fails leaves its figures unknown, and a warning."""
    asker = _Asker(prometheus, queries, at)
    machine_span = Span.of(at, history, _STEPS)
    workload_span = Span.of(at, history, min(_STEPS, int(_POD_STEPS / max(pods, 1))))
    left_out: tuple[str, ...] = ()
    if machine_span and workload_span is None:
        why = f"{pods:.0f} pods over {history} would load the server for long; choose a namespace"
        left_out = (f"the history of workloads is left out: {why}",)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        machines = workers.submit(asker.over, "machine_history", machine_span)
        workloads = workers.submit(asker.over, "workload_history", workload_span)
        peaks = workers.submit(asker.at_the_end, "memory_peak", workload_span)
        kills = workers.submit(asker.at_the_end, "oom_killed", machine_span)
    return Past(
        history,
        _points(machines.result(), "cluster", "node", "resource"),
        _points(workloads.result(), *_WORKLOAD, "resource", "figure"),
        _values(peaks.result()),
        _values(kills.result()),
        (*left_out, *(warning for name in queries for warning in asker.warnings.get(name, ()))),
    )


@dataclass(slots=True)
class _Asker:
    """Asks what there is a span for, and keeps what went wrong: the past is worth less than the report."""

    prometheus: Prometheus
    queries: Mapping[str, str]
    at: float
    # By query: several are asked at once, and warnings have one order.
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def over(self, name: str, span: Span | None) -> Matrix:
        if span is None or name not in self.queries:
            return Matrix()
        query = self.queries[name]
        return self._kept(
            name, lambda: self.prometheus.range(query, start=span.start, end=span.end, step=span.step), Matrix()
        )

    def at_the_end(self, name: str, span: Span | None) -> Vector:
        if span is None or name not in self.queries:
            return Vector()
        return self._kept(name, lambda: self.prometheus.instant(self.queries[name], at=self.at), Vector())

    def _kept(self, name: str, ask: Callable[[], _Answer], nothing: _Answer) -> _Answer:
        try:
            answer = ask()
        except PrometheusError as error:
            self.warnings[name] = [f"the history is not known in full: query '{name}': {error}"]
            return nothing
        self.warnings[name] = [f"query '{name}': {warning}" for warning in answer.warnings]
        return answer


def _points(matrix: Matrix, *labels: str) -> Mapping[tuple[str, ...], Points]:
    return {
        tuple(series.labels.get(label, "") for label in labels): {
            time: value for time, written in series.points if (value := amount(written)) is not None
        }
        for series in matrix
    }


def _values(vector: Vector) -> Mapping[tuple[str, ...], float]:
    return {
        tuple(sample.labels.get(label, "") for label in _WORKLOAD): value
        for sample in vector
        if (value := amount(sample.value)) is not None
    }
