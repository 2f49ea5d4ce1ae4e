"""An overlay that changes four things shows each of them, and changes nothing else."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.document import Document
from obsgen.pipeline import compile_stack, documents
from obsgen.spec.root import SpecFile

BASE = Path(__file__).parent / "kinds.yaml"
TARGETS = ("prometheus-operator", "prometheus")
CHANGES = {
    "infrastructure": {
        "kinds": {
            "thresholds": {"busy": "55%"},
            "alerts": {
                "NotIdle": {"for": "7m"},
                "Slow": {"severity": "critical"},
                "TooOld": {"enabled": False},
            },
        }
    }
}


@pytest.fixture
def overlay(tmp_path):
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump({"extends": [str(BASE)], **CHANGES}))
    return path


def explained(alert: str, spec: Path) -> list[dict]:
    result = CliRunner().invoke(main, ["explain", alert, str(spec), "--root", "/", "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def chosen(alert: str, name: str, spec: Path) -> tuple[str, str]:
    (found,) = explained(alert, spec)
    value = next(one for one in found["values"] if one["name"] == name)
    return value["value"], Path(value["origin"].rsplit(":", 2)[0]).name


def test_explain_shows_each_change_and_who_made_it(overlay):
    assert chosen("TooBusy", "threshold busy", BASE) == ("40%", "pack.yaml")
    assert chosen("TooBusy", "threshold busy", overlay) == ("55%", "overlay.yaml")
    assert chosen("TooBusy", "for", overlay) == ("10m", "pack.yaml")
    assert chosen("NotIdle", "for", overlay) == ("7m", "overlay.yaml")
    assert chosen("Slow", "severity", overlay) == ("critical", "overlay.yaml")
    (disabled,) = explained("TooOld", overlay)
    assert (disabled["enabled"], disabled["values"][0]["value"]) == (False, "enabled: false")
    assert "overlay.yaml" in disabled["values"][0]["origin"]


def lines_changed(before: Document | None, after: Document | None) -> list[str]:
    old, new = ((one.text.splitlines() if one else []) for one in (before, after))
    found = difflib.unified_diff(old, new, lineterm="", n=0)
    return [line for line in found if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_nothing_else_changes_in_what_is_written(overlay):
    before = {one.path: one for one in documents(compile_stack(BASE), TARGETS)}
    after = {one.path: one for one in documents(compile_stack(SpecFile(overlay, Path("/"))), TARGETS)}
    changed = {
        path: lines
        for path in sorted(before.keys() | after.keys())
        if (lines := lines_changed(before.get(path), after.get(path)))
    }
    touched = {"TooBusy", "NotIdle", "Slow", "TooOld"}
    for path in changed:
        if path.startswith(("prometheus/rules/", "prometheus/rule-tests/")):
            assert path.split(".")[1].split("-")[0] in touched
    others = {path.removeprefix("prometheus/").removeprefix("prometheus-operator/") for path in changed}
    assert {path for path in others if not path.startswith(("rules/", "rule-tests/"))} == {
        "alertmanager/route-tests.yaml",  # one alert is gone, one has another severity
        "dashboards/obsgen-kinds-kinds.json",  # the threshold lines moved with the alerts
        "dashboards/obsgen-kinds-all-infrastructure.json",  # and so did the colours in their layer
        "monitoring--ConfigMap--obsgen-kinds-all-infrastructure.yaml",
        "monitoring--ConfigMap--obsgen-kinds-kinds.yaml",
        "monitoring--PrometheusRule--obsgen-kinds-infrastructure-kinds.yaml",
        "runbooks/kinds.md",
    }
    rules = changed["prometheus-operator/monitoring--PrometheusRule--obsgen-kinds-infrastructure-kinds.yaml"]
    added = [line.lstrip("+ ") for line in rules if line.startswith("+")]
    busy = 'expr: sum by (cluster, instance) (rate(busy_seconds_total{job="kinds"}[5m])) >= 0.55'
    assert sorted(line for line in added if "content-hash" not in line) == [busy, "for: 7m", "severity: critical"]
