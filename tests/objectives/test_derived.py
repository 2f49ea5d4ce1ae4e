"""The tests derived for objectives of every kind hold, and they notice what they are there to notice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from obsgen.check.promtool import prove
from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup
from obsgen.pipeline import Compiled, compile_stack
from obsgen.programs.checkers import Tool
from tests.objectives.promised import KINDS, compiled

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def kinds() -> Compiled:
    return compile_stack(HERE / "kinds.yaml")


def failures(promtool: Tool, compiled: Compiled, *only: str) -> list[str]:
    return [str(one) for one in prove(promtool, compiled.stack, compiled.bundle, only, located=False).findings]


def only(compiled: Compiled, objective: str) -> Compiled:
    """The stack with this one objective and nothing else to prove."""
    bundle = compiled.bundle
    sets = [replace(one, groups=tuple(g for g in one.groups if g.objective == objective)) for one in bundle.rule_sets]
    proofs = tuple(proof for proof in bundle.proofs if proof.objective == objective)
    return replace(compiled, bundle=replace(bundle, rule_sets=tuple(one for one in sets if one.groups), proofs=proofs))


def test_the_tests_of_every_kind_hold(promtool, kinds):
    assert failures(promtool, kinds, *{proof.alert for proof in kinds.bundle.proofs if proof.objective}) == []


def test_the_tests_of_a_native_histogram_hold(promtool):
    if promtool.version.major < 3:
        pytest.skip(f"promtool {promtool.version} does not know native histograms")
    assert failures(promtool, only(compile_stack(HERE / "native.yaml"), "native")) == []


def test_the_tests_hold_where_no_alert_watches_windows(promtool, tmp_path):
    off = {severity: {"enabled": False} for severity in ("critical", "warning")}
    quiet = {"target": "99.99%", "alerts": {"ErrorBudgetBurn": {"severities": off}}}
    assert failures(promtool, compiled(tmp_path, {**KINDS["errors"], **quiet})) == []


THRESHOLD = "max by (cluster) (avg_over_time((temperature_celsius > bool 30)[${window}:1m]))"
CROSSING = {"series": "temperature_celsius", "gauge": "${40 if v else 20}"}
COARSE = {
    "events are weighed": (
        "99.9%",
        {
            "weight": "sum by (cluster) (rate(batches_total[${window}]))",
            "feed": [CROSSING, {"series": "batches_total", "counter": "${events}"}],
        },
        {},
    ),
    # Three times the budget is 99 % of a day, which a window that is summed up sees only after the day.
    "a window has to be full": ("67%", {"feed": [CROSSING]}, {"critical": {"enabled": False}}),
}


@pytest.mark.parametrize("name", COARSE)
def test_the_tests_hold_where_all_fails_or_nothing(name, promtool, tmp_path):
    target, ratio, severities = COARSE[name]
    objective = {"target": target, "ratio": {"expr": THRESHOLD, "all_or_nothing": True, **ratio}}
    objective["alerts"] = {"ErrorBudgetBurn": {"severities": severities}}
    assert failures(promtool, compiled(tmp_path, objective)) == []


def test_every_alert_of_an_objective_has_a_test_that_fires_and_one_that_does_not(kinds):
    proofs = kinds.bundle.proofs_by_alert
    rules = [rule for rule in kinds.bundle.alerts if rule.objective]
    # Time has no traffic that could stop; one objective has that alert disabled, and a second step of its policy.
    assert len(rules) == 10 * 5 - 4 - 1 + 1
    for rule in rules:
        own = proofs[rule.key]
        assert any(one.fires for one in own)
        assert any(one.stays_silent for one in own)


PAGE, TICKET = ("ErrorBudgetBurn", "critical"), ("ErrorBudgetBurn", "warning")
SPENT, STOPPED, MISSING = (
    (alert, "warning") for alert in ("ErrorBudgetSpent", "ObjectiveTrafficStopped", "ObjectiveDataMissing")
)
IDS = 'component="orders",objective="errors"'
# The alert whose own tests have to notice it, the rule that is changed where that is another, and the change.
MUTANTS = {
    "a factor doubled": (PAGE, "", " > 0.0144", " > 0.0288"),
    "a factor halved": (PAGE, "", " > 0.0144", " > 0.0072"),
    "the slower factor doubled": (PAGE, "", " > 0.006", " > 0.012"),
    "the slower factor halved": (PAGE, "", " > 0.006", " > 0.003"),
    "the ticket's factor halved": (TICKET, "", " > 0.003", " > 0.0015"),
    "the short window's threshold halved": (
        PAGE,
        "",
        f"rate5m{{{IDS}}} > 0.0144",
        f"rate5m{{{IDS}}} > 0.0072",
    ),
    "the long window's threshold halved": (PAGE, "", f"rate6h{{{IDS}}} > 0.006", f"rate6h{{{IDS}}} > 0.003"),
    "fewer errors enough": (PAGE, "", ">= 5", ">= 2.5"),
    "more errors needed": (PAGE, "", ">= 5", ">= 10"),
    "the short window forgotten": (PAGE, "", "rate5m", "rate1h"),
    "the long window forgotten": (PAGE, "", "rate1h", "rate5m"),
    "one window enough": (PAGE, "", "and objective:error_ratio", "or objective:error_ratio"),
    "more of the budget left": (SPENT, "", "< 0.25", "< 0.5"),
    "less of the budget left": (SPENT, "", "< 0.25", "< 0.125"),
    "fewer errors enough to spend a budget": (SPENT, "", ">= 5", ">= 2.5"),
    "more errors needed to spend a budget": (SPENT, "", ">= 5", ">= 10"),
    "less traffic steady": (STOPPED, "", "> 0.01", "> 0.005"),
    "more traffic needed to be steady": (STOPPED, "", "> 0.01", "> 0.02"),
    "foreign traffic stopped": (
        STOPPED,
        "",
        f"(min_over_time(objective:total:rate5m{{{IDS}}}",
        '(min_over_time(objective:total:rate5m{component="orders"}',
    ),
    "another counter in place of one that is gone": (MISSING, "", 'job="orders",', ""),
    "stopped traffic turned round": (STOPPED, "", "unless", "and"),
    "a mean of ratios": (
        SPENT,
        "objective:error_ratio:rate30d",
        "objective:errors:increase30d",
        "60 * objective:total:increase30d * 0 + objective:errors:rate5m",
    ),
    "errors without a fallback": (STOPPED, "objective:errors:rate5m", "or 0 *", "and 0 *"),
    "clusters mixed": (SPENT, "objective:total:rate5m", "sum by (cluster)", "sum by (job)"),
    "a window that divides by other events": (PAGE, "objective:error_ratio:rate6h", "[6h]", "[5m]"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_noticed(promtool, kinds, name):
    noticed, where, old, new = MUTANTS[name]
    whole = only(kinds, "errors")
    tests = tuple(proof for proof in whole.bundle.proofs if (proof.alert, proof.severity) == noticed)
    tested = replace(whole, bundle=replace(whole.bundle, proofs=tests))
    assert failures(promtool, _changed(tested, where or noticed[0], old, new)) != [], name


def _changed(compiled: Compiled, where: str, old: str, new: str) -> Compiled:
    changed = 0

    def mutated(rule: AlertingRule | RecordingRule) -> AlertingRule | RecordingRule:
        nonlocal changed
        named = rule.alert if isinstance(rule, AlertingRule) else rule.record
        if named != where or old not in rule.expr:
            return rule
        changed += 1
        return replace(rule, expr=rule.expr.replace(old, new))

    sets = tuple(
        replace(one, groups=tuple(_with_rules(group, mutated) for group in one.groups))
        for one in compiled.bundle.rule_sets
    )
    assert changed, f"no rule '{where}' has {old}"
    return replace(compiled, bundle=replace(compiled.bundle, rule_sets=sets))


def _with_rules(group: RuleGroup, mutated: object) -> RuleGroup:
    assert callable(mutated)
    return replace(group, rules=tuple(mutated(rule) for rule in group.rules))
