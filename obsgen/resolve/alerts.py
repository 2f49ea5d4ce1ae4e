"""Alerts: the pack's form with the spec's changes laid over it, cut into one alert for each severity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.stack import Alert, Condition, Setting, Signal
from obsgen.resolve.scope import Named, Scope
from obsgen.resolve.signals import missing_parameters, parsed_expr
from obsgen.resolve.thresholds import Threshold
from obsgen.spec.pack import AlertSeverity, AlertSpec, SeveritySpec
from obsgen.spec.source import Path_, Places
from obsgen.spec.stack import CapacitySpec
from obsgen.units import Duration

_CONDITION = re.compile(r"^\s*(\w+)\s*(>=|<=|==|!=|>|<)\s*(-?[\d.]+(?:[eE][-+]?\d+)?)\s*$")
_WAYS = ("when", "all", "absent", "expr")
_NEEDED = ("summary", "description", "severity")


@dataclass(frozen=True, slots=True)
class WrittenAlert:
    """An alert's fields as they hold, each with the place that had the last word on it."""

    name: str
    origin: Location
    fields: Mapping[str, Any]
    places: Mapping[str, Location]

    def place(self, field: str) -> Location:
        """Where the field stands, or else the alert."""
        return self.places.get(field, self.origin)

    def given(self, field: str) -> Any:
        """The field's value, None where nobody gave one."""
        return self.fields.get(field)


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """What alerts are resolved against: the component's signals and thresholds, and the watermarks."""

    signals: Mapping[str, Signal]
    thresholds: Mapping[str, Threshold]
    capacity: CapacitySpec


def resolve_alerts(scope: Scope, terms: AlertTerms) -> tuple[tuple[Alert, ...], tuple[Setting, ...]]:
    """Every enabled alert × severity, and the settings that disabled the others."""
    alerts: list[Alert] = []
    disabled: list[Setting] = []
    for written in _written_alerts(scope):
        if _left_out(written, scope, terms):
            continue
        if written.given("enabled") is False:
            disabled.append(Setting(written.name, "enabled: false", written.place("enabled")))
            continue
        for severity, own in _severities(written).items():
            if own.enabled is False:
                place = written.place(f"severities.{severity}.enabled")
                disabled.append(Setting(f"{written.name} {severity}", "enabled: false", place))
                continue
            alert = _Resolver(written, scope, terms, severity).alert(own)
            alerts += [alert] if alert else []
    return tuple(alerts), tuple(disabled)


def _written_alerts(scope: Scope) -> Iterator[WrittenAlert]:
    changes = scope.use.component.alerts
    for name, spec in scope.pack.spec.alerts.items():
        origin = scope.pack.places.of_key("alerts", name)
        written = WrittenAlert(name, origin, *_fields(spec, scope.pack.places, ("alerts", name)))
        if name in changes:
            written = _changed(written, changes[name], scope)
        if _complete(written, scope):
            yield written
    for name, own in changes.items():
        if name not in scope.pack.spec.alerts:
            path = (*scope.use.path, "alerts", name)
            written = WrittenAlert(name, scope.places.of_key(*path), *_fields(own, scope.places, path))
            if _complete(written, scope):
                yield written


def _fields(spec: AlertSpec | SeveritySpec, places: Places, path: Path_) -> tuple[dict[str, Any], dict[str, Location]]:
    names = {name: field.alias or name for name, field in type(spec).model_fields.items()}
    values = {names[name]: getattr(spec, name) for name in names if getattr(spec, name) is not None}
    located = {name: places.of(*path, name) for name in values}
    for severity, own in (values.get("severities") or {}).items():
        _, inner = _fields(own, places, (*path, "severities", severity))
        located |= {f"severities.{severity}.{name}": at for name, at in inner.items()}
    return values, located


def _changed(written: WrittenAlert, change: AlertSpec, scope: Scope) -> WrittenAlert:
    values, places = _fields(change, scope.places, (*scope.use.path, "alerts", written.name))
    fields = dict(written.fields)
    if values.keys() & set(_WAYS):
        fields = {name: value for name, value in fields.items() if name not in _WAYS}
    if "severity" in values and "severities" in fields:
        hint = f"name the severity: severities: {{{', '.join(fields['severities'])}: …}}"
        message = f"'{written.name}' has several severities, so 'severity' does not say which"
        scope.findings.error("OBS206", message, places["severity"], hint)
        del values["severity"]
    if "severities" in values:
        values["severities"] = _merged_severities(written, values["severities"])
        fields.pop("severity", None)
    if "labels" in values:
        values["labels"] = {**(fields.get("labels") or {}), **values["labels"]}
    return replace(written, fields={**fields, **values}, places={**written.places, **places})


def _merged_severities(
    written: WrittenAlert, changes: Mapping[AlertSeverity, SeveritySpec]
) -> dict[AlertSeverity, SeveritySpec]:
    merged = dict(_severities(written))
    for severity, change in changes.items():
        given = change.model_dump(exclude_unset=True)
        merged[severity] = merged.get(severity, SeveritySpec.model_construct()).model_copy(update=given)
    return merged


def _severities(written: WrittenAlert) -> Mapping[AlertSeverity, SeveritySpec]:
    if written.given("severities"):
        return dict(written.given("severities"))
    return {written.given("severity"): SeveritySpec.model_construct(enabled=None, pending=None, keep_firing_for=None)}


def _complete(written: WrittenAlert, scope: Scope) -> bool:
    """Whether the alert says everything that an alert must; what is missing is noted."""
    needed = ("summary", "description") if written.given("severities") else _NEEDED
    missing = [field for field in needed if not written.given(field)]
    ways = [way for way in _WAYS if written.given(way)]
    if not missing and len(ways) == 1:
        return True
    known = scope.pack.spec.alerts
    hint = did_you_mean(written.name, known, noun=f"alerts of pack '{scope.pack.name}'") if known else None
    if missing:
        message = f"alert '{written.name}' is missing {', '.join(missing)}"
        scope.findings.error("OBS207", message, written.origin, hint)
    if len(ways) != 1:
        message = f"alert '{written.name}' must say when it fires in exactly one of: {', '.join(_WAYS)}"
        scope.findings.error("OBS207", message, written.origin, hint)
    return False


def _left_out(written: WrittenAlert, scope: Scope, terms: AlertTerms) -> bool:
    """Whether the alert asks for parameters that this use of the pack does not give."""
    if missing_parameters(written.given("needs") or [], scope):
        return True
    declared = {**scope.pack.spec.signals, **scope.use.component.signals}
    named = {found for text in _texts(written) for found in re.findall(r"^\s*(\w+)", text)}
    return any(name in declared and name not in terms.signals for name in named)


def _texts(written: WrittenAlert) -> list[str]:
    return [written.given("when")] if written.given("when") else list(written.given("all") or [])


class _Resolver:
    """One alert at one severity."""

    def __init__(self, written: WrittenAlert, scope: Scope, terms: AlertTerms, severity: AlertSeverity) -> None:
        self.written = written
        self.scope = scope
        self.terms = terms
        self.severity = severity
        amounts = {name: one.at(severity) for name, one in terms.thresholds.items()}
        self.thresholds = Named({name: found[0] for name, found in amounts.items() if found})
        self.names = {**scope.names, "thresholds": self.thresholds, "severity": severity}

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
                parsed_expr(str(rendered[field]), f"alert '{written.name}'", self.scope, written.place(field))
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
            action=self._action(),
            labels={name: self._rendered(value, "labels") for name, value in (written.given("labels") or {}).items()},
            settings=self._settings(own, pending),
        )

    def _text(self, field: str) -> str | None:
        template = self.written.given(field)
        return self._rendered(template, field) if template else None

    def _rendered(self, template: str, field: str) -> str:
        return self.scope.text(template, self.written.place(field), self.names)

    def _conditions(self) -> tuple[Condition, ...] | None:
        field = "when" if self.written.given("when") else "all"
        found = [self._condition(text, self.written.place(field)) for text in _texts(self.written)]
        return None if None in found else tuple(condition for condition in found if condition)

    def _condition(self, template: str, where: Location) -> Condition | None:
        text = self.scope.text(template, where, self.names)
        if not text:
            return None
        parts = _CONDITION.match(text)
        if not parts:
            hint = "write <signal> <comparison> <number>, such as: disk_reads > ${thresholds.disk_reads}"
            self.scope.findings.error("OBS208", f"'{text}' is not a condition", where, hint)
            return None
        if parts[1] not in self.terms.signals:
            hint = did_you_mean(parts[1], self.terms.signals, noun="signals")
            self.scope.findings.error("OBS209", f"there is no signal '{parts[1]}'", where, hint)
            return None
        return Condition(parts[1], parts[2], float(parts[3]))

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
