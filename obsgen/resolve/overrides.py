"""Overrides as they are written: whom each is for, and what it says of thresholds and alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.diagnostics import did_you_mean
from obsgen.model.part import Matchers, Part
from obsgen.promql.matcher import Matcher
from obsgen.resolve.scope import Scope, matchers_of
from obsgen.resolve.thresholds import Threshold, changed_thresholds
from obsgen.resolve.written import WrittenAlert, changed
from obsgen.spec.load import LoadedSpec
from obsgen.spec.overrides import MatchSpec, OverrideSpec
from obsgen.spec.source import Path_
from obsgen.spec.template import thresholds_in


@dataclass(frozen=True, slots=True)
class Override:
    """One override, read: whom it is for and the thresholds that hold there."""

    name: str
    spec: OverrideSpec
    matchers: Matchers
    thresholds: Mapping[str, Threshold]
    path: Path_
    owners: frozenset[str]
    """Labels that must tell whose a series is, because it goes by namespace or team."""

    def changes(self, written: WrittenAlert) -> bool:
        """Whether the alert is another one there."""
        compared = thresholds_in(written.measured)
        return written.name in self.spec.alerts or bool(compared & self.spec.thresholds.keys())

    def applied(self, written: WrittenAlert, scope: Scope) -> WrittenAlert:
        """The alert as it is there."""
        own = self.spec.alerts.get(written.name)
        return changed(written, own, scope, (*self.path, "alerts", written.name)) if own else written

    def part(self, before: Sequence[Override]) -> Part:
        """The series that it takes, where those before it have taken theirs."""
        return Part(self.name, self.matchers, tuple(one.matchers for one in before), self.spec.team)


def resolve_overrides(scope: Scope, loaded: LoadedSpec, thresholds: Mapping[str, Threshold]) -> tuple[Override, ...]:
    """The component's overrides, in the spec's order; what they name in vain is noted."""
    written = scope.use.component.overrides
    found = (_override(name, spec, scope, loaded, thresholds) for name, spec in written.items())
    # Where none could be read, which was noted, the override would seem to take everything.
    return tuple(one for one in found if one.matchers)


def _override(
    name: str, spec: OverrideSpec, scope: Scope, loaded: LoadedSpec, thresholds: Mapping[str, Threshold]
) -> Override:
    path: Path_ = (*scope.use.path, "overrides", name)
    declared = {**scope.pack.spec.alerts, **scope.use.component.alerts}
    for alert in spec.alerts:
        if alert not in declared:
            message = f"override '{name}' changes '{alert}', which '{scope.use.name}' does not have"
            hint = did_you_mean(alert, declared, noun="its alerts")
            scope.findings.error("OBS233", message, scope.places.of_key(*path, "alerts", alert), hint)
    label = scope.pack.spec.namespace_label
    owners = tuple(_owners(spec.match, label, scope, loaded, path))
    written = spec.match.labels
    labels = matchers_of(written, scope.places.of(*path, "match", "labels"), scope) if written else None
    return Override(
        name=name,
        spec=spec,
        matchers=(*owners, *(labels or ())),
        thresholds=changed_thresholds(thresholds, spec.thresholds, scope, (*path, "thresholds")),
        path=path,
        owners=frozenset({label} if owners else ()),
    )


def _owners(match: MatchSpec, label: str, scope: Scope, loaded: LoadedSpec, path: Path_) -> Iterator[Matcher]:
    """Matchers for whose series it takes."""
    if match.namespace:
        yield _one_of(label, [match.namespace] if isinstance(match.namespace, str) else match.namespace)
    if match.team:
        applications = loaded.spec.applications.values()
        owned = {one.namespace for one in applications if one.team == match.team}
        if not owned:
            teams = {one.team for one in applications}
            message = f"no application of the spec belongs to the team '{match.team}', so this takes no namespace"
            hint = did_you_mean(match.team, teams, noun="teams with applications") if teams else "name the namespaces"
            scope.findings.error("OBS234", message, scope.places.of(*path, "match", "team"), hint)
        yield _one_of(label, sorted(owned) or [match.team])


def _one_of(label: str, values: Sequence[str]) -> Matcher:
    return Matcher(label, "=", values[0]) if len(values) == 1 else Matcher(label, "=~", "|".join(values))
