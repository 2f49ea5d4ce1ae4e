"""Alerts: the pack's form with the spec's changes laid over it, cut into one alert for each severity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.guard import Guard
from obsgen.model.setting import Setting
from obsgen.model.stack import RESERVED_LABELS, Alert, Condition, Explains, Signal
from obsgen.resolve.division import Division
from obsgen.resolve.escalation import escalated
from obsgen.resolve.graded import Graded, Ungraded
from obsgen.resolve.guards import ComponentGuards
from obsgen.resolve.scope import Scope
from obsgen.resolve.signals import Written, missing_parameters, parsed_expr
from obsgen.resolve.thresholds import Threshold
from obsgen.resolve.written import WrittenAlert, severities_of, written_alerts
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.layers import Tier
from obsgen.spec.pack import SeveritySpec
from obsgen.spec.stack import CapacitySpec
from obsgen.spec.written import AlertSeverity
from obsgen.units import Duration

_CONDITION = re.compile(r"^\s*(\w+)\s*(>=|<=|==|!=|>|<)\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$")


Alerts = tuple[tuple[Alert, ...], tuple[Setting, ...]]
"""Alerts, and the settings that disabled others."""


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """What alerts are resolved against: the component's signals, thresholds and guards, and the watermarks."""

    signals: Mapping[str, Signal]
    thresholds: Mapping[str, Threshold]
    capacity: CapacitySpec
    guards: ComponentGuards


def resolve_alerts(scope: Scope, terms: AlertTerms, division: Division) -> Alerts:
    """Every enabled alert × severity, in parts where an override divides it; and what disabled the others."""
    alerts: list[Alert] = []
    disabled: list[Setting] = []
    for written in written_alerts(scope):
        if _left_out(written, scope, terms):
            continue
        whole, off = _alerts_of(written, scope, terms)
        parts = [
            (one, _alerts_of(one.applied(written, scope), scope, replace(terms, thresholds=one.thresholds))[0])
            for one in division.overrides
            if one.changes(written)
        ]
        alerts += division.divided(whole, parts)
        disabled += off
    division.unused()
    return tuple(alerts), tuple(disabled)


def _alerts_of(written: WrittenAlert, scope: Scope, terms: AlertTerms) -> Alerts:
    if written.given("enabled") is False:
        return (), (Setting(written.name, "enabled: false", written.place("enabled")),)
    alerts: list[Alert] = []
    disabled: list[Setting] = []
    for severity, own in severities_of(written).items():
        if own.enabled is False:
            place = written.place(f"severities.{severity}.enabled")
            disabled.append(Setting(f"{written.name} {severity}", "enabled: false", place))
            continue
        alert = _Resolver(written, scope, terms, severity).alert(own)
        alerts += [alert] if alert else []
    return (*alerts, *escalated(written, alerts, scope)), tuple(disabled)


def refuse_reserved(label: str, where: Location, scope: Scope) -> None:
    """Note a label that obsgen sets itself, and that routes, tests and inhibitions rely on."""
    if label in RESERVED_LABELS:
        own = label in ("severity", "team", "action")
        hint = f"use the field '{label}'" if own else "choose another name"
        scope.findings.error("OBS219", f"the label '{label}' is set by obsgen itself", where, hint)


def _left_out(written: WrittenAlert, scope: Scope, terms: AlertTerms) -> bool:
    """Whether another component tells the same, or the alert asks for parameters that are not given."""
    if written.given("left_to") in scope.packs or missing_parameters(written.given("needs") or [], scope):
        return True
    declared = {**scope.pack.spec.signals, **scope.use.component.signals}
    named = {found for text in written.conditions for found in re.findall(r"^\s*(\w+)", text)}
    if named & scope.lacking.signals:
        scope.lacking.leave_out(written.name, written.conditions)
    return any(name in declared and name not in terms.signals for name in named)


class _Resolver:
    """One alert at one severity."""

    def __init__(self, written: WrittenAlert, scope: Scope, terms: AlertTerms, severity: AlertSeverity) -> None:
        self.written = written
        self.scope = scope
        self.terms = terms
        self.severity = severity
        self.thresholds = Graded(terms.thresholds, severity)
        self.names = {**scope.names, "thresholds": self.thresholds, "severity": severity}
        self.ungraded = set[str]()

    def alert(self, own: SeveritySpec) -> Alert | None:
        """The resolved alert, or None where a mistake was noted."""
        written = self.written
        conditions = self._conditions()
        if conditions is None:
            return None
        pending = own.pending if own.pending is not None else written.given("for") or Duration(0)
        keep = own.keep_firing_for or written.given("keep_firing_for") or Duration(0)
        rendered = {name: self._text(name) for name in ("summary", "description", "absent", "expr")}
        for field in ("absent", "expr"):
            if rendered[field]:
                self._parsed(str(rendered[field]), field)
                if self.scope.lacking.of(str(rendered[field])):
                    self.scope.lacking.leave_out(written.name, [written.given(field)])
                    return None
        return Alert(
            name=written.name,
            severity=self.severity,
            pending=pending,
            keep_firing_for=keep,
            summary=rendered["summary"] or "",
            description=" ".join((rendered["description"] or "").split()),
            origin=written.origin,
            conditions=conditions,
            absent=rendered["absent"],
            expr=rendered["expr"],
            join=tuple(written.given("join")) if written.given("join") else None,
            guards=self._guards(own),
            despite=frozenset(written.given("despite") or ()),
            tier=self._tier(),
            action=self._action(),
            labels=self._labels(),
            explains=self._explains(),
            settings=self._settings(own, pending),
            places=written.places,
        )

    def _note_ungraded(self, name: str) -> None:
        """Note, once, a threshold that the alert asks for and that has no value at this severity."""
        if name in self.ungraded:
            return
        self.ungraded.add(name)
        message = f"threshold '{name}' has no value for the severity {self.severity} of '{self.written.name}'"
        hint = f"give it one: thresholds: {{{name}: {{{self.severity}: …}}}}"
        self.scope.findings.error("OBS204", message, self.written.place("severities"), hint)

    def _labels(self) -> dict[str, str]:
        labels = self.written.given("labels") or {}
        for name in labels:
            refuse_reserved(name, self.written.place(f"labels.{name}"), self.scope)
        return {name: self._rendered(value, f"labels.{name}") for name, value in labels.items()}

    def _guards(self, own: SeveritySpec) -> tuple[Guard, ...]:
        """The guards of this severity; an alert on what is missing has no labels by which to meet one."""
        at = f"severities.{self.severity}.unless" if own.unless is not None else "unless"
        names = own.unless if own.unless is not None else self.written.given("unless") or []
        if names and self.written.given("absent"):
            message = f"'{self.written.name}' fires on what is absent, which has no labels by which a guard could hold"
            self.scope.findings.error("OBS283", message, self.written.place(at), "leave 'unless' out")
            return ()
        places = [self.written.places.get(f"{at}.{index}", self.written.place(at)) for index in range(len(names))]
        return self.terms.guards.named(names, places)

    def _explains(self) -> tuple[Explains, ...]:
        where, found = self.written.place("explains"), self.written.given("explains") or ()
        known = {**self.scope.pack.spec.alerts, **self.scope.use.component.alerts}
        for name in (name for one in found for name in one.alerts if name not in known):
            hint = did_you_mean(name, known, noun="its alerts")
            message = f"'{self.written.name}' explains '{name}', which this component does not have"
            self.scope.findings.error("OBS229", message, where, hint)
        return tuple(
            Explains(
                packs=tuple(one.packs),
                layers=tuple(one.layers),
                alerts=tuple(one.alerts),
                absences=one.absences,
                equal=tuple(one.equal),
                pages=one.pages,
                origin=where,
            )
            for one in found
        )

    def _parsed(self, text: str, field: str) -> None:
        """Note what is wrong with an expression; `absent` is read as the rule will hold it."""
        whole = f"absent({text})" if field == "absent" else text
        source = Written(f"alert '{self.written.name}'", self.written.given(field), self.written.place(field))
        parsed_expr(whole, source, self.scope)

    def _text(self, field: str) -> str | None:
        template = self.written.given(field)
        return self._rendered(template, field) if template else None

    def _rendered(self, template: str, field: str) -> str:
        return self._filled(template, self.written.place(field))

    def _filled(self, template: str, where: Location) -> str:
        """The template rendered; a fault is noted and reads as empty text."""
        try:
            return self.scope.budget.render(template, self.names)
        except Ungraded as fault:
            self._note_ungraded(fault.name)
        except TemplateFault as fault:
            self.scope.note(fault, where)
        return ""

    def _conditions(self) -> tuple[Condition, ...] | None:
        field = "when" if self.written.given("when") else "all"
        found = [
            self._condition(text, self.written.place(f"{field}.{index}" if field == "all" else field))
            for index, text in enumerate(self.written.conditions)
        ]
        return None if None in found else tuple(condition for condition in found if condition)

    def _condition(self, template: str, where: Location) -> Condition | None:
        text = self._filled(template, where)
        if not text:
            return None
        parts = _CONDITION.match(text)
        if not parts:
            signal = next(iter(self.terms.signals), "disk_reads")
            hint = f"write <signal> <comparison> <number>, such as: {signal} > 5; PromQL stands under 'expr'"
            self.scope.findings.error("OBS208", f"'{text}' is not a condition", where, hint)
            return None
        if parts[1] not in self.terms.signals:
            hint = did_you_mean(parts[1], self.terms.signals, noun="signals")
            self.scope.findings.error("OBS209", f"there is no signal '{parts[1]}'", where, hint)
            return None
        if not isfinite(float(parts[3])):
            self.scope.findings.error("OBS208", f"'{text}' compares with a number beyond 64 bits", where)
            return None
        return Condition(parts[1], parts[2], float(parts[3]))

    def _tier(self) -> Tier | None:
        """The tier where it is not the severity's own; noted where the alert is no page to begin with."""
        tier: Tier | None = self.written.given("tier")
        if tier and self.severity != "critical" and not self.written.given("severities"):
            message = f"'{self.written.name}' is {self.severity}, and {tier} is a tier of critical alerts"
            hint = "severity: critical, or leave the tier out: warning goes to P3 and info to P4"
            self.scope.findings.error("OBS227", message, self.written.place("tier"), hint)
        return tier if tier == "P2" and self.severity == "critical" else None

    def _action(self) -> str | None:
        """The watermark's action where the spec gives one, else the pack's; only a critical alert acts."""
        for name in self.thresholds.used:
            resource = self.terms.thresholds[name].watermark
            mark = self.terms.capacity.watermarks.get(resource) if resource else None  # type: ignore[call-overload]
            if mark and mark.action and self.severity == "critical":
                return str(mark.action)
        action = self.written.given("action")
        return action if action and (self.severity == "critical" or not self.written.given("severities")) else None

    def _settings(self, own: SeveritySpec, pending: Duration) -> tuple[Setting, ...]:
        written, several = self.written, bool(self.written.given("severities"))
        at = written.place(f"severities.{self.severity}.for" if own.pending is not None else "for")
        shown = [
            Setting("severity", self.severity, written.place("severities" if several else "severity")),
            Setting("for", str(pending), at),
        ]
        for name in self.thresholds.used:
            found = self.terms.thresholds[name].at(self.severity)
            shown += [found[1]] if found else []
        return tuple(shown)
