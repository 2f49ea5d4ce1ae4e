"""Objectives as they resolve: exact numbers, one field over another, and what is left out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from obsgen.model.objectives import Objective
from obsgen.pipeline import load_stack
from tests.diagnostics.case import BASE

HEAD = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t}
environment: {cluster: prod, runbooks: {base_url: "https://git.example.com/r"}}
routing:
  default: chat
  teams: {shop: {default: chat}}
  receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}
"""
Resolve = Callable[..., list[Objective]]


@pytest.fixture
def resolve(tmp_path: Path) -> Resolve:
    def resolved(written: str, section: str = "applications") -> list[Objective]:
        who = "team: shop, namespace: shop, " if section == "applications" else ""
        name = "orders" if section == "applications" else "apiserver"
        spec = tmp_path / "spec.yaml"
        spec.write_text(f"{HEAD}{section}:\n  {name}: {{{who}objectives: {{{written}}}}}\n")
        return [one for component in load_stack(spec).components for one in component.objectives]

    return resolved


def burn(objective: Objective) -> list[tuple[str, float, float]]:
    return [
        (str(window.long), round(window.factor, 4), window.threshold)
        for alert in objective.alerts
        for window in alert.windows
    ]


# Shares of the budget from the tables, times the period, over the long window.
@pytest.mark.parametrize(
    ("period", "factors"),
    [
        ("7d", [13.44, 3.5, 1.4, 0.98]),
        ("28d", [13.44, 5.6, 2.8, 0.9333]),
        ("4w", [13.44, 5.6, 2.8, 0.9333]),
        ("30d", [14.4, 6.0, 3.0, 1.0]),
        ("month", [14.4, 6.0, 3.0, 1.0]),
        ("90d", [43.2, 18.0, 9.0, 3.0]),
    ],
)
def test_factors_are_the_shares_of_the_table_in_this_period(resolve, period, factors):
    (objective,) = resolve(f"a: {{target: 99.9%, period: {period}, gauge: ok}}")
    assert [factor for _, factor, _ in burn(objective)] == factors
    assert [long for long, _, _ in burn(objective)] == ["1h", "6h", "1d", "3d"]


@pytest.mark.parametrize("target", ["99.9%", "0.999"])
def test_a_budget_is_exact_however_the_target_is_written(resolve, target):
    (objective,) = resolve(f"a: {{target: {target}, gauge: ok}}")
    assert objective.budget == 0.001
    assert [threshold for _, _, threshold in burn(objective)] == [0.0144, 0.006, 0.003, 0.001]
    assert str(objective.period) == "30d"


def test_a_pack_s_objective_is_changed_field_by_field(resolve):
    as_packed = {one.name: one for one in resolve("", "kubernetes")}
    changed = {one.name: one for one in resolve("availability: {target: 99.95%}", "kubernetes")}
    assert changed.keys() == as_packed.keys()
    assert (as_packed["availability"].target, changed["availability"].target) == (0.999, 0.9995)
    assert changed["availability"].sli == as_packed["availability"].sli
    assert changed["latency-write"] == as_packed["latency-write"]


def test_another_measure_takes_the_place_of_the_pack_s(resolve):
    changed = {one.name: one for one in resolve("availability: {gauge: probe_success}", "kubernetes")}
    assert type(changed["availability"].sli).__name__ == "GoodTime"


def test_a_tier_that_could_never_fire_may_be_disabled(resolve):
    (objective,) = resolve(
        "a: {target: 90%, gauge: ok, alerts: {ErrorBudgetBurn: {severities: {critical: {enabled: false}}}}}"
    )
    assert [(alert.name, alert.severity) for alert in objective.alerts if alert.windows] == [
        ("ErrorBudgetBurn", "warning")
    ]
    assert [setting.name for setting in objective.disabled] == ["ErrorBudgetBurn critical"]


def test_events_are_guarded_against_few_errors_and_time_is_not(resolve):
    events, time = resolve("a: {target: 99%, errors: failed_total, total: all_total}, b: {target: 99%, gauge: ok}")
    assert (events.minimum_errors, time.minimum_errors) == (5.0, 0.0)
    names = [[alert.name for alert in one.alerts] for one in (events, time)]
    assert "ObjectiveTrafficStopped" in names[0]
    assert "ObjectiveTrafficStopped" not in names[1]


def test_whole_bounds_match_both_spellings_of_le(resolve):
    (half,) = resolve("a: {target: 99%, latency: {histogram: s, under: 500ms}}")
    (whole,) = resolve("a: {target: 99%, latency: {histogram: s, under: 1s}}")
    assert 'le="0.5"' in half.sli.bucket.selector
    assert r'le=~"1(\\.0)?"' in whole.sli.bucket.selector


def test_a_pack_s_change_to_traffic_does_not_hold_where_time_is_measured(resolve):
    changed = {one.name: one for one in resolve("latency-read-cluster: {gauge: probe_success}", "kubernetes")}
    assert "ObjectiveTrafficStopped" not in [alert.name for alert in changed["latency-read-cluster"].alerts]


@pytest.mark.parametrize(("period", "days"), [("1w", 7), ("14d", 14), ("2w3d", 17), ("90d", 90)])
def test_periods_are_read_in_weeks_and_days(resolve, period, days):
    (objective,) = resolve(f"a: {{target: 99%, period: {period}, gauge: ok}}")
    assert objective.period.milliseconds == days * 86_400_000


def test_objectives_of_one_component_stand_beside_each_other(resolve):
    found = resolve("a: {target: 99%, gauge: ok}, b: {target: 99.5%, gauge: ok}")
    assert [(one.name, one.target) for one in found] == [("a", 0.99), ("b", 0.995)]


@pytest.mark.parametrize(("given", "names"), [("", []), ("parameters: {broker: taken}", ["delivery"])])
def test_an_objective_is_left_out_until_its_parameters_are_given(tmp_path, given, names):
    shutil.copytree(BASE / "packs", tmp_path / "packs")
    with (tmp_path / "packs/kubernetes/queue/pack.yaml").open("a", encoding="utf-8") as pack:
        pack.write("objectives: {delivery: {target: 99%, gauge: '${parameters.broker}', needs: [broker]}}\n")
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"{HEAD}packs: [packs]\nkubernetes: {{queue: {{{given}}}}}\n")
    assert [one.name for component in load_stack(spec).components for one in component.objectives] == names
