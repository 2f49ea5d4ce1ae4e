"""When clusters and node pools reach their watermarks, by the trend of what their machines use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from obsgen.live.answers.trend import Trend, trend
from obsgen.live.answers.types import Crossing, Forecast
from obsgen.live.past import Past, Points, enough
from obsgen.live.types import Finding, NodeCapacity, cluster_title
from obsgen.live.watermarks import Watermark

_DAY: Final = 86_400.0
_RESOURCES = ("cpu", "memory")
# A line through one day says little about next month.
HORIZON: Final = 10.0
# A node that was away for more than half of the time would leave too few moments at which all are known.
_PRESENT = 0.5


def forecasts(
    nodes: Sequence[NodeCapacity], past: Past, watermarks: Mapping[str, Watermark], at: float
) -> tuple[Forecast, ...]:
    """Per cluster, then per pool, over schedulable, ready nodes; none where no history was asked for."""
    if not past.history.milliseconds:
        return ()
    found = []
    for cluster, pool, inside in _groups([node for node in nodes if node.takes_pods]):
        for resource in _RESOURCES:
            if resource in watermarks:
                points = _shares(cluster, resource, inside, past)
                found.append(forecast((cluster, pool, resource), points, watermarks[resource], at))
    return tuple(found)


def forecast(about: tuple[str, str | None, str], points: Points, watermark: Watermark, at: float) -> Forecast:
    """The forecast from shares of allocatable over time; `reason` says why a watermark has no time."""
    span = max(points) - min(points) if points else 0.0
    if not enough(points):
        count = len(points)
        short = f"too little history: {count} points over {span / 3600:.1f} h, where it takes 12 over 6 h"
        return Forecast(*about, count, span, None, None, None, None, None, None, short)
    line = trend(points)
    assert line is not None, "twelve points have slopes"
    warning, critical = (_crossing(line, mark, span, at) for mark in (watermark.warning, watermark.critical))
    per_day = (line.slope * _DAY, line.low * _DAY, line.high * _DAY)
    reason = _reason(line, critical, watermark)
    return Forecast(*about, len(points), span, line.level, *per_day, warning, critical, reason)


def forecast_findings(found: Sequence[Forecast], at: float) -> Iterator[Finding]:
    """A warning for each cluster that passes a critical watermark before as much time has gone as was looked at."""
    for row in found:
        mark = row.critical
        if row.pool is None and mark and mark.at is not None and at < mark.at <= at + row.span_seconds:
            moment = datetime.fromtimestamp(mark.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
            message = f"by its trend, {row.resource} of the machines reaches {mark.watermark:.0%} at {moment}"
            yield Finding("warning", cluster_title(row.cluster), message)


def _crossing(line: Trend, mark: float, span: float, at: float) -> Crossing:
    """A mark that is passed already is reached now; one past the horizon has no time."""
    if line.level >= mark:
        return Crossing(mark, at, at, at)

    def reached(slope: float) -> float | None:
        seconds = (mark - line.level) / slope if slope > 0 else None
        return at + seconds if seconds is not None and seconds <= HORIZON * span else None

    return Crossing(mark, reached(line.slope) if line.low > 0 else None, reached(line.high), reached(line.low))


def _reason(line: Trend, critical: Crossing, watermark: Watermark) -> str | None:
    if critical.at is not None:
        return None
    if line.level < watermark.critical and line.high <= 0:
        return "not rising"
    if line.low <= 0:
        return "no clear trend: the interval of the slope holds 0"
    return f"later than {HORIZON:.0f} times the history"


def _groups(
    nodes: Sequence[NodeCapacity],
) -> Iterator[tuple[str, str | None, list[NodeCapacity]]]:
    for cluster in sorted({node.cluster for node in nodes}):
        inside = [node for node in nodes if node.cluster == cluster]
        yield cluster, None, inside
        for pool in sorted({node.pool for node in inside if node.pool is not None}):
            yield cluster, pool, [node for node in inside if node.pool == pool]


def _shares(cluster: str, resource: str, nodes: Sequence[NodeCapacity], past: Past) -> Points:
    """Used by the machines / allocatable, at the moments at which all of them are known.

    A node that joined lately would look like growth, so it is left out of both.
    """
    seen = {
        node.node: past.machines.get((cluster, node.node, resource), {})
        for node in nodes
        if node.resources[resource].allocatable
    }
    most = max((len(points) for points in seen.values()), default=0)
    steady = [name for name, points in seen.items() if points and len(points) > _PRESENT * most]
    room = sum(node.resources[resource].allocatable or 0.0 for node in nodes if node.node in steady)
    if not room:
        return {}
    return {time: used / room for time, used in past.machine(cluster, steady, resource).items()}
