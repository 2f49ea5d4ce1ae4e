"""Objectives taken over from sloth and OpenSLO alert when those formats say: promtool runs both side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.programs.checkers import Tool
from tests.exchange.beside import SMEAR, Run, fed, side_by_side
from tests.exchange.meant import OPENSLO, SLOTH, THRESHOLD
from tests.objectives.burning import SCENARIOS
from tests.objectives.fed import Stretch
from tests.objectives.promised import burn_rules

HERE = Path(__file__).parent
CASES = {
    "sloth": ("sloth-measured/greenhouse.yaml", SLOTH, tuple(SCENARIOS)),
    "openslo": ("openslo-measured/nursery.yaml", OPENSLO, tuple(SCENARIOS)),
    "threshold": (
        "openslo-measured/nursery.yaml",
        THRESHOLD,
        tuple(one for one in SCENARIOS if "1000" in one or "outage" in one),
    ),
}
# What is worth its time in every run: at once, at last, never, and an outage that ends.
FEW = {
    "critical": ("burn 1000", "burn 20", "burn 0.9", "outage of 10 m"),
    "warning": ("burn 1000", "burn 20", "outage of 60 m"),
}
# A healthy past. In a window that is not full yet the reference and ours see the same share, so for a short run it need
# not be long; a few busy minutes outweigh what follows in six hours, and leave the page to the pair of an hour.
SHORT = {"critical": (Stretch(10, 0.0, 60_000_000), Stretch(60)), "warning": (Stretch(360),)}
FULL = {"critical": (Stretch(370),), "warning": (Stretch(4330),)}


def imported(file: str, folder: Path, accuracy: str = "chained") -> dict[str, dict[str, Any]]:
    """The rule groups by objective, as the commands of a user make them from the file."""
    taken, spec, out = folder / "applications.yaml", folder / "obsgen.yaml", folder / "out"
    _done("objectives", "import", str(HERE / "cases" / file), "-o", str(taken))
    body = yaml.safe_load((HERE / "head.yaml").read_text()) | yaml.safe_load(taken.read_text())
    body["routing"]["teams"] = {"growers": {"default": "chat"}}
    for component in body["applications"].values():
        for objective in component["objectives"].values():
            objective["accuracy"] = accuracy
    spec.write_text(yaml.safe_dump(body))
    _done("build", str(spec), "-o", str(out), "-t", "prometheus")
    groups = (
        group for rules in out.rglob("*.yaml") for group in (yaml.safe_load(rules.read_text()) or {}).get("groups", ())
    )
    return {name: group for group in groups for name in [_objective(group)] if name}


def _done(*arguments: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output


def _objective(group: Mapping[str, Any]) -> str | None:
    return next((r["labels"]["objective"] for r in group["rules"] if r.get("alert") == "ErrorBudgetBurn"), None)


@pytest.fixture
def contradiction(promtool: Tool, tmp_path: Path) -> Callable[..., str]:
    """What promtool holds against the answers to all questions; empty where all of them are right."""

    def found(groups: list[dict[str, Any]], tests: list[dict[str, Any]], every: int) -> str:
        timed = [{**group, "interval": f"{every}m"} for group in groups]
        (tmp_path / "rules.json").write_text(json.dumps({"groups": timed}))
        body = {"rule_files": ["rules.json"], "evaluation_interval": f"{every}m", "tests": tests}
        (tmp_path / "tests.json").write_text(json.dumps(body))
        done = promtool.run("test", "rules", "tests.json", folder=tmp_path)
        return done.output if done.code else ""

    return found


@pytest.fixture
def difference(contradiction: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """What promtool finds to be different for a case's objectives."""

    def found(case: str, runs: list[Run], smear: float = SMEAR, only: Collection[str] = ()) -> str:
        file, every, scenarios = CASES[case]
        meant = {name: one for name, one in every.items() if not only or name in only}
        groups = imported(file, tmp_path, "chained" if smear else "exact")
        ours = {name: groups[name] for name in meant}
        both = side_by_side(ours, meant, [run for run in runs if run.scenario in scenarios], smear)
        return contradiction(*both, every=runs[0].every)

    return found


@pytest.mark.parametrize("case", CASES)
def test_pages_fire_and_end_as_the_source_means(case, difference):
    runs = [Run("critical", one, SHORT["critical"], 1) for one in FEW["critical"]]
    assert difference(case, runs) == ""


@pytest.mark.parametrize("case", CASES)
def test_tickets_fire_and_end_as_the_source_means(case, difference):
    runs = [Run("warning", one, SHORT["warning"], 5) for one in FEW["warning"]]
    assert difference(case, runs) == ""


@pytest.mark.e2e
@pytest.mark.parametrize("smear", [SMEAR, 0], ids=["chained", "exact"])
def test_every_page_fires_and_ends_as_sloth_means(smear, difference):
    assert difference("sloth", [Run("critical", one, FULL["critical"], 1) for one in SCENARIOS], smear) == ""


@pytest.mark.e2e
@pytest.mark.parametrize("case", ["openslo", "threshold"])
def test_every_page_fires_and_ends_as_openslo_means(case, difference):
    assert difference(case, [Run("critical", one, FULL["critical"], 1) for one in SCENARIOS]) == ""


@pytest.mark.e2e
@pytest.mark.parametrize("smear", [SMEAR, 0], ids=["chained", "exact"])
@pytest.mark.parametrize(("case", "objective"), [("sloth", "picking-speed"), ("openslo", "deliveries")])
def test_every_ticket_fires_and_ends_as_the_source_means(case, objective, smear, difference):
    runs = [Run("warning", one, FULL["warning"], 5) for one in SCENARIOS]
    assert difference(case, runs, smear, (objective,)) == ""


MUTANTS = {
    "a factor of the page": ("critical", "0.0144", "0.0160"),
    "a factor of the ticket": ("warning", "0.001", "0.002"),
    "the long window": ("critical", "rate1h", "rate30m"),
    "the short window": ("critical", "rate5m", "rate30m"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_difference_is_noticed(name, tmp_path, contradiction):
    severity, old, new = MUTANTS[name]
    text = json.dumps(imported(CASES["sloth"][0], tmp_path)["watering"])
    assert old in text
    ours = {
        "watering": json.loads(
            text.replace(f" > {old}", f" > {new}").replace(f"error_ratio:{old}", f"error_ratio:{new}")
        )
    }
    every = {"critical": 1, "warning": 5}[severity]
    runs = [Run(severity, one, SHORT[severity], every) for one in FEW[severity]]
    both = side_by_side(ours, {"watering": SLOTH["watering"]}, runs)
    assert contradiction(*both, every=every) != ""


def test_a_condition_of_openslo_is_noticed_when_it_says(tmp_path, contradiction):
    """Past its burn rate our page fires with it, and ends no later: a short window says that it is over."""
    name, meant = "deliveries", OPENSLO["deliveries"]
    condition = {**meant.alert(name, "critical"), "expr": meant.past(60, 14.4)}
    ours = imported(CASES["openslo"][0], tmp_path)[name]
    groups = [burn_rules(ours, "critical"), {"name": "condition", "rules": [condition]}]
    tests = []
    for scenario in ("burn 1000", "burn 100", "outage of 10 m"):
        run = Run("critical", scenario, SHORT["critical"], 1)
        (first, last), (begin, end) = (
            [run.when(operation, alert, name) for operation in ("min", "max")] for alert in ("ErrorBudgetBurn", "Meant")
        )
        asked = [run.question(f"{begin} > bool 0"), run.question(f"abs({first} - {begin}) <= bool 60")]
        asked.append(run.question(f"{last} <= bool {end}"))
        given = list(fed({name: ours}, {name: meant}, run))
        tests.append({"interval": "1m", "input_series": given, "promql_expr_test": asked})
    assert contradiction(groups, tests, every=1) == ""
