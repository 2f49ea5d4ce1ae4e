"""Rules cut into files: one for what a component records, one for each of its alerts at each severity.

promtool's time is tests × rules loaded × steps, and it compares all alerts of one name at once: so a test must be
able to load one alert at one severity and no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.ir.rules import AlertingRule, RuleGroup, RuleSet
from obsgen.promql.parse import metric_names
from obsgen.spec.layers import Severity
from obsgen.units import Duration


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules: the component's recording rules where `rule` is None, else that one alert."""

    path: str
    component: str
    rule: AlertingRule | None
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True)
class UnitTestFile:
    """A file of tests: every proof of one alert that shares a spacing, and the rules that it loads."""

    path: str
    step: Duration
    rules: tuple[RuleFile, ...]
    proofs: tuple[Proof, ...]


def rule_files(bundle: Bundle) -> tuple[RuleFile, ...]:
    """Every rule file, in the order of the bundle."""
    return tuple(one for rules in bundle.rule_sets for one in _files(rules))


def _files(rules: RuleSet) -> Iterator[RuleFile]:
    recorded = tuple(group for group in rules.groups if group.recordings)
    if recorded:
        yield RuleFile(f"rules/{rules.name}.recordings.yaml", rules.component, None, recorded)
    severities = Counter(rule.alert for rule in rules.alerts)
    for rule in rules.alerts:
        name = f"{rule.alert}.{rule.severity}" if severities[rule.alert] > 1 else rule.alert
        group = RuleGroup(f"{rules.layer}.{rules.component}.{name}", (rule,))
        yield RuleFile(f"rules/{rules.name}.{name}.yaml", rules.component, rule, (group,))


def unit_test_files(bundle: Bundle) -> Iterator[UnitTestFile]:
    """Every test file, in the order of the rule files."""
    by_rule: dict[tuple[str, str, Severity], dict[Duration, list[Proof]]] = defaultdict(lambda: defaultdict(list))
    for proof in bundle.proofs:
        by_rule[proof.component, proof.alert, proof.severity][proof.interval].append(proof)
    files = rule_files(bundle)
    recordings = {one.component: one for one in files if one.rule is None}
    for one in files:
        if one.rule is None:
            continue
        for step, proofs in sorted(by_rule[one.component, one.rule.alert, one.rule.severity].items()):
            name = one.path.removeprefix("rules/").removesuffix(".yaml")
            below = recordings.get(one.component)
            loaded = (below, one) if below and _reads_any(one, below) else (one,)
            yield UnitTestFile(f"rule-tests/{name}-{step}.yaml", step, loaded, tuple(proofs))


def _reads_any(alerts: RuleFile, recordings: RuleFile) -> bool:
    recorded = {rule.record for group in recordings.groups for rule in group.recordings}
    return any(metric_names(rule.expr) & recorded for group in alerts.groups for rule in group.alerts)
