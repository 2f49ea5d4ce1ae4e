"""Objectives as they are written: the pack's form with the spec's changes laid over it, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from obsgen.diagnostics import Location
from obsgen.model.setting import Setting
from obsgen.resolve.scope import Scope
from obsgen.resolve.signals import missing_parameters
from obsgen.spec.objectives import ObjectiveAlertSpec, ObjectiveSpec
from obsgen.spec.source import Path_, Places
from obsgen.spec.written import AlertSeverity

MEASURES = ("errors", "good", "latency", "gauge", "ratio")


@dataclass(slots=True)
class WrittenObjective:
    """An objective's fields as they hold, each with the place that had the last word on it."""

    name: str
    origin: Location
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    alerts: dict[str, list[tuple[ObjectiveAlertSpec, Places, Path_]]] = field(default_factory=dict)

    def given(self, name: str, default: Any = None) -> Any:
        """The field's value, the default where nobody gave one."""
        return self.fields.get(name, default)

    def place(self, name: str) -> Location:
        """Where the field stands, or else the objective."""
        return self.places.get(name, self.origin)

    def lay_over(self, spec: ObjectiveSpec, places: Places, path: Path_) -> None:
        """What this file says, over what the ones before it said."""
        given = {name: getattr(spec, name) for name in spec.model_fields_set if getattr(spec, name) is not None}
        if given.keys() & set(MEASURES):
            for name in (*MEASURES, "total"):
                self.fields.pop(name, None)
        for name, alert in given.pop("alerts", {}).items():
            self.alerts.setdefault(name, []).append((alert, places, (*path, "alerts", name)))
        if "policy" in given:
            given["policy"] = {**self.given("policy", {}), **given["policy"]}
        self.fields |= given
        self.places |= {name: places.of(*path, name) for name in given}
        if "ratio" in given:
            self.places["ratio.feed"] = places.of_key(*path, "ratio", "feed")

    def alert(self, name: str, severity: AlertSeverity | None, wanted: str) -> tuple[Any, Setting] | None:
        """The last word on one field of an alert, a severity's own before the alert's."""
        found = None
        for spec, places, path in self.alerts.get(name, ()):
            own = spec.severities.get(severity) if severity else None
            for part, at in ((spec, path), (own, (*path, "severities", severity or ""))):
                value = getattr(part, wanted, None) if part else None
                if value is not None:
                    shown = "for" if wanted == "pending" else wanted
                    found = value, Setting(shown, _shown(value), places.of(*at, shown))
        return found


def written_objectives(scope: Scope) -> Iterator[WrittenObjective]:
    """Every objective of the component for which the parameters it needs are given."""
    pack, own = scope.pack.spec.objectives, scope.use.component.objectives
    for name in dict.fromkeys([*pack, *own]):
        path = (*scope.use.path, "objectives", name)
        in_pack = name in pack
        origin = scope.pack.places.of_key("objectives", name) if in_pack else scope.places.of_key(*path)
        written = WrittenObjective(name, origin)
        if in_pack:
            written.lay_over(pack[name], scope.pack.places, ("objectives", name))
        if name in own:
            written.lay_over(own[name], scope.places, path)
        if not missing_parameters(written.given("needs", []), scope):
            yield written


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
