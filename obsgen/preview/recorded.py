"""Adds to a file of samples what rules would have recorded over it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from obsgen.ir.rules import AlertingRule, RecordingRule
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.preview.choices import Span
from obsgen.promql.parse import metric_names
from obsgen.query.errors import PrometheusError, QueryFailed
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Matrix, Series


def add_recordings(
    path: Path, rules: Sequence[RecordingRule], *, seconds: float, step: float = 60.0, tools: Path | None = None
) -> tuple[str, ...]:
    """Evaluate the rules over the last `seconds` and append their samples to the file.

    Rules that read others come in later rounds. Gives what the server said against rules, which are left out as a
    Prometheus would. Raises what `serve_openmetrics` does.
    """
    left, end, refused = list(rules), newest_sample(path), list[str]()
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
                for series in _evaluated(prometheus, rule.record, rule.expr, Span(end - seconds, end, step), refused)
                for line in _lines(rule.record, {**series.labels, **rule.labels}, series.points)
            ]
        path.write_text(path.read_text().removesuffix("# EOF\n") + "".join([*lines, "# EOF\n"]))
        done = set(map(id, ready))
        left = [rule for rule in left if id(rule) not in done]
    return tuple(refused)


def add_alerts(path: Path, rules: Sequence[AlertingRule], *, seconds: float, step: float = 60.0) -> tuple[str, ...]:
    """Evaluate alerting rules alike, and append the series `ALERTS` that a Prometheus would have written."""
    end, refused = newest_sample(path), list[str]()
    with serve_openmetrics(path) as url, Prometheus(url, timeout=120) as prometheus:
        lines = [
            line
            for rule in rules
            for series in _evaluated(prometheus, rule.alert, rule.expr, _from(rule, end, seconds, step), refused)
            for line in _alert_lines(rule, series, end - seconds, step)
        ]
    path.write_text(path.read_text().removesuffix("# EOF\n") + "".join([*lines, "# EOF\n"]))
    return tuple(refused)


def _from(rule: AlertingRule, end: float, seconds: float, step: float) -> Span:
    """So early that an alert which waits is known to fire when the time that is shown begins."""
    return Span(end - seconds - rule.pending.seconds // step * step, end, step)


def _evaluated(prometheus: Prometheus, name: str, expr: str, span: Span, refused: list[str]) -> Matrix:
    try:
        return prometheus.range(expr, start=span.start, end=span.end, step=span.step)
    except QueryFailed as error:
        refused.append(f"{name}: {error}")
        return Matrix()


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
