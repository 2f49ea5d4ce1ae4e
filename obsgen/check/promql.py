"""Checks of expressions: what the target can evaluate, and what would quietly be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from obsgen.diagnostics import Diagnostic, Location, did_you_mean
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RecordingRule
from obsgen.model.stack import Component, Stack
from obsgen.promql.functions import unknown_to
from obsgen.promql.labels import aggregations_without
from obsgen.promql.matcher import Matcher
from obsgen.promql.parse import metric_names, ranges, selectors
from obsgen.resolve.surroundings import SCRAPES_IN_A_WINDOW

Rule = AlertingRule | RecordingRule
# An objective's group begins with its errors, which read all that it measures.
MEASURED = 1
Within = Callable[[str], Collection[object]]


def written_rules(bundle: Bundle) -> Iterator[tuple[str, Rule]]:
    """Every rule that a person wrote a part of: of an objective only what it measures, not what is made of that."""
    for rules in bundle.rule_sets:
        for group in rules.groups:
            written = group.rules[:MEASURED] if group.objective else group.rules
            yield from ((rules.component, rule) for rule in written)


def _name(rule: Rule) -> str:
    return rule.alert if isinstance(rule, AlertingRule) else rule.record


def place_in(what: object, within: Within, rule: Rule, component: str, stack: Stack) -> Location | None:
    """Where a part of the rule stands: at the signal that brings it in, or else in the rule itself."""
    if not isinstance(rule, AlertingRule):
        return rule.origin
    own = next((one for one in stack.components if one.name == component), None)
    alert = own.alert(rule.alert, rule.severity, rule.part) if own else None
    signals = [own.signals[one.signal] for one in alert.conditions] if own and alert else []
    for signal in signals:
        if what in within(signal.expr):
            return signal.origin
    return rule.place("absent" if "absent" in rule.places else "expr")


def unknown_function(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A function that the stated version of Prometheus does not have."""
    version = stack.environment.prometheus.version

    def unknown(expr: str) -> list[str]:
        return unknown_to(expr, version)

    for component, rule in written_rules(bundle):
        for name in unknown(rule.expr):
            message = f"'{_name(rule)}' uses {name}, which Prometheus {version} does not know"
            hint = "state the version you run in environment.prometheus.version, or write it without"
            yield Diagnostic("OBS401", message, place_in(name, unknown, rule, component, stack), hint)


def missing_recording(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A recorded series that nothing records."""
    recordings = bundle.recordings
    for component, rule in written_rules(bundle):
        for name in sorted(metric_names(rule.expr)):
            if ":" in name and name not in recordings:
                hint = did_you_mean(name, recordings, noun="recorded series")
                where = place_in(name, metric_names, rule, component, stack)
                yield Diagnostic("OBS402", f"'{_name(rule)}' reads '{name}', which no rule records", where, hint)


def repeated_recording(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Two rules that record under one name mix their series."""
    places = {component.name: component.origin for component in stack.components}
    seen: dict[str, str] = {}
    recordings = bundle.recordings
    for component, rule in written_rules(bundle):
        if isinstance(rule, RecordingRule) and rule.record in recordings:
            other = seen.setdefault(rule.record, component)
            if other != component:
                message = f"'{rule.record}' is recorded for '{other}' and for '{component}'"
                hint = "use the pack once, or give the second use a pack of its own"
                yield Diagnostic("OBS407", message, places.get(component, rule.origin), hint)


def _recorded(component: Component) -> Iterator[str]:
    return (one.record for one in component.recordings)


def unused_recording(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A recording that nothing reads costs an evaluation each time for nothing."""
    read = {name for _, rule in written_rules(bundle) for name in metric_names(rule.expr)}
    read |= {
        name
        for component in stack.components
        for signal in component.signals.values()
        for name in metric_names(signal.expr)
    }
    # What read it may be left out here, and is there elsewhere.
    excused = {name for one in stack.components if one.left_out.signals for name in _recorded(one)}
    for record, rule in bundle.recordings.items():
        if record not in read | excused:
            hint = "read it in a signal or take it out"
            yield Diagnostic("OBS403", f"nothing reads '{record}'", rule.origin, hint, "warning")


def undeclared_metric(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A metric that the pack uses but does not list, so that nobody can ask whether it exists."""
    del bundle
    for component in stack.components:
        known = {
            *component.metrics,
            *_parameter_metrics(component),
            *(one.record for one in component.recordings),
        }
        for signal in component.signals.values():
            if signal.origin.file != component.places.root.file:
                continue
            for name in sorted(metric_names(signal.expr) - known):
                hint = did_you_mean(name, component.metrics, noun="listed metrics")
                message = f"signal '{signal.name}' reads '{name}', which is not under 'metrics'"
                yield Diagnostic("OBS404", message, signal.origin, hint)


def _parameter_metrics(component: Component) -> set[str]:
    parameters = component.feed_names["parameters"]
    assert isinstance(parameters, dict)
    return {one.metric for one in parameters.values() if hasattr(one, "metric")}


def short_range(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A window with fewer than four scrapes goes blind when one of them is lost."""
    usual = stack.environment.prometheus.scrape_interval
    intervals = {
        component.name: max((job.interval for job in component.jobs), default=usual) for component in stack.components
    }
    for name, rule in written_rules(bundle):
        if name not in intervals:
            continue
        interval = intervals[name]
        for use in ranges(rule.expr):
            if use.metric and use.range < interval * SCRAPES_IN_A_WINDOW:
                shown = f"{use.function}({use.metric}[{use.range}])"
                message = f"'{_name(rule)}' reads {shown}, less than {SCRAPES_IN_A_WINDOW} scrapes of {interval}"
                hint = "use ${rate_window}, which is always long enough"
                yield Diagnostic("OBS405", message, place_in(use, ranges, rule, name, stack), hint)


def repeated_buckets(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Buckets are the most numerous series that there are: an alert that reads them twice had better record them."""
    del bundle
    for component in stack.components:
        # A part of a divided alert reads what the whole does.
        for alert in {one.name: one for one in reversed(component.alerts)}.values():
            read = [component.signals[one.signal].expr for one in alert.conditions] or [alert.expr or ""]
            metrics = Counter(one.metric for expr in read if expr for one in selectors(expr))
            for metric in sorted(name for name, count in metrics.items() if name.endswith("_bucket") and count > 1):
                message = f"'{alert.name}' reads the buckets of '{metric}' {metrics[metric]} times"
                hint = "record their rate by (cluster, le, …), and read that"
                yield Diagnostic("OBS408", message, alert.origin, hint, "warning")


def dropped_cluster(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An aggregation that mixes clusters as soon as two of them share one backend."""
    recorded = {name: rule.expr for name, rule in bundle.recordings.items()}

    def mixing(expr: str) -> Collection[str]:
        return aggregations_without(expr, "cluster", recorded)

    for component, rule in written_rules(bundle):
        if "cluster" in rule.labels:
            continue  # whatever it aggregates, its results are of this cluster
        for text in mixing(rule.expr):
            shown = text if len(text) <= 60 else f"{text[:57]}..."
            message = f"'{_name(rule)}' aggregates the label 'cluster' away: {shown}"
            where = place_in(text, mixing, rule, component, stack)
            yield Diagnostic("OBS406", message, where, "aggregate by (cluster, …)")


def unlabelled_selection(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A selector by the label `cluster` where series lack it selects nothing."""
    if not stack.clusterless:
        return

    def by_cluster(expr: str) -> Collection[Matcher]:
        matchers = (one for selector in selectors(expr) for one in selector.matchers)
        return [one for one in matchers if one.name == "cluster" and not one.matches("")]

    seen = set[tuple[str, Matcher]]()
    for component, rule in written_rules(bundle):
        # A selector of the component stands in most of its rules.
        for matcher in dict.fromkeys(one for one in by_cluster(rule.expr) if (component, one) not in seen):
            seen.add((component, matcher))
            message = f"'{_name(rule)}' selects by {matcher}, and no series carries the label cluster here"
            where = place_in(matcher, by_cluster, rule, component, stack)
            hint = "take the matcher out; where series do carry the label, say environment.cluster_on: series"
            yield Diagnostic("OBS268", message, where, hint)
