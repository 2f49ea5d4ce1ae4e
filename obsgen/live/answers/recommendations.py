"""Requests per pod as the history suggests, the way a VerticalPodAutoscaler would, and the gap to today's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from obsgen.live.answers.types import Advice, Recommendation
from obsgen.live.past import Past, enough, percentile
from obsgen.live.types import WorkloadCapacity

MARGIN: Final = 0.15
OOM_FACTOR: Final = 1.2
OOM_BYTES: Final = 100 * 2.0**20
_SHORT = "too little history: it takes 12 points over 6 h"
_UNASKED = "no history was asked for"


def recommendations(workloads: Sequence[WorkloadCapacity], past: Past) -> tuple[Recommendation, ...]:
    """One per workload with pods on nodes, the largest memory gap first; the unknown come last."""
    rows = [_recommend(workload, past) for workload in workloads if workload.pods]
    return tuple(sorted(rows, key=lambda row: -abs(row.memory.gap) if row.memory.gap is not None else 1.0))


def _recommend(workload: WorkloadCapacity, past: Past) -> Recommendation:
    key = (workload.cluster, workload.namespace, workload.kind, workload.workload)
    busiest = past.workload(key, "cpu", "busiest_pod")
    killed = past.oom_killed.get(key, 0.0) > 0
    # The peak is known over whatever history there is: its length is judged by the CPU's.
    peak = past.memory_peaks.get(key) if enough(busiest) else None
    cpu_used = percentile(busiest)
    requested = workload.per_pod("memory")
    cpu = None if cpu_used is None else cpu_used * (1 + MARGIN)
    memory = None if peak is None else recommended_memory(peak, requested, oom_killed=killed)
    return Recommendation(
        *key,
        team=workload.team,
        pods=workload.pods,
        cpu=_advice(workload, "cpu", cpu_used, cpu),
        memory=_advice(workload, "memory", peak, memory),
        oom_killed=int(past.oom_killed.get(key, 0.0)),
        reason=None if cpu is not None and memory is not None else _SHORT if past.history.milliseconds else _UNASKED,
    )


def recommended_memory(peak: float, requested: float | None, *, oom_killed: bool) -> float:
    """The peak and the margin; after an out-of-memory kill at least a fifth and 100 MiB more than was given or used.

    A killed container did not get as far as it wanted, so its peak is no measure.
    """
    usual = peak * (1 + MARGIN)
    if not oom_killed:
        return usual
    reached = max(peak, requested or 0.0)
    return max(usual, reached * OOM_FACTOR, reached + OOM_BYTES)


def _advice(workload: WorkloadCapacity, resource: str, used: float | None, recommended: float | None) -> Advice:
    requested, pods = workload.per_pod(resource), workload.pods
    known = requested is not None and recommended is not None and pods is not None
    gap = (requested - recommended) * pods if known else None  # type: ignore[operator]
    return Advice(requested, used, recommended, gap)
