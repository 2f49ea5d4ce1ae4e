"""The test of the alert that always fires."""

from __future__ import annotations

from obsgen.ir.proofs import InputSeries, Proof, RenderedAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.lower.proofs.outcome import rendered_alert, state_of
from obsgen.units import NO_TIME, Duration

_LATER = 20


def watchdog_proof(rule: AlertingRule, step: Duration) -> Proof:
    """It fires from the first evaluation on, whether anything is scraped or not."""
    labels = dict(rule.labels)
    later = step * _LATER
    return Proof(
        component=labels["component"],
        alert=rule.alert,
        severity=rule.severity,
        kind="written",
        title="it fires at once and goes on, whatever is scraped",
        interval=step,
        series=(InputSeries('up{job="node-exporter"}', f"1x{_LATER // 2}"),),
        states=(state_of(rule, NO_TIME, [labels]), state_of(rule, later, [labels])),
        rendered=(RenderedAssertion(later, (rendered_alert(rule, labels, 1.0),)),),
        origin=rule.origin,
    )
