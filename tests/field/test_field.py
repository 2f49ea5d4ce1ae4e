"""Situations from public reports, each asked of the emitted rules: who pages for nothing, and who stays silent.

The derived tests prove what a pack believes; these are what happened in clusters that people run.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import yaml

from obsgen.emit.rule_files import RuleFile, rule_files
from obsgen.emit.rules import groups_body
from obsgen.pipeline import compile_stack
from obsgen.programs.checkers import Tool
from obsgen.programs.scratch import scratch_folder
from tests.field.situation import Situation, read

HERE = Path(__file__).resolve().parent
SITUATIONS = sorted(HERE.glob("*/*.yaml"))


@cache
def rules_of(text: str) -> tuple[RuleFile, ...]:
    """The rule files of the spec with this text."""
    with scratch_folder() as folder:
        spec = folder / "spec.yaml"
        spec.write_text(text)
        return rule_files(compile_stack(spec).bundle)


def loaded(situation: Situation, pack: str) -> list[RuleFile]:
    """The files of the situation's alerts, after what their components record; each alert must have one."""
    rules = rules_of(yaml.safe_dump(situation.spec(pack)))
    recordings = [one for one in rules if not (one.alert or one.objective)]
    alerts = [one for one in rules if one.alert in situation.alerts]
    assert {one.alert for one in alerts} == set(situation.alerts)
    return [*recordings, *alerts]


@pytest.mark.parametrize("path", SITUATIONS, ids=[f"{one.parent.name}/{one.stem}" for one in SITUATIONS])
def test_the_emitted_rules_say_what_is_right(promtool: Tool, tmp_path, path):
    situation = read(path)
    files = loaded(situation, path.parent.name)
    for number, rules in enumerate(files):
        (tmp_path / f"{number}.json").write_text(json.dumps({"groups": groups_body(rules.groups)}))
    test = {
        "interval": situation.interval,
        "input_series": [{"series": series, "values": values} for series, values in situation.series.items()],
        "promql_expr_test": list(situation.expectations()),
    }
    body = {
        "rule_files": [f"{number}.json" for number in range(len(files))],
        "evaluation_interval": situation.evaluated,
        "group_eval_order": [group.name for one in files for group in one.groups],
        "tests": [test],
    }
    (tmp_path / "test.json").write_text(json.dumps(body))
    done = promtool.run("test", "rules", "test.json", folder=tmp_path)
    assert done.code == 0, done.output


def test_every_situation_says_when_it_is_silent_or_fires():
    assert SITUATIONS
    assert [path.stem for path in SITUATIONS if not (read(path).silent or read(path).fires)] == []
