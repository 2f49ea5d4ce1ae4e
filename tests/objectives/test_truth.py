"""What is recorded of a period is the share of all events in it, counted here one by one."""

from __future__ import annotations

from typing import Any

import pytest

from obsgen.units import Version
from tests.objectives.burning import BUDGET
from tests.objectives.fed import Stretch, counter, series
from tests.objectives.promised import IDS, KINDS, rule_group

DAY = 24 * 60
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")
# 23 hours at one event a second, and one at a thousand of which a tenth fails.
SPIKY = [Stretch(12 * 60, 0.0, 60), Stretch(60, 0.1, 60_000), Stretch(11 * 60, 0.0, 60)]
STEADY = [Stretch(DAY, 0.0, 600)]
FAILING = [Stretch(6 * 60, 0.0, 600), Stretch(30, 0.5, 600), Stretch(DAY - 6 * 60 - 30, 0.001, 600)]


def truth(course: list[Stretch], *, of_time: bool = False) -> float:
    """Failed events over all events; failed minutes over all minutes."""
    weights = [stretch.minutes * (1 if of_time else stretch.events) for stretch in course]
    return sum(w * stretch.share for w, stretch in zip(weights, course, strict=True)) / sum(weights)


def question(expr: str, value: float, at: int = DAY) -> dict[str, Any]:
    """The expression has this one value."""
    return {"expr": expr, "eval_time": f"{at}m", "exp_samples": [{"labels": "{}", "value": value}]}


def near(scenario: str, expected: float, at: int = DAY, period: str = "rate30d") -> list[dict[str, Any]]:
    """The ratio of the period is true to one per cent, and so is what is left of the budget."""
    ids = f'{{{IDS},scenario="{scenario}"}}'
    ratio = f"max(objective:error_ratio:{period}{ids})"
    left = f"max(objective:error_budget:remaining{ids})"
    return [
        question(f"abs({ratio} - {expected!r}) <= bool {expected * 0.01!r}", 1, at),
        question(f"abs({left} - {1 - expected / BUDGET!r}) <= bool {expected / BUDGET * 0.01 + 1e-9!r}", 1, at),
    ]


def finite(scenario: str) -> list[dict[str, Any]]:
    """At every evaluation each window's ratio was a share: a NaN among them would make the sum one."""
    found = []
    for window in WINDOWS:
        ratio = f'objective:error_ratio:rate{window}{{{IDS},scenario="{scenario}"}}[30d]'
        found.append(question(f"max(sum_over_time({ratio}) >= bool 0)", 1))
        found.append(question(f"max(min_over_time({ratio}) >= bool 0)", 1))
        found.append(question(f"max(max_over_time({ratio}) <= bool 1)", 1))
    return found


def present(scenario: str, name: str, evaluations: int) -> dict[str, Any]:
    """The series was there at so many evaluations."""
    return question(f'max(count_over_time({name}{{{IDS},scenario="{scenario}"}}[30d]))', evaluations)


def pair(scenario: str, failed: str, served: str) -> list[dict[str, str]]:
    """Two counters by their values."""
    labels = f'cluster="c1",job="shop",namespace="shop",scenario="{scenario}"'
    return [
        {"series": f"failed_total{{{labels}}}", "values": failed},
        {"series": f"served_total{{{labels}}}", "values": served},
    ]


@pytest.fixture
def group(tmp_path):
    """The rules of an objective with a budget for each scenario."""
    return rule_group(tmp_path, {**KINDS["errors"], "by": ["scenario"]}, {"evaluation_interval": "5m"})


@pytest.mark.parametrize(
    "kind", ["errors", *(pytest.param(one, marks=pytest.mark.e2e) for one in KINDS if one != "errors")]
)
def test_busy_hours_weigh_as_much_as_the_events_in_them(kind, promtool, tmp_path, refuted):
    if kind == "native" and promtool.version < Version(3, 0):
        pytest.skip("native histograms in promtool's tests need Prometheus 3")
    prometheus = {"version": "3.5" if kind == "native" else "2.42"}
    group = rule_group(tmp_path, {**KINDS[kind], "by": ["scenario"]}, prometheus)
    expected = truth(SPIKY, of_time=kind == "gauge")
    assert round(truth(SPIKY), 4) == 0.0978
    asked = [*near("spiky", expected), *finite("spiky")]
    assert refuted(group, series(kind, "spiky", SPIKY), asked) == ""


def test_what_never_fails_has_all_of_its_budget_at_every_evaluation(group, refuted):
    failed, served = series("errors", "well", STEADY)
    assert "failed" in failed["series"]
    asked = [*near("well", 0.0), *finite("well")]
    # Only the very first evaluation has no second sample to take a rate from.
    names = [f"objective:error_ratio:rate{window}" for window in WINDOWS]
    asked += [present("well", name, DAY // 5) for name in (*names, "objective:error_budget:remaining")]
    assert refuted(group, [served], asked, every="5m") == ""


def test_each_group_has_a_budget_of_its_own(group, refuted):
    fed = [*series("errors", "failing", FAILING), *series("errors", "well", STEADY)]
    asked = [*near("failing", truth(FAILING)), *near("well", 0.0), *finite("failing"), *finite("well")]
    assert refuted(group, fed, asked, every="5m") == ""


def test_gaps_without_samples_change_nothing(group, refuted):
    """Every hour has ten minutes without traffic and without samples; in every other hour some events fail."""
    failed, served, bad, all_events = ["0"], ["0"], 0, 0
    for hour in range(24):
        step = 24 if hour % 2 else 0
        failed.append(f"{bad + step}+{step}x49 _x10")
        served.append(f"{all_events + 600}+600x49 _x10")
        bad, all_events = bad + 50 * step, all_events + 50 * 600
    asked = [*near("gappy", bad / all_events), *finite("gappy")]
    asked += [present("gappy", "objective:error_ratio:rate30d", DAY // 5)]
    assert refuted(group, pair("gappy", " ".join(failed), " ".join(served)), asked, every="5m") == ""


def test_restarts_of_the_service_change_nothing(group, refuted):
    """Every three hours both counters begin anew."""
    shares = [0.0, 0.002, 0.0, 0.05, 0.0, 0.001, 0.0, 0.0]
    course = [Stretch(180, share, 6000) for share in shares]
    failed, served = (
        " ".join(
            counter([one], grows, start=0) if not number else counter([one], grows, start=0).partition(" ")[2]
            for number, one in enumerate(course)
        )
        for grows in (lambda one: one.events * one.share, lambda one: one.events)
    )
    asked = [*near("restarted", truth(course)), *finite("restarted")]
    assert refuted(group, pair("restarted", failed, served), asked, every="5m") == ""


def test_the_budget_of_a_calendar_month_starts_anew_with_its_first_minute(tmp_path, refuted):
    """In January, the first month that promtool knows, a hundredth fails; in February a ten-thousandth."""
    january, days = 31 * DAY, 33 * DAY
    prometheus = {"version": "2.42", "evaluation_interval": "15m"}
    group = rule_group(tmp_path, {**KINDS["errors"], "by": ["scenario"], "period": "month"}, prometheus)
    read = ("rate5m", "month", "remaining")
    group["rules"] = [rule for rule in group["rules"] if any(word in rule.get("record", "") for word in read)]
    course = [Stretch(january, 0.01, 600), Stretch(days - january, 0.0001, 600)]
    asked = [one for at in (DAY, january - 15) for one in near("month", 0.01, at, "month")]
    left = f'max(objective:error_budget:remaining{{{IDS},scenario="month"}})'
    asked.append(question(left, 1, january))
    asked += [one for at in (january + 15, january + 60, days) for one in near("month", 0.0001, at, "month")]
    assert refuted(group, series("errors", "month", course), asked, every="15m") == ""
