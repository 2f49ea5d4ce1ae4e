"""The derived tests against the real promtool: they pass as derived, and they notice every mutant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from obsgen.check.mutant_runs import tried
from obsgen.check.mutants import Mutant, mutants
from obsgen.check.promtool import prove
from obsgen.pipeline import Compiled, compile_stack
from obsgen.programs.checkers import Tool, find_tool
from obsgen.spec.root import SpecFile
from tests.proofs.mutants import finer_mutants

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def tools() -> list[Path | None]:
    """Every promtool side by side in .tools, else the one on PATH."""
    found = sorted(path.parent for path in ROOT.glob(".tools/*/usr/bin/promtool"))
    return [*found] or [None]


def failures(promtool: Tool, compiled: Compiled, *only: str) -> list[str]:
    return [str(one) for one in prove(promtool, compiled.stack, compiled.bundle, only, located=False).findings]


@pytest.mark.parametrize("spec", ["kinds.yaml", "kinds-changed.yaml"])
def test_every_kind_of_feed_gives_tests_that_hold(promtool, spec):
    assert failures(promtool, compile_stack(HERE / spec)) == []


def survivors(promtool: Tool, compiled: Compiled, wanted: list[Mutant]) -> list[str]:
    found = tried(promtool, compiled.stack, compiled.bundle, wanted, lambda _done, _all: None)
    return [f"{one.mutant.before.alert}: {one.mutant.change}" for one in found if not one.killed]


def test_every_mutant_of_every_kind_is_noticed():
    promtool = find_tool("promtool", tools()[0])
    compiled = compile_stack(HERE / "kinds.yaml")
    recordings = compiled.bundle.recordings
    wanted = [
        mutant
        for rule in compiled.bundle.alerts
        for mutant in (*mutants(rule, recordings), *finer_mutants(rule))
        if not mutant.excuse
    ]
    assert survivors(promtool, compiled, wanted) == []
    assert len(wanted) > 80


def test_every_alert_of_the_example_is_proved(promtool, example):
    assert failures(promtool, example) == []


def test_a_looser_threshold_changes_the_tests_with_it_and_they_still_hold(tmp_path):
    spec = tmp_path / "spec.yaml"
    base = ROOT / "config" / "example.yaml"
    change = {"infrastructure": {"node": {"thresholds": {"disk_io_utilization": "35%"}}}}
    spec.write_text(yaml.safe_dump({"extends": [str(base)], **change}))
    before, after = compile_stack(base), compile_stack(SpecFile(spec, Path("/")))

    def proofs(compiled: Compiled, alert: str) -> list[object]:
        return [replace(proof, origin=None) for proof in compiled.bundle.proofs if proof.alert == alert]

    assert proofs(before, "NodeDiskIOUtilizationHigh") != proofs(after, "NodeDiskIOUtilizationHigh")
    assert proofs(before, "NodeDown") == proofs(after, "NodeDown")
    assert failures(find_tool("promtool", tools()[0]), after, "NodeDiskIOUtilizationHigh") == []
