"""Everything in a bundle that reads series: alerts, recordings, objectives and panels, each with its expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from obsgen.ir.asked import asked_queries
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup, RuleSet
from obsgen.ir.topics import TopicView
from obsgen.live.coverage.types import Kind
from obsgen.model.stack import Stack


@dataclass(frozen=True, slots=True)
class Reader:
    """One of them; `component` is empty of what is about the whole platform."""

    kind: Kind
    layer: str
    component: str
    name: str
    exprs: tuple[str, ...]
    severity: str = ""


def readers(stack: Stack, bundle: Bundle) -> Iterator[Reader]:
    """All of them: rules in their order, then panels."""
    for rules in bundle.rule_sets:
        for group in rules.groups:
            yield from _of_group(rules, group)
    for view in bundle.views:
        component = "" if isinstance(view, TopicView) else view.component
        for query in asked_queries(view, stack):
            name = query.about if component == "" else f"{view.title}: {query.about}"
            yield Reader("panel", view.layer, component, name, (query.for_everything,))


def _of_group(rules: RuleSet, group: RuleGroup) -> Iterator[Reader]:
    if group.objective:
        # Its many recordings are parts of one measurement.
        exprs = tuple(rule.expr for rule in group.recordings)
        yield Reader("objective", rules.layer, rules.component, group.objective, exprs)
    for rule in group.rules:
        if isinstance(rule, AlertingRule):
            name = " ".join(filter(None, (rule.alert, rule.objective, rule.part)))
            yield Reader("alert", rules.layer, rules.component, name, (rule.expr,), rule.severity)
        elif not group.objective:
            yield Reader("recording", rules.layer, rules.component, rule.record, (rule.expr,))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording rule and the component that it is of."""

    component: str
    rule: RecordingRule


def recorded(bundle: Bundle) -> dict[str, list[Recorded]]:
    """Every recording rule by what it records; those of objectives share their names."""
    found: dict[str, list[Recorded]] = {}
    for rules in bundle.rule_sets:
        for group in rules.groups:
            for rule in group.recordings:
                found.setdefault(rule.record, []).append(Recorded(rules.component, rule))
    return found
