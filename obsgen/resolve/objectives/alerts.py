"""The alerts of an objective: who hears of which burn, and whether the burn can happen at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from obsgen.model.objectives import BurnWindow, ObjectiveAlert, Sli, counts_events
from obsgen.model.setting import Setting
from obsgen.resolve.objectives.written import WrittenObjective
from obsgen.resolve.scope import Scope
from obsgen.spec.objectives import BudgetStepSpec, BurnWindowSpec, ObjectiveAlertName, ObjectiveAlertSpec
from obsgen.spec.source import Path_, Places
from obsgen.spec.windows import WindowsTable
from obsgen.spec.written import AlertSeverity
from obsgen.units import NO_TIME, Amount, Duration, exact_ratio

_SCRAPES = 4
# With a quarter of the budget left there is still time to slow down.
_POLICY = {"warning": BudgetStepSpec(spent=Amount.parse("75%", "ratio"))}
_ABSENT = {"ObjectiveTrafficStopped": "it counts time and no events, so that no traffic can stop: take the change out"}
_QUIET_FOR = Duration(900_000)
_STOPPED_FOR = Duration(600_000)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an objective's alerts are resolved against."""

    budget: Fraction
    period: Duration
    table: WindowsTable
    scrape_interval: Duration
    sli: Sli


def resolve_objective_alerts(
    written: WrittenObjective, scope: Scope, terms: Terms
) -> tuple[tuple[ObjectiveAlert, ...], tuple[Setting, ...]]:
    """Every enabled alert of the objective, the gravest first, and the settings that disabled the others."""
    alerts = _Alerts(written, scope, terms)
    found = list(alerts.all())
    alerts.refuse_idle(found)
    return tuple(one for one in found if isinstance(one, ObjectiveAlert)), tuple(
        one for one in found if isinstance(one, Setting)
    )


class _Alerts:
    def __init__(self, written: WrittenObjective, scope: Scope, terms: Terms) -> None:
        self.written = written
        self.scope = scope
        self.terms = terms

    def all(self) -> Iterator[ObjectiveAlert | Setting]:
        """Each alert at each severity, or the setting that disabled it."""
        for severity, lines in self.terms.table.spec.tiers.items():
            windows = tuple(
                window
                for index, line in enumerate(lines)
                if (window := self._window(line, severity, index, enabled=self._enabled("ErrorBudgetBurn", severity)))
            )
            yield self._alert("ErrorBudgetBurn", severity, NO_TIME, windows=windows)
        for severity, step in self.written.given("policy", _POLICY).items():
            yield self._alert("ErrorBudgetSpent", severity, NO_TIME, step=step)
        yield self._alert("ObjectiveDataMissing", self._severity("ObjectiveDataMissing"), _QUIET_FOR)
        if counts_events(self.terms.sli):
            yield self._alert("ObjectiveTrafficStopped", self._severity("ObjectiveTrafficStopped"), _STOPPED_FOR)

    def refuse_idle(self, found: Sequence[ObjectiveAlert | Setting]) -> None:
        """Note changes to severities that an alert does not have, and a severity for one that has several."""
        # A setting that disabled an alert is called after its name and severity.
        had = [one.name.split() if isinstance(one, Setting) else [one.name, one.severity] for one in found]
        for name, changes in self.written.alerts.items():
            known = sorted(severity for alert, severity in had if alert == name)
            if not known:
                self._refuse_absent(name, changes)
                continue
            for spec, places, path in changes:
                for severity in spec.severities:
                    if severity not in known:
                        message = f"'{name}' of objective '{self.written.name}' has no severity '{severity}'"
                        where = places.of_key(*path, "severities", severity)
                        self.scope.findings.error("OBS247", message, where, f"it has {' and '.join(known) or 'none'}")
                if spec.severity and name in ("ErrorBudgetBurn", "ErrorBudgetSpent"):
                    message = f"'severity' does not say which severity of '{name}' changes"
                    source = "its table of windows" if name == "ErrorBudgetBurn" else "the objective's policy"
                    example = f"severities: {{{known[0]}: {{enabled: false}}}}"
                    hint = f"its severities come from {source}; to drop one: {example}"
                    self.scope.findings.error("OBS247", message, places.of(*path, "severity"), hint)

    def _refuse_absent(self, name: str, changes: Sequence[tuple[ObjectiveAlertSpec, Places, Path_]]) -> None:
        message = f"objective '{self.written.name}' has no alert '{name}'"
        hint = "its policy names no share of the budget" if name == "ErrorBudgetSpent" else _ABSENT.get(name)
        # Whoever measures otherwise than the pack cannot take the pack's change out.
        replaced = self.scope.use.component.objectives.get(self.written.name)
        for _, places, path in changes:
            if replaced and places is self.scope.pack.places:
                continue
            self.scope.findings.error("OBS247", message, places.of_key(*path), hint)

    def _severity(self, name: ObjectiveAlertName) -> AlertSeverity:
        found = self.written.alert(name, None, "severity")
        return found[0] if found else "warning"

    def _enabled(self, name: ObjectiveAlertName, severity: AlertSeverity) -> bool:
        found = self.written.alert(name, severity, "enabled")
        return not found or found[0] is not False

    def _alert(
        self,
        name: ObjectiveAlertName,
        severity: AlertSeverity,
        pending: Duration,
        *,
        windows: tuple[BurnWindow, ...] = (),
        step: BudgetStepSpec | None = None,
    ) -> ObjectiveAlert | Setting:
        enabled = self.written.alert(name, severity, "enabled")
        if enabled and enabled[0] is False:
            return Setting(f"{name} {severity}", "enabled: false", enabled[1].origin)
        said = {field: self.written.alert(name, severity, field) for field in ("pending", "keep_firing_for", "action")}
        values = {field: found[0] for field, found in said.items() if found}
        return ObjectiveAlert(
            name=name,
            severity=severity,
            pending=values.get("pending", pending),
            keep_firing_for=values.get("keep_firing_for", NO_TIME),
            action=values.get("action", step.action if step else None),
            windows=windows,
            spent=step.spent.value if step else 0.0,
        )

    def _window(self, line: BurnWindowSpec, severity: AlertSeverity, index: int, *, enabled: bool) -> BurnWindow | None:
        """The line with its factor for this period, or None where it could never fire or not be read."""
        terms, written = self.terms, self.written
        spent = exact_ratio(line.budget.text)
        if self._unreadable(line, spent, ("tiers", severity, index)):
            return None
        factor = spent * terms.period.milliseconds / line.long.milliseconds
        if enabled and factor * terms.budget >= 1:
            numbers = f"{float(factor):.4g} × {float(terms.budget):.4g} = {float(factor * terms.budget):.4g}"
            lowest = float(1 - 1 / factor)
            message = (
                f"objective '{written.name}' can never fire '{severity}' over {line.long}: the share of errors that it "
                f"waits for is {numbers}, and no share is above 1"
            )
            hint = f"aim above {lowest:.2%}, choose other windows, or disable ErrorBudgetBurn's {severity}"
            self.scope.findings.error("OBS242", message, written.place("target"), hint)
            return None
        return BurnWindow(line.long, line.short, float(factor), float(factor * terms.budget))

    def _unreadable(self, line: BurnWindowSpec, spent: Fraction, path: Path_) -> bool:
        """Whether the line makes no sense for this period and these scrapes; it is noted."""
        terms, name = self.terms, self.written.name
        code, where = "OBS246", path
        if not NO_TIME < line.short < line.long or not 0 < spent < 1:
            message = f"windows of {line.short} and {line.long} cannot measure {line.budget.text} of a budget"
            hint = "write the longer one under long, and a share of the budget between 0 and 100%"
        elif line.long > terms.period:
            where = (*path, "long")
            message = f"{line.long} is longer than the period of objective '{name}', {terms.period}"
            hint = "name a table with shorter windows, or lengthen the period"
        elif line.short < terms.scrape_interval * _SCRAPES:
            code, where = "OBS243", (*path, "short")
            message = f"{line.short} holds fewer than {_SCRAPES} scrapes of {terms.scrape_interval}"
            hint = f"objective '{name}' reads it: scrape more often, or choose a table with longer windows"
        else:
            return False
        self.scope.findings.error(code, message, terms.table.places.of(*where), hint)
        return True
