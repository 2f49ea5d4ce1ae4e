"""`obsgen test --mutate`: what it counts, what it lists, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsgen.check.mutants import LAST_MATCHER, NO_PENDING, ZERO_THRESHOLD, mutants
from obsgen.check.mutation import Chosen
from obsgen.cli import main
from obsgen.ir.rules import AlertingRule
from obsgen.pipeline import mutate
from obsgen.programs.binaries import TOOLS_VARIABLE, find_binary
from obsgen.units import Duration

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "example.yaml"

SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: t, team: platform}
environment: {cluster: prod, runbooks: {base_url: https://git.example.com/r}}
packs: [./packs]
kubernetes: {queue: }
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.svc:8080/"}}}
"""
PACK = """
title: Queue
about: A queue.
metrics: {queue_depth: gauge}
selector: job="queue"
alerts:
  QueueDeep:
    expr: queue_depth{job="queue"} > 100
    for: 5m
    severity: warning
    summary: Much waits.
    description: "{{ $value }} wait."
"""
TESTS = """
QueueDeep:
  - title: many wait
    series: {'queue_depth{job="queue",queue="q1"}': 101x20}
    silent: [{at: 4m}]
    fires: [{at: 9m}]
"""
ONE_SHORT = """
  - title: a few wait
    series: {'queue_depth{job="queue",queue="q1"}': 99x20}
    silent: [{at: 15m}]
"""


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """A spec with one alert whose tests see no value just short of its threshold."""
    folder = tmp_path / "packs" / "kubernetes" / "queue"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "tests.yaml").write_text(TESTS)
    (folder / "runbook.md").write_text("# Queue\n\n## QueueDeep\n\nTake from it.\n")
    (tmp_path / "spec.yaml").write_text(SPEC)
    # What lies in the checkout is not found from elsewhere.
    monkeypatch.setenv(TOOLS_VARIABLE, str(find_binary("promtool").parent))
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", "spec.yaml", "--mutate", "--component", "queue", *arguments])


def test_a_missing_test_leaves_a_survivor_with_its_place(queue):
    done = run()
    assert done.exit_code == 1
    survivor = "packs/kubernetes/queue/pack.yaml:7:3: QueueDeep (warning): comparison 1, > 100: threshold halved"
    assert [line for line in done.output.splitlines() if "QueueDeep" in line] == [survivor]
    assert done.output.endswith("6 of 7 mutants are noticed: 85.7%, less than 95.0%\n")
    (queue / "tests.yaml").write_text(TESTS + ONE_SHORT)
    done = run()
    assert (done.exit_code, "QueueDeep" in done.output) == (0, False)
    assert done.output.endswith("7 of 7 mutants are noticed: 100.0%\n")


@pytest.mark.usefixtures("queue")
def test_programs_read_the_same():
    done = run("--format", "json", "--least", "80%")
    assert done.exit_code == 0
    body = json.loads(done.output)
    assert (body["killed"], body["mutants"], body["least"]) == (6, 7, 0.8)
    (survivor,) = body["survivors"]
    assert (survivor["alert"], survivor["component"], survivor["line"]) == ("QueueDeep", "queue", 7)
    (component,) = body["components"]
    assert component["share"] == body["share"] == 6 / 7


def test_while_a_test_fails_no_mutant_is_tried(queue):
    (queue / "tests.yaml").write_text(TESTS.replace("101x20", "99x20"))
    done = run()
    assert done.exit_code == 1
    assert "OBS452" in done.output
    assert done.output.endswith("no mutants were tried\n")


@pytest.mark.usefixtures("queue")
def test_without_promtool_it_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv(TOOLS_VARIABLE, "nowhere")
    assert (run().exit_code, run("--allow-missing-tools").exit_code) == (2, 0)
    assert "'promtool' is not installed" in run("--allow-missing-tools").output


def test_both_generations_of_promtool_say_which_file_they_fail(promtool):
    outcome = mutate(EXAMPLE, Chosen(components=["orders"]), tools=promtool.path.parent)
    assert [one.change for one in outcome.survivors] == []
    assert len(outcome.tried) > 40


@pytest.mark.e2e
def test_nearly_every_mutant_of_the_example_is_noticed():
    outcome = mutate(EXAMPLE)
    print(*(f"{one.before.alert} {one.before.severity}: {one.change}" for one in outcome.survivors), sep="\n")
    assert len(outcome.survivors) <= len(outcome.tried) * 0.05


def test_a_rule_that_cannot_be_changed_says_why():
    rule = AlertingRule("Up", '{job="a"} == 0', Duration(0), {"severity": "critical"}, {})
    found = {one.change: one.excuse for one in mutants(rule, {})}
    assert found == {
        "comparison 1, == 0: flipped": "",
        "comparison 1, == 0: threshold doubled": ZERO_THRESHOLD,
        "comparison 1, == 0: threshold halved": ZERO_THRESHOLD,
        'selector 1, {job="a"}: matcher removed': LAST_MATCHER,
        "for 0s doubled": NO_PENDING,
        "for 0s dropped": NO_PENDING,
        "severity critical changed to warning": "",
    }
