"""Adds to a file of samples what rules would have recorded over it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from obsgen.ir.rules import AlertingRule, RecordingRule
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.promql.parse import metric_names
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Series


def add_recordings(
    path: Path, rules: Sequence[RecordingRule], *, seconds: float, step: float = 60.0, tools: Path | None = None
) -> None:
    """Evaluate the rules over the last `seconds` and append their samples to the file.

    Rules that read others come in later rounds. Raises what `serve_openmetrics` and a query do.
    """
    left, end = list(rules), newest_sample(path)
    while left:
        missing = {rule.record for rule in left}
        ready = [rule for rule in left if not (metric_names(rule.expr) - {rule.record}) & missing]
        if not ready:
            msg = f"these rules read one another in a circle: {', '.join(sorted(missing))}"
            raise PrometheusError(msg)
        with serve_openmetrics(path, tools=tools) as url, Prometheus(url, timeout=120) as prometheus:
            lines = [
                line
                for rule in ready
                for series in prometheus.range(rule.expr, start=end - seconds, end=end, step=step)
                for line in _lines(rule.record, {**series.labels, **rule.labels}, series.points)
            ]
        path.write_text(path.read_text().removesuffix("# EOF\n") + "".join([*lines, "# EOF\n"]))
        done = set(map(id, ready))
        left = [rule for rule in left if id(rule) not in done]


def add_alerts(path: Path, rules: Sequence[AlertingRule], *, seconds: float, step: float = 60.0) -> None:
    """Evaluate alerting rules alike, and append the series `ALERTS` that a Prometheus would have written."""
    end = newest_sample(path)
    with serve_openmetrics(path) as url, Prometheus(url, timeout=120) as prometheus:
        lines = [
            line
            for rule in rules
            for series in prometheus.range(
                rule.expr, start=end - seconds - rule.pending.seconds // step * step, end=end, step=step
            )
            for line in _alert_lines(rule, series, end - seconds, step)
        ]
    path.write_text(path.read_text().removesuffix("# EOF\n") + "".join([*lines, "# EOF\n"]))


def _alert_lines(rule: AlertingRule, series: Series, start: float, step: float) -> Iterator[str]:
    """One line for each moment of the span; an alert is pending until its expression has held for long enough."""
    labels = {**series.labels, **rule.labels, "alertname": rule.alert}
    active = before = -math.inf
    for moment, _ in series.points:
        active = active if moment - before <= step else moment
        before = moment
        if moment >= start:
            state = "firing" if moment - active >= rule.pending.seconds else "pending"
            yield from _lines("ALERTS", {**labels, "alertstate": state}, [(moment, 1.0)])


def _lines(name: str, labels: Mapping[str, str], points: Iterable[tuple[float, float]]) -> Iterator[str]:
    written = ",".join(f"{key}={_quoted(value)}" for key, value in labels.items() if key != "__name__")
    return (f"{name}{{{written}}} {value!r} {moment}\n" for moment, value in points)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'"{escaped}"'
