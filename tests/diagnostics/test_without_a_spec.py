"""Diagnostics that no spec can bring about: the real functions on a bundle that was broken by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from obsgen.check.alerts import repeated_alert
from obsgen.check.amtool import route_findings
from obsgen.check.promtool import prove, rule_findings
from obsgen.check.routing import inhibition_on_missing_label, misrouted
from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.emit.target import emit
from obsgen.ir.routes import InhibitRule, RouteTest
from obsgen.ir.rules import AlertingRule, RuleSet
from obsgen.limits import MISTAKES
from obsgen.pipeline import Compiled, compile_stack
from obsgen.programs.checkers import find_tool
from obsgen.promql.matcher import Matcher
from obsgen.units import Duration, Version
from tests.diagnostics.case import BASE


@pytest.fixture(scope="module")
def good() -> Compiled:
    return compile_stack(BASE / "base.yaml")


def with_alerts(rules: RuleSet, changed: Callable[[AlertingRule], tuple[AlertingRule, ...]]) -> RuleSet:
    groups = tuple(
        replace(group, rules=tuple(one for rule in group.alerts for one in changed(rule))) for group in rules.groups
    )
    return replace(rules, groups=groups)


def test_two_rules_that_nobody_could_tell_apart_are_refused(good: Compiled) -> None:
    sets = tuple(with_alerts(rules, lambda rule: (rule, rule)) for rules in good.bundle.rule_sets)
    (first, *_) = repeated_alert(good.stack, replace(good.bundle, rule_sets=sets))
    assert first.code == "OBS415"
    assert first.message == "two rules are called 'QueueDeep' and carry the same labels"
    assert first.location
    assert first.location.source_line == "  QueueDeep:"


def test_an_inhibition_on_a_label_that_no_alert_carries_is_refused(good: Compiled) -> None:
    critical, warning = Matcher("severity", "=", "critical"), Matcher("severity", "=", "warning")
    rule = InhibitRule("critical-silences-warning", (critical,), (warning,), ("alertname", "zone"))
    assert good.bundle.routing
    routing = replace(good.bundle.routing, inhibit_rules=(rule,))
    sets = tuple(
        with_alerts(rules, lambda one: (replace(one, expr="sum by (cluster) (up)"),)) for rules in good.bundle.rule_sets
    )
    (found,) = inhibition_on_missing_label(good.stack, replace(good.bundle, routing=routing, rule_sets=sets))
    assert found.code == "OBS424"
    assert found.message == "inhibition 'critical-silences-warning' compares the label 'zone', which no alert can carry"


def test_a_route_that_amtool_walks_otherwise_is_a_failed_test(good: Compiled, tools: Path) -> None:
    expected = RouteTest({"alertname": "QueueDeep", "severity": "warning"}, ("night",))
    bundle = replace(good.bundle, route_tests=(expected,))
    (found,) = route_findings(find_tool("amtool", tools), good.stack, bundle)
    assert found.code == "OBS461"
    assert found.message.startswith("'QueueDeep' should reach night; amtool: ")
    assert "on-call" in found.message
    assert found.location
    assert found.location.source_line == "routing:"


def test_a_route_that_the_tree_does_not_have_is_a_failed_test(good: Compiled) -> None:
    expected = RouteTest({"alertname": "QueueDeep", "severity": "warning"}, ("night",))
    (found,) = misrouted(good.stack, replace(good.bundle, route_tests=(expected,)))
    assert found.code == "OBS461"
    assert found.message == "'QueueDeep' should reach night; the tree sends it to on-call"


def test_an_expression_that_only_promtool_refuses_is_shown_at_its_alert(good: Compiled, tools: Path) -> None:
    promtool = find_tool("promtool", tools)
    if promtool.version >= Version(2, 51):
        pytest.skip(f"promtool {promtool.version} knows the function that an older one refuses")
    sets = tuple(
        with_alerts(rules, lambda rule: (replace(rule, expr="histogram_avg(up)"),)) for rules in good.bundle.rule_sets
    )
    (first, *rest) = rule_findings(promtool, replace(good.bundle, rule_sets=sets))
    assert first.code == "OBS450"
    assert 'unknown function with name "histogram_avg"' in first.message
    assert first.location
    assert first.location.source_line == "  QueueDeep:"
    assert len(rest) == len(good.bundle.alerts) - 1


def test_a_proof_that_fails_is_shown_with_what_promtool_saw(good: Compiled, tools: Path) -> None:
    proof = next(one for one in good.bundle.proofs if one.alert == "QueueFull" and one.kind == "just above")
    early = tuple(replace(state, at=Duration(0)) for state in proof.states)
    bundle = replace(good.bundle, proofs=(replace(proof, states=early, rendered=()),))
    (found,) = prove(find_tool("promtool", tools), good.stack, bundle).findings
    assert found.code == "OBS452"
    assert found.message.startswith(f"the test '{proof.title}' of 'QueueFull' ({proof.severity}) fails:")
    assert "got: nil" in found.message


def test_a_view_that_cannot_be_loaded_says_what_a_view_is(good: Compiled, tmp_path: Path) -> None:
    (tmp_path / "pack.py").write_text("dashboard = None\n", encoding="utf-8")
    with pytest.raises(Diagnosed) as caught:
        emit(good.bundle, good.stack, "prometheus", tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "OBS501"
    assert found.hint
    assert "a function `dashboard(view)`" in found.hint


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("metadata: {name: größe}\n", encoding="utf-16")
    with pytest.raises(
        Diagnosed, match=r"OBS101: '.*spec\.yaml' is not text in UTF-8\n  hint: save it in that encoding"
    ):
        compile_stack(spec)


def test_more_mistakes_than_anybody_reads_are_counted() -> None:
    found = Diagnosed(Diagnostic("OBS111", f"unknown field 'f{number}'") for number in range(MISTAKES + 7))
    assert len(found.diagnostics) == MISTAKES + 1
    assert found.diagnostics[-1].code == "OBS121"
    assert found.diagnostics[-1].message == "7 more mistakes are not shown"
