"""Thresholds: the pack's default, the spec's watermark, the spec's own value; the last one given holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from obsgen.diagnostics import Location
from obsgen.model.setting import Setting
from obsgen.resolve.scope import Scope
from obsgen.spec.overrides import ThresholdsSpec
from obsgen.spec.pack import ThresholdSpec
from obsgen.spec.source import Path_
from obsgen.spec.stack import CapacitySpec
from obsgen.spec.unknown_setting import unknown_setting
from obsgen.spec.written import AlertSeverity
from obsgen.units import Amount, Kind

_EXAMPLES: Mapping[Kind, str] = {
    "ratio": "write a share such as 10% or 0.1",
    "duration": "write a time with its unit, such as 90s, 5m or 1h30m",
    "quantity": "write a quantity such as 8Gi, 500m or 2",
    "number": "write a plain number",
}
_GRADED: tuple[AlertSeverity, ...] = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One amount for every severity, or one for each."""

    name: str
    every: tuple[Amount, Setting] | None
    each: Mapping[AlertSeverity, tuple[Amount, Setting]]
    watermark: str | None

    def at(self, severity: AlertSeverity | None) -> tuple[Amount, Setting] | None:
        """The amount that holds at this severity, and who chose it."""
        return self.each.get(severity, self.every) if severity else self.every

    def chosen(self) -> tuple[Setting, ...]:
        """Every setting of the threshold, for those who ask where a number came from."""
        return tuple(setting for _, setting in (*([self.every] if self.every else []), *self.each.values()))


def resolve_thresholds(scope: Scope, capacity: CapacitySpec) -> dict[str, Threshold]:
    """Every threshold of the pack with the amounts that hold in this use of it."""
    declared = {name: _resolve(name, spec, scope, capacity) for name, spec in scope.pack.spec.thresholds.items()}
    for given, places in scope.normal.thresholds:
        declared = changed_thresholds(
            declared, given, replace(scope, places=places), ("packs", scope.normal.pack, "thresholds")
        )
    return changed_thresholds(declared, scope.use.component.thresholds, scope, (*scope.use.path, "thresholds"))


def changed_thresholds(
    thresholds: Mapping[str, Threshold], given: ThresholdsSpec, scope: Scope, path: Path_
) -> dict[str, Threshold]:
    """The thresholds with what the spec gives at this path; what the pack does not have is noted."""
    for name in given:
        if name not in thresholds:
            code, message, hint = unknown_setting(scope.pack, "threshold", name)
            scope.findings.error(code, message, scope.places.of_key(*path, name), hint)
    return {
        name: _overridden(one, given[name], scope, (*path, name)) if name in given else one
        for name, one in thresholds.items()
    }


def _resolve(name: str, spec: ThresholdSpec, scope: Scope, capacity: CapacitySpec) -> Threshold:
    kind = _kind(spec)
    written = scope.pack.places
    at = written.of("thresholds", name, "default")
    every = _setting(name, spec.default, kind, at, scope) if spec.default else None
    each: dict[AlertSeverity, tuple[Amount, Setting]] = {
        severity: _setting(name, amount, kind, written.of("thresholds", name, severity), scope)
        for severity in _GRADED
        if (amount := getattr(spec, severity)) is not None
    }
    watermark = capacity.watermarks.get(spec.watermark) if spec.watermark else None
    if watermark:
        marked: tuple[AlertSeverity, ...] = ("warning", "critical")
        for severity in marked:
            where = scope.places.of("capacity", "watermarks", str(spec.watermark), severity)
            each[severity] = _setting(name, getattr(watermark, severity), kind, where, scope)
    return Threshold(name, every, each, spec.watermark)


def _kind(spec: ThresholdSpec) -> Kind:
    amounts = [amount for amount in (spec.default, *(getattr(spec, one) for one in _GRADED)) if amount]
    return spec.kind or (amounts[0].kind if amounts else "number")


def _setting(name: str, amount: Amount, kind: Kind, where: Location, scope: Scope) -> tuple[Amount, Setting]:
    return _read_as(amount, kind, scope, where), Setting(f"threshold {name}", amount.text, where)


def _overridden(
    threshold: Threshold, given: Amount | Mapping[AlertSeverity, Amount], scope: Scope, path: Path_
) -> Threshold:
    kind = _kind(scope.pack.spec.thresholds[threshold.name])
    if isinstance(given, Amount):
        if len(threshold.each) > 1:
            hint = ", ".join(f"{severity}: {amount.text}" for severity, (amount, _) in threshold.each.items())
            message = f"threshold '{threshold.name}' differs by severity, so one value does not say enough"
            scope.findings.error("OBS204", message, scope.places.of(*path), f"write one for each: {{{hint}}}")
            return threshold
        where = scope.places.of(*path)
        return Threshold(threshold.name, _setting(threshold.name, given, kind, where, scope), {}, threshold.watermark)
    each = dict(threshold.each)
    for severity, amount in given.items():
        where = scope.places.of(*path, severity)
        each[severity] = _setting(threshold.name, amount, kind, where, scope)
    return Threshold(threshold.name, threshold.every, each, threshold.watermark)


def _read_as(amount: Amount, kind: Kind, scope: Scope, where: Location) -> Amount:
    """Read the amount the way the pack measures; `0.1` is a ratio there although it looks like a number."""
    try:
        found = Amount.parse(amount.text, kind)
    except ValueError as error:
        hint = f"{_EXAMPLES[kind]}, as the pack '{scope.pack.name}' does"
        scope.findings.error("OBS205", str(error).partition(":")[0], where, hint)
        return amount
    if not isfinite(found.value):
        scope.findings.error("OBS205", f"'{amount.text}' is a number beyond 64 bits", where)
    if kind == "ratio" and found.value > 1 and not amount.text.endswith("%"):
        message = f"'{amount.text}' reads as {100 * found.value:g} %, for ratios count from 0 to 1"
        scope.findings.error("OBS205", message, where, f"did you mean {amount.text}%?")
    return found
