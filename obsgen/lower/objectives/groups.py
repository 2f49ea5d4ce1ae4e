"""Pass: one rule group for each objective, what it records before what it fires."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import RuleSet
from obsgen.model.stack import Component, Stack


def objectives(stack: Stack, bundle: Bundle) -> Bundle:
    """The groups of every objective behind its component's own; a component without any rule leaves no set."""
    by_name = {component.name: component for component in stack.components}
    sets = tuple(_with_objectives(rules, by_name[rules.component], stack) for rules in bundle.rule_sets)
    return replace(bundle, rule_sets=tuple(rules for rules in sets if rules.groups))


def _with_objectives(rules: RuleSet, component: Component, stack: Stack) -> RuleSet:
    if not component.objectives:
        return rules
    from obsgen.lower.objectives.group import objective_group

    groups = tuple(objective_group(one, component, stack) for one in component.objectives)
    return replace(rules, groups=(*rules.groups, *groups))
