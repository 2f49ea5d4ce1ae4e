"""Alerts as they are written: the pack's form with the spec's changes laid over it, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from obsgen.diagnostics import Location, did_you_mean
from obsgen.resolve.scope import Scope
from obsgen.spec.pack import AlertSpec, SeveritySpec
from obsgen.spec.source import Path_, Places
from obsgen.spec.written import AlertSeverity

WAYS = ("when", "all", "absent", "expr")
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

    @property
    def conditions(self) -> list[str]:
        """Its conditions as templates; none where PromQL says when it fires."""
        return [self.given("when")] if self.given("when") else list(self.given("all") or [])

    @property
    def measured(self) -> list[str]:
        """The templates that say what is measured and with what it is compared."""
        return [*self.conditions, self.given("expr")] if self.given("expr") else self.conditions


def written_alerts(scope: Scope) -> Iterator[WrittenAlert]:
    """Every alert of the component that says all that an alert must; what is missing is noted."""
    changes = scope.use.component.alerts
    for name, spec in scope.pack.spec.alerts.items():
        origin = scope.pack.places.of_key("alerts", name)
        written = WrittenAlert(name, origin, *_fields(spec, scope.pack.places, ("alerts", name)))
        if name in changes:
            written = changed(written, changes[name], scope, (*scope.use.path, "alerts", name))
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
    lists = ((name, len(values.get(name) or ())) for name in ("all", "unless"))
    located |= {f"{name}.{index}": places.of(*path, name, index) for name, length in lists for index in range(length)}
    located |= {f"labels.{name}": places.of(*path, "labels", name) for name in values.get("labels") or ()}
    for severity, own in (values.get("severities") or {}).items():
        _, inner = _fields(own, places, (*path, "severities", severity))
        located |= {f"severities.{severity}.{name}": at for name, at in inner.items()}
    return values, located


def changed(written: WrittenAlert, change: AlertSpec, scope: Scope, path: Path_) -> WrittenAlert:
    """The alert with what the spec says of it at this path laid over it."""
    values, places = _fields(change, scope.places, path)
    written = _without_own_times(written, change)
    fields = dict(written.fields)
    kept = written.places
    if values.keys() & set(WAYS):
        fields = {name: value for name, value in fields.items() if name not in WAYS}
        kept = {name: at for name, at in kept.items() if name.partition(".")[0] not in WAYS}
    if "severity" in values and "severities" in fields:
        shown = " and ".join(fields["severities"])
        hint = f"to drop one of them: severities: {{{next(iter(fields['severities']))}: {{enabled: false}}}}"
        message = f"'{written.name}' has the severities {shown}, so 'severity' does not say which changes"
        scope.findings.error("OBS206", message, places["severity"], hint)
        del values["severity"]
    if "severities" in values:
        values["severities"] = _merged_severities(written, values["severities"])
        fields.pop("severity", None)
    if "labels" in values:
        values["labels"] = {**(fields.get("labels") or {}), **values["labels"]}
    return replace(written, fields={**fields, **values}, places={**kept, **places})


def _without_own_times(written: WrittenAlert, change: AlertSpec) -> WrittenAlert:
    """A `for` that the spec gives to the whole alert holds for each severity, whatever the pack gave to one."""
    given = {name: None for name in ("pending", "keep_firing_for") if getattr(change, name) is not None}
    graded = written.given("severities")
    if not (given and graded):
        return written
    severities = {severity: own.model_copy(update=given) for severity, own in graded.items()}
    return replace(written, fields={**written.fields, "severities": severities})


def _merged_severities(
    written: WrittenAlert, changes: Mapping[AlertSeverity, SeveritySpec]
) -> dict[AlertSeverity, SeveritySpec]:
    merged = dict(severities_of(written))
    for severity, change in changes.items():
        given = change.model_dump(exclude_unset=True)
        merged[severity] = merged.get(severity, SeveritySpec.model_construct()).model_copy(update=given)
    return merged


def severities_of(written: WrittenAlert) -> Mapping[AlertSeverity, SeveritySpec]:
    """What each severity says differently; an alert with one severity says nothing."""
    if written.given("severities"):
        return dict(written.given("severities"))
    plain = SeveritySpec.model_construct(enabled=None, pending=None, keep_firing_for=None, unless=None)
    return {written.given("severity"): plain}


def _complete(written: WrittenAlert, scope: Scope) -> bool:
    """Whether the alert says everything that an alert must; what is missing is noted."""
    needed = ("summary", "description") if written.given("severities") else _NEEDED
    missing = [field for field in needed if not written.given(field)]
    ways = [way for way in WAYS if written.given(way)]
    if not missing and len(ways) == 1:
        return True
    if len(ways) > 1:
        message = f"alert '{written.name}' says in {len(ways)} ways when it fires: {', '.join(ways)}"
        scope.findings.error("OBS207", message, written.place(ways[1]), "keep one of them")
    if missing or not ways:
        lacking = ", ".join([*missing, *([] if ways else [f"one of {'/'.join(WAYS)}"])])
        message = f"alert '{written.name}' is missing {lacking}"
        scope.findings.error("OBS207", message, written.origin, _meant(written.name, scope))
    return False


def _meant(name: str, scope: Scope) -> str | None:
    known = scope.pack.spec.alerts
    if name in known:
        return None
    if former := scope.pack.spec.renamed(name):
        return former
    near = did_you_mean(name, known)
    return near if near.startswith("did") else f"pack '{scope.pack.name}' has no such alert, so it must be complete"
