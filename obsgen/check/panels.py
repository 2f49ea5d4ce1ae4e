"""Checks of panels against what stands behind them: labels, metrics and the alerts' own thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.check.views import broken_queries
from obsgen.diagnostics import Diagnostic
from obsgen.ir.asked import asked_queries
from obsgen.ir.bundle import Bundle, View
from obsgen.ir.topics import Question, TopicView
from obsgen.ir.views import PackView, ThresholdLine
from obsgen.model.stack import Component, Stack
from obsgen.promql.labels import label_flow
from obsgen.promql.parse import metric_names

# What Prometheus makes itself, of every target and every alert.
_ALWAYS_THERE = frozenset({"ALERTS", "ALERTS_FOR_STATE", "up", "scrape_duration_seconds", "scrape_samples_scraped"})


def broken_topic(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A query about the whole platform that Grafana could not send."""
    return broken_queries((view for view in bundle.views if isinstance(view, TopicView)), stack)


def lost_legend(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A name made of a label that the query's answers cannot have: it would stay empty."""
    recorded = {name: rule.expr for name, rule in bundle.recordings.items()}
    for view in bundle.views:
        for one in asked_queries(view, stack):
            if not one.labels or one.fault:
                continue
            flow = label_flow(one.filled, recorded)
            for label in one.labels:
                if not flow.can_have(label):
                    message = f"the panel of '{one.about}' names its series by '{label}', which the query drops"
                    hint = "keep the label in the query's aggregations, or name the series by another"
                    yield Diagnostic("OBS442", message, one.origin, hint, "warning")


def unknown_panel_metric(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A metric that a dashboard of the platform reads although nobody says that it exists."""
    known = {name for one in stack.components for name in (*one.metrics, *_signal_metrics(one))}
    known |= _ALWAYS_THERE | bundle.recordings.keys()
    for view in bundle.views:
        if not isinstance(view, TopicView):
            continue
        for one in asked_queries(view, stack):
            read = set() if one.fault else metric_names(one.filled)
            for name in sorted(read - known - set(view.metrics)):
                message = f"the panel of '{one.about}' reads '{name}', which neither a pack nor the view declares"
                yield Diagnostic("OBS443", message, one.origin, "name it under the view's metrics")


def foreign_threshold(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A line in a panel at a number that no alert has."""
    own = {
        (condition.threshold, alert.severity)
        for component in stack.components
        for alert in component.alerts
        for condition in alert.conditions
    }
    for view in bundle.views:
        for about, line in _lines(view):
            if (line.value, line.severity) not in own:
                message = f"the panel of '{about}' has a line at {line.value:g} ({line.severity}), which no alert has"
                yield Diagnostic("OBS444", message, hint="take lines from the alerts that watch the signal")


def _lines(view: View) -> Iterator[tuple[str, ThresholdLine]]:
    if isinstance(view, PackView):
        yield from ((seen.name, line) for row in view.rows for seen in row.signals for line in seen.lines)
    elif isinstance(view, TopicView):
        entries = (entry for row in view.rows for entry in row.entries)
        yield from ((one.title, line) for one in entries if isinstance(one, Question) for line in one.lines)


def _signal_metrics(component: Component) -> set[str]:
    return {name for signal in component.signals.values() for name in metric_names(signal.expr)}
