"""Rules with one thing wrong each: what the derived tests must notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RuleGroup, RuleSet
from obsgen.units import Duration

_COMPARISON = re.compile(r" (>=|<=|==|!=|>|<) (-?[\d.]+)(?=\)|$)")
_FLIPPED = {">": "<", ">=": "<", "<": ">", "<=": ">", "==": "!=", "!=": "=="}


def mutants(rule: AlertingRule) -> Iterator[tuple[str, AlertingRule]]:
    """The rule's mutants, each named after what was done to it."""
    for number, found in enumerate(_COMPARISON.finditer(rule.expr)):
        operator, threshold = found[1], float(found[2])
        before, after = rule.expr[: found.start()], rule.expr[found.end() :]
        yield (
            f"comparison {number} flipped",
            replace(rule, expr=f"{before} {_FLIPPED[operator]} {found[2]}{after}"),
        )
        if threshold:
            for factor in (2, 0.5):
                changed = f"{before} {operator} {threshold * factor!r}{after}"
                yield f"threshold {number} × {factor}", replace(rule, expr=changed)
    if rule.pending.milliseconds:
        yield "for dropped", replace(rule, pending=Duration(0))
        yield "for halved", replace(rule, pending=Duration(rule.pending.milliseconds // 2))
    yield "for doubled", replace(rule, pending=rule.pending * 2 + Duration(3_600_000))
    other = "warning" if rule.severity == "critical" else "critical"
    yield "severity changed", replace(rule, labels={**rule.labels, "severity": other})
    yield (
        "description changed",
        replace(rule, annotations={**rule.annotations, "description": "something else"}),
    )


def with_rule(bundle: Bundle, old: AlertingRule, new: AlertingRule) -> Bundle:
    """The bundle with one rule replaced, its tests as they were."""

    def swapped(group: RuleGroup) -> RuleGroup:
        return replace(group, rules=tuple(new if rule is old else rule for rule in group.rules))

    def searched(rules: RuleSet) -> RuleSet:
        return replace(rules, groups=tuple(swapped(group) for group in rules.groups))

    return replace(bundle, rule_sets=tuple(searched(rules) for rules in bundle.rule_sets))
