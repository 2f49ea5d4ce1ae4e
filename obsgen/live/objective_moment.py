"""The moment that a report on objectives speaks of: the newest up to which every cluster has recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from obsgen.live.objective_queries import Chosen, newest_queries
from obsgen.live.probe import NothingToReport, age_warning
from obsgen.live.types import cluster_title
from obsgen.lower import names
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Vector, moment


def evaluation_moment(prometheus: Prometheus, chosen: Chosen, at: float | None) -> tuple[float, Sequence[str]]:
    """The time up to which every cluster's rules have recorded, and which clusters have stopped to."""
    now = prometheus.server_time() if at is None else at
    fresh, late = (prometheus.instant(query, at=now) for query in newest_queries(chosen).values())
    times = _times(late)
    newest = _times(fresh) or times
    if not newest:
        raise NothingToReport(nothing_recorded(prometheus, chosen, now))
    evaluated = now if at is not None else min(now, *newest.values())
    stopped = [
        f"{cluster_title(cluster)} has recorded nothing for {round((now - time) / 60)} min and is left out: "
        "are its Prometheus and its remote write alive?"
        for cluster, time in sorted(times.items())
        if cluster not in newest
    ]
    return evaluated, (*fresh.warnings, *late.warnings, *age_warning(now - evaluated), *stopped)


def _times(vector: Vector) -> dict[str, float]:
    """By cluster."""
    return {sample.labels.get("cluster", ""): time for sample in vector if (time := moment(sample.value)) is not None}


def nothing_recorded(prometheus: Prometheus, chosen: Chosen, at: float) -> str:
    """What to say where no objective is to be found: what was looked for, when, and what may be wrong."""
    then = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"'{prometheus.title}' holds no series {chosen.series(names.TARGET)} at {then}: are the rules loaded? "
        "Compile a spec with objectives and load what comes out, or another address or tenant is meant"
    )
