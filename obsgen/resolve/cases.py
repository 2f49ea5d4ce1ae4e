"""Written tests: rendered for each severity of the alert that they prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from obsgen.diagnostics import Location, did_you_mean
from obsgen.model.feed_names import FeedNames
from obsgen.model.stack import Alert, Case, Moment
from obsgen.resolve.scope import Scope
from obsgen.resolve.thresholds import Threshold
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.pack import CaseSpec, ExpectationSpec
from obsgen.spec.source import Path_
from obsgen.spec.template import evaluate
from obsgen.units import Duration

# Of a written test, in seconds.
_LONGEST = 365 * 86_400


def resolve_cases(
    scope: Scope, alerts: tuple[Alert, ...], thresholds: Mapping[str, Mapping[str, Threshold]], names: FeedNames
) -> tuple[Case, ...]:
    """The pack's written tests for every alert that is enabled here; `thresholds` go by the part of the alert."""
    for name in scope.pack.cases.alerts:
        if name not in scope.pack.spec.alerts:
            where = scope.pack.case_places.of_key("alerts", name)
            hint = did_you_mean(name, scope.pack.spec.alerts, noun="its alerts")
            scope.findings.error("OBS214", f"pack '{scope.pack.name}' has no alert '{name}' to test", where, hint)
    return tuple(
        _Case(scope, alert, thresholds[alert.part.name], names).resolve(written, ("alerts", alert.name, index))
        for alert in alerts
        for index, written in enumerate(scope.pack.cases.alerts.get(alert.name, ()))
        if written.severity in (None, alert.graded or alert.severity)
    )


class _Case:
    def __init__(self, scope: Scope, alert: Alert, thresholds: Mapping[str, Threshold], names: FeedNames) -> None:
        amounts = {name: one.at(alert.graded or alert.severity) for name, one in thresholds.items()}
        values = {name: found[0].value for name, found in amounts.items() if found}
        self.feed_names = names
        self.names = {**names, "thresholds": values, "pending": alert.pending.seconds}
        self.scope = scope
        self.alert = alert

    def resolve(self, written: CaseSpec, path: Path_) -> Case:
        places = self.scope.pack.case_places
        series = {
            self._series(name, places.of(*path, "series", name)): self.scope.text(
                values, places.of(*path, "series", name), self.names
            )
            for name, values in written.series.items()
        }
        return Case(
            alert=self.alert.name,
            severity=self.alert.severity,
            title=written.title,
            interval=written.interval,
            series=series,
            fires=tuple(self._moments(written.fires, (*path, "fires"))),
            silent=tuple(self._moments(written.silent, (*path, "silent"))),
            part=self.alert.part.name,
        )

    def _series(self, name: str, where: Location) -> str:
        return self.feed_names.series(self.scope.text(name, where, self.names))

    def _moments(self, written: list[ExpectationSpec], path: Path_) -> Iterator[Moment]:
        for index, expectation in enumerate(written):
            where = self.scope.pack.case_places.of(*path, index)
            try:
                value = None if expectation.value is None else evaluate(expectation.value, self.names)
            except TemplateFault as fault:
                self.scope.note(fault, self.scope.pack.case_places.of(*path, index, "value"))
                continue
            at = self._time(expectation.at, self.scope.pack.case_places.of(*path, index, "at"))
            if at is not None:
                yield Moment(at, value, self._labels(expectation, (*path, index)), where)

    def _labels(self, expectation: ExpectationSpec, path: Path_) -> dict[str, str]:
        places = self.scope.pack.case_places
        rendered = {
            name: self.scope.text(text, places.of(*path, "labels", name), self.names)
            for name, text in expectation.labels.items()
        }
        return self.feed_names.labels(rendered)

    def _time(self, at: str, where: Location) -> Duration | None:
        try:
            if "${" not in at:
                return Duration.parse(at)
            seconds = evaluate(at, self.names)
            if 0 <= seconds <= _LONGEST:
                return Duration.of_seconds(seconds)
            message = f"'{at}' comes to {seconds:g} seconds, and a test lasts from none to a year"
        except TemplateFault as fault:
            self.scope.note(fault, where)
            return None
        except ValueError as fault:
            message = str(fault)
        self.scope.findings.error("OBS114", message, where)
        return None
