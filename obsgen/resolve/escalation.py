"""Escalation: what stays unmended for long enough is told again, a tier higher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from obsgen.model.setting import Setting
from obsgen.model.stack import Alert
from obsgen.resolve.scope import Scope
from obsgen.resolve.written import WrittenAlert
from obsgen.spec.layers import SEVERITIES, Tier
from obsgen.spec.pack import EscalationSpec
from obsgen.spec.written import AlertSeverity

# Alertmanager cannot wait and then tell someone else: a second rule with a longer `for` can,
# and the first form is inhibited by it like any lesser severity of one alert.
_SEVERITY: Final[Mapping[Tier, AlertSeverity]] = {"P1": "critical", "P2": "critical", "P3": "warning"}


def escalated(written: WrittenAlert, alerts: Sequence[Alert], scope: Scope) -> tuple[Alert, ...]:
    """The second rule of an alert that escalates, made of its gravest severity; noted where that makes no sense."""
    spec: EscalationSpec | None = written.given("escalate")
    if spec is None or not alerts:
        return ()
    gravest = min(alerts, key=lambda alert: SEVERITIES.index(alert.severity))
    severity = _SEVERITY[spec.to]
    where = written.place("escalate")
    if SEVERITIES.index(severity) >= SEVERITIES.index(gravest.severity):
        message = f"'{written.name}' is {gravest.severity} already, so it cannot escalate to {spec.to}"
        hint = "name a higher tier, or let a lesser severity escalate"
        scope.findings.error("OBS228", message, where, hint)
        return ()
    if spec.after <= gravest.pending:
        message = f"'{written.name}' would escalate after {spec.after}, no later than it fires after {gravest.pending}"
        scope.findings.error("OBS228", message, where, f"escalate after more than {gravest.pending}")
        return ()
    shown = {"severity": Setting("severity", severity, where), "for": Setting("for", str(spec.after), where)}
    settings = tuple(shown.get(one.name, one) for one in gravest.settings)
    tier: Tier | None = "P2" if spec.to == "P2" else None
    return (
        replace(gravest, severity=severity, graded=gravest.severity, pending=spec.after, tier=tier, settings=settings),
    )
