"""The example spec before every checker, in each version that is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.check.amtool import route_findings, routing_findings
from obsgen.check.promtool import rule_findings, scrape_findings
from obsgen.check.verdict import find_tools, judged
from obsgen.ir.bundle import Bundle
from obsgen.pipeline import documents
from obsgen.programs.checkers import Tool, find_tool

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(ROOT.glob(".tools/*/usr/bin")) or [None]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.parents[1].name if folder else "PATH")
def folder(request) -> Path | None:
    return request.param


def tool(name: str, folder: Path | None) -> Tool:
    return find_tool(name, folder)


def test_promtool_accepts_every_rule_and_every_scrape_job(folder, example):
    promtool = tool("promtool", folder)
    assert rule_findings(promtool, example.bundle) == ()
    assert scrape_findings(promtool, example.stack, example.bundle) == ()


def test_amtool_accepts_the_tree_and_sends_every_alert_where_the_spec_says(folder, example):
    amtool = tool("amtool", folder)
    assert routing_findings(amtool, example.stack, example.bundle) == ()
    assert route_findings(amtool, example.stack, example.bundle) == ()
    assert len(example.bundle.route_tests) > len(example.bundle.alerts)


def test_every_alert_is_seen_firing_and_silent_and_its_text_is_compared(example):
    bundle: Bundle = example.bundle
    for rules in bundle.rule_sets:
        for rule in rules.alerts:
            if rule.severity == "none":
                continue  # the watchdog has no silent state
            proofs = bundle.proofs_by_alert[rule.key]
            seen = (rule.alert, rule.severity)
            assert any(proof.fires for proof in proofs), seen
            assert any(proof.stays_silent for proof in proofs), seen
            assert any(one.alerts for proof in proofs for one in proof.rendered), seen


def test_the_example_is_clean(example):
    assert judged(example.stack, example.bundle, find_tools(folder=FOLDERS[0])) == ()


def test_two_compilations_give_the_same_bytes(example):
    targets = ("prometheus-operator", "prometheus")
    assert documents(example, targets) == documents(example, targets)


def test_a_missing_tool_is_an_error_unless_it_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OBSGEN_TOOLS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert [one.level for one in find_tools().missing] == ["error", "error"]
    assert [one.level for one in find_tools(required=False).missing] == ["warning", "warning"]
