"""Inhibitions proved sound: no page muted by less, no circle, and every label that ties is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from obsgen.check.route_text import alert_text
from obsgen.diagnostics import Diagnostic, Location
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import InhibitRule
from obsgen.model.stack import Stack
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import space_of
from obsgen.routes.inhibition import Fault, Unsound, unsound

_PAGE: Final = (Matcher("severity", "=", "critical"), Matcher("tier", "!=", "P2"))
_ACTS: Final = (Matcher("action", "!=", ""),)
_TOLD: Final[dict[Fault, tuple[str, str, str]]] = {
    "never": ("OBS484", "can never mute anything: its sides exclude each other", "correct its matchers"),
    "overlap": ("OBS484", "has alerts that fit both sides", "exclude the one side's alerts from the other"),
    "no equal": ("OBS485", "ties the two by no label", "name the labels in which both must agree"),
    "missing equal": ("OBS485", "also mutes where both lack the label", "ask for it on the source side: {guard}"),
    "loop": ("OBS486", "mute each other in a circle, so that none of them is notified", "let only the graver one mute"),
    "page": ("OBS487", "mutes a page by an alert that is none", 'keep severity="critical" out of the target'),
}


def inhibition_faults(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Every fault, each with alerts that show it."""
    assert bundle.routing is not None
    rules = bundle.routing.inhibit_rules
    for fault in unsound(rules, (_PAGE,), {"alertname"}):
        if not _same_alert(fault):
            yield _diagnostic(fault, stack)
    for rule in rules:
        space = space_of((*rule.target, *_ACTS))
        muted = space.box((*rule.target, *_ACTS))
        if muted:
            labels = space.example([muted])
            message = f"inhibition '{rule.name}' can mute {alert_text(labels)}, which should start something"
            yield Diagnostic("OBS488", message, _place(rule, stack), 'leave out what acts: action=""')


def _same_alert(fault: Unsound) -> bool:
    """Whether both sides are forms of one alert, which carry the same labels: what one lacks, the other lacks too."""
    return fault.fault == "missing equal" and all({"alertname", "component"} <= {*rule.equal} for rule in fault.rules)


def _diagnostic(fault: Unsound, stack: Stack) -> Diagnostic:
    code, message, hint = _TOLD[fault.fault]
    names = " and ".join(f"'{rule.name}'" for rule in fault.rules)
    guard = ", ".join(f'{label}!=""' for label in fault.labels)
    lacking = f" {' and '.join(fault.labels)}" if fault.labels else ""
    shown = " mutes ".join(map(alert_text, fault.alerts))
    noun = "inhibition" if len(fault.rules) == 1 else "inhibitions"
    text = f"{noun} {names} {message}{lacking}" + (f": {shown}" if shown else "")
    return Diagnostic(code, text, _place(fault.rules[0], stack), hint.format(guard=guard))


def _place(rule: InhibitRule, stack: Stack) -> Location | None:
    return rule.origin or stack.places.of_key("routing")
