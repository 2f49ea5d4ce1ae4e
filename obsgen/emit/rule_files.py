"""Rules cut into files: one for what a component records, one for each of its alerts.

promtool's time is tests × rules loaded × steps, so a test must be able to load one alert and no more. The severities of
one alert stay in one group, the gravest first: evaluated together, a critical alert is known before the warning that it
silences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.ir.rules import RuleGroup, RuleSet
from obsgen.promql.parse import metric_names
from obsgen.spec.layers import SEVERITIES
from obsgen.units import Duration


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules: one alert or a part of one, one objective whole, or else what the component records."""

    path: str
    component: str
    alert: str
    groups: tuple[RuleGroup, ...]
    objective: str = ""
    part: str = ""


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
    recorded = tuple(group for group in rules.groups if group.recordings and not group.objective)
    if recorded:
        yield RuleFile(f"rules/{rules.name}.recordings.yaml", rules.component, "", recorded)
    plain = [rule for rule in rules.alerts if not rule.objective]
    for alert, part in dict.fromkeys((rule.alert, rule.part) for rule in plain):
        of_name = [rule for rule in plain if (rule.alert, rule.part) == (alert, part)]
        graded = tuple(sorted(of_name, key=lambda rule: SEVERITIES.index(rule.severity)))
        name = f"{alert}.{part}" if part else alert
        group = RuleGroup(f"{rules.layer}.{rules.component}.{name}", graded)
        yield RuleFile(f"rules/{rules.name}.{name}.yaml", rules.component, alert, (group,), part=part)
    for group in rules.groups:
        if group.objective:
            path = f"rules/{rules.name}.objective-{group.objective}.yaml"
            yield RuleFile(path, rules.component, "", (group,), group.objective)


def unit_test_files(bundle: Bundle) -> Iterator[UnitTestFile]:
    """Every test file, in the order of the rule files."""
    by_file: dict[tuple[str, str, str, str], dict[Duration, list[Proof]]] = defaultdict(lambda: defaultdict(list))
    apart: list[Proof] = []
    for proof in bundle.proofs:
        alert = "" if proof.objective else proof.alert
        if proof.kind == "apart":
            apart.append(proof)
        else:
            by_file[proof.component, alert, proof.objective, proof.part][proof.interval].append(proof)
    files = rule_files(bundle)
    recordings = {one.component: one for one in files if not one.alert and not one.objective}
    for one in files:
        for step, proofs in sorted(by_file[one.component, one.alert, one.objective, one.part].items()):
            below = None if one.objective else recordings.get(one.component)
            yield UnitTestFile(f"rule-tests/{_name(one)}-{step}.yaml", step, _loaded(below, [one]), tuple(proofs))
    for proof in apart:
        parts = [one for one in files if (one.component, one.alert) == (proof.component, proof.alert)]
        path = f"rule-tests/{_name(parts[0])}.apart-{proof.interval}.yaml"
        yield UnitTestFile(path, proof.interval, _loaded(recordings.get(proof.component), parts), (proof,))


def _name(rules: RuleFile) -> str:
    return rules.path.removeprefix("rules/").removesuffix(".yaml")


def _loaded(below: RuleFile | None, rules: Sequence[RuleFile]) -> tuple[RuleFile, ...]:
    return (below, *rules) if below and any(_reads_any(one, below) for one in rules) else tuple(rules)


def _reads_any(alerts: RuleFile, recordings: RuleFile) -> bool:
    recorded = {rule.record for group in recordings.groups for rule in group.recordings}
    return any(metric_names(rule.expr) & recorded for group in alerts.groups for rule in group.alerts)
