"""Pass: one rule group for each objective, what it records before what it fires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup, RuleSet
from obsgen.lower import names
from obsgen.lower.objectives.alerting import objective_alert
from obsgen.lower.objectives.recording import Recorder
from obsgen.model.objectives import Objective
from obsgen.model.stack import Component, Stack


def objectives(stack: Stack, bundle: Bundle) -> Bundle:
    """The groups of every objective behind its component's own; a component without any rule leaves no set."""
    by_name = {component.name: component for component in stack.components}
    sets = tuple(_with_objectives(rules, by_name[rules.component], stack) for rules in bundle.rule_sets)
    return replace(bundle, rule_sets=tuple(rules for rules in sets if rules.groups))


def _with_objectives(rules: RuleSet, component: Component, stack: Stack) -> RuleSet:
    groups = tuple(objective_group(one, component, stack) for one in component.objectives)
    return replace(rules, groups=(*rules.groups, *groups)) if groups else rules


def objective_group(objective: Objective, component: Component, stack: Stack) -> RuleGroup:
    """In one group rules are evaluated in order, so that no alert reads what was recorded a minute ago."""
    return RuleGroup(
        names.objective_group(component, objective.name),
        tuple(_rules(objective, component, stack)),
        objective.interval,
        objective.name,
    )


def _rules(objective: Objective, component: Component, stack: Stack) -> Iterator[RecordingRule | AlertingRule]:
    yield from Recorder(objective, component).rules(stack.environment.cluster)
    for alert in objective.alerts:
        yield objective_alert(alert, objective, component, stack)
