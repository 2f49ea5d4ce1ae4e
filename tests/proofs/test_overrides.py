"""Overrides: a namespace, a team or certain labels with numbers of their own, and no series that fires twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from promql_parser import BinaryExpr

from obsgen.check.mutant_runs import tried
from obsgen.check.mutants import mutants
from obsgen.check.promtool import prove
from obsgen.emit.rules import groups_body
from obsgen.ir.rules import AlertingRule
from obsgen.ir.views import PackView
from obsgen.pipeline import Compiled, compile_stack
from obsgen.programs.checkers import Tool
from obsgen.promql.parse import one_line, parse

SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: divided, team: platform}
environment: {cluster: prod, runbooks: {base_url: https://git.example.com/runbooks}}
infrastructure:
  node:
    overrides:
      data:
        match: {labels: 'mountpoint=~"/data.*",fstype="xfs"'}
        thresholds: {filesystem_space_used: {warning: 93%, critical: 97%}}
kubernetes:
  workloads:
    overrides:
      payments:
        match: {namespace: [payments, billing]}
        team: payments
        alerts: {ContainerCrashLooping: {severity: critical, for: 1m}}
      commerce:
        match: {team: commerce}
        alerts: {ContainerCrashLooping: {for: 30m}}
      system:
        match: {namespace: kube-system}
        alerts: {ContainerCrashLooping: {enabled: false}}
applications:
  orders: {team: commerce, namespace: shop}
  mesh:
    pack: istio
    team: platform
    namespace: istio-system
    thresholds: {error_ratio: {warning: 5%}}
    alerts: {IstioDestinationErrorsHigh: {severities: {critical: {enabled: false}}}}
    overrides:
      payments:
        match: {namespace: payments}
        team: payments
        thresholds: {error_ratio: {critical: 1%}}
        alerts:
          IstioDestinationErrorsHigh:
            severities: {warning: {enabled: false}, critical: {enabled: true}}
routing:
  default: chat
  teams: {platform: {default: chat}, payments: {default: chat}, commerce: {default: chat}}
  receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}
"""
DIVIDED = ("NodeFilesystemSpaceLow", "ContainerCrashLooping", "IstioDestinationErrorsHigh")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    path = tmp_path_factory.mktemp("divided") / "spec.yaml"
    path.write_text(SPEC)
    return compile_stack(path)


def rules(compiled: Compiled, alert: str) -> list[AlertingRule]:
    return [rule for rule in compiled.bundle.alerts if rule.alert == alert]


def test_each_part_has_its_own_severity_time_and_team(compiled: Compiled):
    found = [
        (rule.part, rule.severity, str(rule.pending), rule.labels["team"])
        for rule in rules(compiled, "ContainerCrashLooping")
    ]
    assert found == [
        ("", "warning", "10m", "platform"),
        ("payments", "critical", "1m", "payments"),
        ("commerce", "warning", "30m", "platform"),
    ]


def test_a_part_by_several_labels_leaves_two_kinds_of_others(compiled: Compiled):
    whole = next(rule for rule in rules(compiled, "NodeFilesystemSpaceLow") if not rule.part)
    either = parse(whole.expr)
    assert isinstance(either, BinaryExpr)
    others, inside = one_line(either.lhs), one_line(either.rhs)
    assert 'mountpoint!~"/data.*"' in others
    assert 'fstype!="xfs"' in inside
    assert 'mountpoint=~"/data.*"' in inside


def test_every_part_is_proved(compiled: Compiled, promtool: Tool):
    found = prove(promtool, compiled.stack, compiled.bundle, DIVIDED)
    assert [str(one) for one in found.findings] == []
    assert {proof.part for proof in compiled.bundle.proofs} == {"", "payments", "commerce", "data"}


def test_payments_is_critical_at_one_per_cent_and_the_rest_a_warning_at_five(
    compiled: Compiled, refuted: Callable[..., str]
):
    """Three services fail for 2 %, 4 % and 6 % of their calls; only two of them are told of, each once."""
    failing = {"payments": (2, 98), "shop": (4, 96), "search": (6, 94)}
    series = [
        {
            "series": f'istio_requests_total{{cluster="prod",reporter="source",destination_service_namespace="{name}",'
            f'destination_service_name="api",destination_version="v1",response_code="{code}"}}',
            "values": f"0+{60 * count}x60",
        }
        for name, counts in failing.items()
        for code, count in zip(("503", "200"), counts, strict=True)
    ]
    mesh = next(one for one in compiled.bundle.rule_sets if one.component == "mesh")
    wanted = tuple(
        rule
        for group in mesh.groups
        for rule in group.rules
        if not isinstance(rule, AlertingRule) or rule.alert == "IstioDestinationErrorsHigh"
    )
    (group,) = groups_body([replace(mesh.groups[0], rules=wanted)])
    expected: list[dict[str, Any]] = [
        {
            "labels": 'ALERTS{alertname="IstioDestinationErrorsHigh",alertstate="firing",cluster="prod",'
            f'component="mesh",destination_service_name="api",destination_service_namespace="{name}",layer="application",'
            f'namespace="istio-system",severity="{severity}",team="{team}"}}',
            "value": 1,
        }
        for name, severity, team in (("payments", "critical", "payments"), ("search", "warning", "platform"))
    ]
    assert not refuted(group, series, [{"expr": "ALERTS", "eval_time": "50m", "exp_samples": expected}])


# A disk that is mounted twice makes the expression of machines long, and its mutants many.
@pytest.mark.parametrize(
    ("alert", "parts"),
    [
        ("ContainerCrashLooping", {"", "payments", "commerce"}),
        ("IstioDestinationErrorsHigh", {"", "payments"}),
        pytest.param("NodeFilesystemSpaceLow", {"", "data"}, marks=pytest.mark.e2e),
    ],
)
def test_tests_notice_a_part_that_loses_its_bounds(compiled: Compiled, promtool: Tool, alert: str, parts: set[str]):
    bounds = ("namespace", '/data.*"', '"xfs"', "comparison")
    dividing = [
        mutant
        for rule in rules(compiled, alert)
        for mutant in mutants(rule, compiled.bundle.recordings)
        if not mutant.excuse and any(word in mutant.change for word in bounds)
    ]
    assert {one.before.part for one in dividing} == parts
    found = tried(promtool, compiled.stack, compiled.bundle, dividing, lambda _done, _all: None)
    survivors = [one.mutant for one in found if not one.killed]
    assert [(one.before.part, one.change) for one in survivors] == []


def test_a_series_that_two_parts_take_is_noticed(compiled: Compiled, promtool: Tool):
    """The rest without its bounds is right about itself: only all parts together show what fires twice."""

    def widened(rule: AlertingRule | Any) -> Any:
        if not isinstance(rule, AlertingRule) or rule.alert not in DIVIDED or rule.part:
            return rule
        return replace(
            rule, expr=" or ".join([rule.expr, *(one.expr for one in rules(compiled, rule.alert) if one.part)])
        )

    sets = tuple(
        replace(one, groups=tuple(replace(group, rules=tuple(map(widened, group.rules))) for group in one.groups))
        for one in compiled.bundle.rule_sets
    )
    apart = tuple(proof for proof in compiled.bundle.proofs if proof.kind == "apart")
    found = prove(promtool, compiled.stack, replace(compiled.bundle, rule_sets=sets, proofs=apart), DIVIDED)
    assert len(apart) == len(DIVIDED)
    assert {one for one in DIVIDED if any(one in str(finding) for finding in found.findings)} == set(DIVIDED)


def test_the_drawn_thresholds_are_those_of_the_rest(compiled: Compiled):
    view = next(one for one in compiled.bundle.views if isinstance(one, PackView) and one.component == "node")
    signal = next(one for row in view.rows for one in row.signals if one.name == "filesystem_space_used")
    assert sorted(line.value for line in signal.lines) == [0.6, 0.8, 0.85, 0.95]
