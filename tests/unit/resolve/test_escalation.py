"""An alert that escalates is two rules: the same condition, held for longer, in a higher tier."""

from __future__ import annotations

from pathlib import Path

import yaml

from obsgen.ir.rules import AlertingRule
from obsgen.pipeline import compile_stack

SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "escalating"},
    "environment": {"cluster": "prod", "runbooks": {"base_url": "https://git.example.com/runbooks"}},
    "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://hooks.example.com/"}}}},
}


def rules(folder: Path, name: str, change: dict[str, object]) -> dict[str, AlertingRule]:
    """The alert's rules by severity, with this change of the node pack's alert."""
    path = folder / "obsgen.yaml"
    path.write_text(yaml.safe_dump({**SPEC, "infrastructure": {"node": {"alerts": {name: change}}}}))
    return {rule.severity: rule for rule in compile_stack(path).bundle.alerts if rule.alert == name}


def test_a_warning_that_stays_becomes_a_page(tmp_path: Path) -> None:
    found = rules(tmp_path, "NodeSystemdUnitFailed", {"escalate": {"to": "P1", "after": "1d"}})
    assert {severity: str(rule.pending) for severity, rule in found.items()} == {"warning": "10m", "critical": "1d"}
    assert found["critical"].expr == found["warning"].expr
    assert "tier" not in found["critical"].labels


def test_an_escalation_to_p2_carries_its_tier_and_keeps_the_lesser_threshold(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        "NodeFilesystemSpaceLow",
        {"severities": {"critical": {"enabled": False}}, "escalate": {"to": "P2", "after": "6h"}},
    )
    assert found["critical"].labels["tier"] == "P2"
    assert found["critical"].expr == found["warning"].expr


def test_both_rules_of_an_escalation_are_proved(tmp_path: Path) -> None:
    path = tmp_path / "obsgen.yaml"
    alerts = {"NodeSystemdUnitFailed": {"escalate": {"to": "P1", "after": "1d"}}}
    path.write_text(yaml.safe_dump({**SPEC, "infrastructure": {"node": {"alerts": alerts}}}))
    proved = {proof.severity for proof in compile_stack(path).bundle.proofs if proof.alert == "NodeSystemdUnitFailed"}
    assert proved == {"warning", "critical"}
