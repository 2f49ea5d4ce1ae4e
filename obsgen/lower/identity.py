"""The labels in which the instances of an alert differ: what its expression lets through of what its series carry.

Never what its tests see it fire with: what is emitted must stay the same whatever a test feeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RecordingRule, RuleSet
from obsgen.model.stack import Component, Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.labels import label_flow
from obsgen.promql.matching import NAME
from obsgen.promql.parse import metric_names
from obsgen.promql.series import series_labels
from obsgen.promql.spoken_labels import spoken_labels
from obsgen.promql.template import labels_used
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.template import render

# What Prometheus writes on every target, and what its operator's monitors do.
TARGET_LABELS: Final = frozenset(
    {"cluster", "container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
)


_TARGETS: Final = ""


class Identities:
    """Knows the labels that the results of each alerting rule are told apart by."""

    def __init__(self, stack: Stack, bundle: Bundle) -> None:
        self._components = {one.name: one for one in stack.components}
        self._sets = {one.component: one for one in bundle.rule_sets}
        self._recorded = _recorded(rule for one in bundle.rule_sets for rule in one.recordings)
        self._spoken: dict[str, Mapping[str, frozenset[str]]] = {}

    def of(self, rule: AlertingRule) -> frozenset[str]:
        """The labels that can differ between two alerts of the rule.

        Where the expression keeps every label of its series, these are the labels of their target and those by which
        the component knows them. One too many does no harm: what both alerts lack counts as equal.
        """
        recordings = self._recordings(rule)
        flow = label_flow(rule.expr, recordings)
        known = self._known(rule, recordings) if flow.possible is None else flow.possible
        carried = {label for label in known if flow.can_have(label)} - {NAME}
        # What a rule writes stands in the place of what the series carry, and still differs where it reads them.
        return frozenset(carried - {name for name, text in rule.labels.items() if not labels_used(text)})

    def _recordings(self, rule: AlertingRule) -> Mapping[str, list[RecordingRule]]:
        """What the rule may read; what is recorded of objectives goes by the same names for each of them."""
        if not rule.objective:
            return self._recorded
        own = (one for one in self._sets[rule.labels["component"]].groups if one.objective == rule.objective)
        return {**self._recorded, **_recorded(recording for group in own for recording in group.recordings)}

    def _known(self, rule: AlertingRule, recordings: Mapping[str, list[RecordingRule]]) -> frozenset[str]:
        """The labels that the series which it reads are known to have, directly or through what is recorded."""
        exprs, reached = [rule.expr], set[str]()
        while exprs:
            found = metric_names(exprs.pop()) - reached
            reached |= found
            exprs += [one.expr for name in found for one in recordings.get(name, ())]
        texts = (*rule.annotations.values(), *rule.labels.values())
        spoken = self._spoken_of(rule.labels["component"])
        return TARGET_LABELS.union(
            spoken_labels(rule.expr), *map(labels_used, texts), *(spoken.get(one, ()) for one in (*reached, _TARGETS))
        )

    def _spoken_of(self, component: str) -> Mapping[str, frozenset[str]]:
        if component not in self._spoken:
            self._spoken[component] = _spoken(self._components[component], self._sets[component])
        return self._spoken[component]


def _recorded(rules: Iterable[RecordingRule]) -> dict[str, list[RecordingRule]]:
    found: dict[str, list[RecordingRule]] = {}
    for rule in rules:
        found.setdefault(rule.record, []).append(rule)
    return found


def _spoken(component: Component, rules: RuleSet) -> dict[str, frozenset[str]]:
    """By metric the labels by which the component knows its series; those of its targets under no metric."""
    found: dict[str, frozenset[str]] = {_TARGETS: frozenset(_given(component))}
    exprs = {rule.expr for group in rules.groups for rule in group.rules}
    for expr in exprs | {signal.expr for signal in component.signals.values()}:
        for metric in metric_names(expr):
            found[metric] = found.get(metric, frozenset()) | spoken_labels(expr)
    for labels in _declared(component):
        found[labels[NAME]] = found.get(labels[NAME], frozenset()) | labels.keys()
    for variable in component.variables:
        found[variable.metric] = found.get(variable.metric, frozenset()) | {variable.label}
    return found


def _given(component: Component) -> Iterator[str]:
    """The labels that its targets get beside the usual ones."""
    for job in component.jobs:
        yield from job.labels_from
    for source in component.sources.values():
        yield from source.labels


def _declared(component: Component) -> Iterator[Mapping[str, str]]:
    """The series of its signals as their exporter writes them, each by its labels: which alerts fire says nothing."""
    names = component.feed_names
    for feed in (feed for signal in component.signals.values() for feed in signal.feed):
        try:
            yield series_labels(names.series(render(feed.series, names)))
        except (TemplateFault, PromQLError):
            continue  # noted where it is fed
