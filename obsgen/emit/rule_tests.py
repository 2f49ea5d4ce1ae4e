"""Proofs as promtool's unit-test files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from obsgen.ir.proofs import Proof, ReadingAssertion, RenderedAssertion, StateAssertion
from obsgen.ir.rules import RuleGroup
from obsgen.promql.series import NAME, series_text
from obsgen.units import Duration


def unit_test_body(
    proofs: Sequence[Proof], rule_files: Sequence[str], groups: Sequence[RuleGroup], step: Duration
) -> dict[str, Any]:
    """One test file: all its proofs share the spacing of evaluations, which promtool knows per file only."""
    return {
        "rule_files": list(rule_files),
        "evaluation_interval": str(step),
        # promtool evaluates groups in random order unless told, and alerts read what groups before them record.
        "group_eval_order": [group.name for group in groups],
        "tests": [_test(proof) for proof in proofs],
    }


def _test(proof: Proof) -> dict[str, Any]:
    part = f" of {proof.part}" if proof.part else ""
    name = f"{proof.alert} {proof.severity}{part}: {proof.title}"
    body: dict[str, Any] = {
        "name": name,
        "interval": str(proof.spacing or proof.interval),
        "input_series": [{"series": one.series, "values": one.values} for one in proof.series],
        "promql_expr_test": [
            *(_state(proof, one) for one in proof.states),
            *(_reading(one) for one in proof.readings),
        ],
    }
    if proof.rendered:
        body["alert_rule_test"] = [_rendered(proof, one) for one in proof.rendered]
    return body


def _state(proof: Proof, assertion: StateAssertion) -> dict[str, Any]:
    expr = f'ALERTS{{alertname="{proof.alert}",alertstate="{assertion.state}",severity="{proof.severity}"}}'
    return {
        "expr": expr,
        "eval_time": str(assertion.at),
        "exp_samples": [{"labels": _alerts_series(labels), "value": 1} for labels in assertion.labels],
    }


def _reading(assertion: ReadingAssertion) -> dict[str, Any]:
    return {
        "expr": assertion.expr,
        "eval_time": str(assertion.at),
        "exp_samples": [{"labels": _series(labels), "value": value} for labels, value in assertion.samples],
    }


def _series(labels: Mapping[str, str]) -> str:
    return series_text({NAME: "", **dict(sorted(labels.items()))})


def _alerts_series(labels: Mapping[str, str]) -> str:
    return series_text({NAME: "ALERTS", **dict(sorted(labels.items()))})


def _rendered(proof: Proof, assertion: RenderedAssertion) -> dict[str, Any]:
    return {
        "eval_time": str(assertion.at),
        "alertname": proof.alert,
        "exp_alerts": [
            {"exp_labels": dict(sorted(one.labels.items())), "exp_annotations": dict(one.annotations)}
            for one in assertion.alerts
        ],
    }
