"""Objectives with nothing left to inherit, or the numbers that say why one cannot work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from obsgen.diagnostics import did_you_mean
from obsgen.model.feed_names import FeedNames
from obsgen.model.objectives import Objective, ObjectiveAlert, Sli, WeightedRatio, counts_events, expressions
from obsgen.model.setting import Setting
from obsgen.model.stack import RESERVED_LABELS
from obsgen.resolve.objectives.alerts import Terms, resolve_objective_alerts
from obsgen.resolve.objectives.measures import resolve_measure
from obsgen.resolve.objectives.written import MEASURES, WrittenObjective, written_objectives
from obsgen.resolve.scope import Scope
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.windows import WindowsTable
from obsgen.units import Duration, Version, exact_ratio

_MINUTE = Duration(60_000)
_DAY = Duration(86_400_000)
_PERIOD = "30d"
_COMPLETE = "such as {target: 99.9%, errors: 'orders_total{result=\"failed\"}', total: orders_total}"
# What the recorded rates look back: the shortest window of the tables.
BASE = Duration(300_000)
# A calendar month is reckoned as this long where rates of spending are compared with it.
_MONTH = _DAY * 30
SHORTEST, LONGEST = _DAY * 7, _DAY * 90
_NATIVE_SINCE = Version(3, 0)
# One failed event more or less must not wake anybody, whatever share of the traffic it is.
_MINIMUM_ERRORS = 5.0


def resolve_objectives(
    scope: Scope, environment: EnvironmentSpec, windows: Mapping[str, WindowsTable], feed_names: FeedNames
) -> tuple[Objective, ...]:
    """Every objective of the component; what is wrong with one is noted."""
    found = [_Resolver(written, scope, environment, windows) for written in written_objectives(scope)]
    return tuple(one for each in found if (one := each.resolve(feed_names)))


class _Resolver:
    def __init__(
        self,
        written: WrittenObjective,
        scope: Scope,
        environment: EnvironmentSpec,
        windows: Mapping[str, WindowsTable],
    ) -> None:
        self.written = written
        self.scope = scope
        self.environment = environment
        self.windows = windows

    def resolve(self, feed_names: FeedNames) -> Objective | None:
        """The objective, or None where a mistake was noted."""
        if not self._complete():
            return None
        written, by = self.written, self._by()
        sli = resolve_measure(written, by, self.scope, feed_names)
        if sli and self._lacks(sli):
            return None
        budget, period = self._budget(), self._period()
        table = self._table(period) if period else None
        if not (sli and self._supported(sli) and budget and period and table):
            return None
        minimum = written.given("minimum_errors", _MINIMUM_ERRORS if counts_events(sli) else 0.0)
        alerts, disabled = resolve_objective_alerts(
            written, self.scope, Terms(budget, period, table, self.environment.prometheus.scrape_interval, sli)
        )
        return self._objective(sli, by, budget, period, minimum, alerts, disabled)

    def _lacks(self, sli: Sli) -> bool:
        """Whether series that it counts do not arrive; it is remembered."""
        # Every one is asked, so that the note names all that is lacking.
        lacking = [expr for expr in expressions(sli) if self.scope.lacking.of(expr)]
        self.scope.lacking.objectives.update({self.written.name} if lacking else ())
        return bool(lacking)

    def _objective(  # noqa: PLR0913, PLR0917 - each is a part of the objective
        self,
        sli: Sli,
        by: tuple[str, ...],
        budget: Fraction,
        period: Duration,
        minimum: float,
        alerts: tuple[ObjectiveAlert, ...],
        disabled: tuple[Setting, ...],
    ) -> Objective:
        written, target = self.written, self.written.given("target")
        title = written.given("title", written.name.replace("-", " ").capitalize())
        return Objective(
            name=written.name,
            title=self.scope.text(title, written.place("title")),
            about=self.scope.text(written.given("about", ""), written.place("about")),
            target=float(1 - budget),
            budget=float(budget),
            target_text=target.text,
            period=period,
            calendar=written.given("period") == "month",
            sli=sli,
            by=by,
            exact=written.given("accuracy") == "exact",
            base=BASE,
            interval=max(_MINUTE, self.environment.prometheus.evaluation_interval),
            minimum_errors=minimum,
            alerts=alerts,
            origin=written.origin,
            settings=tuple(self._settings(target.text)),
            disabled=disabled,
        )

    def _settings(self, target: str) -> Iterator[Setting]:
        yield Setting("target", target, self.written.place("target"))
        for name in ("period", "windows", "minimum_errors"):
            if self.written.given(name) is not None:
                yield Setting(name, str(self.written.given(name)), self.written.place(name))

    def _complete(self) -> bool:
        """Whether the target and exactly one measure are there; what is missing is noted."""
        written = self.written
        measures = [name for name in MEASURES if written.given(name)]
        lacking = [] if written.given("target") else ["target"]
        lacking += [] if measures else [f"one of {'/'.join(MEASURES)}"]
        if measures and measures[0] in ("errors", "good") and not written.given("total"):
            lacking.append("total")
        if lacking:
            message = f"objective '{written.name}' is missing {', '.join(lacking)}"
            known = self.scope.pack.spec.objectives
            near = did_you_mean(written.name, known) if known and written.name not in known else _COMPLETE
            self.scope.findings.error("OBS240", message, written.origin, near)
        if len(measures) > 1:
            message = f"objective '{written.name}' says in {len(measures)} ways what it measures: {', '.join(measures)}"
            self.scope.findings.error("OBS240", message, written.place(measures[1]), "keep one of them")
        return not lacking and len(measures) == 1

    def _by(self) -> tuple[str, ...]:
        place = self.written.place("by")
        for label in self.written.given("by", []):
            if label in (*RESERVED_LABELS, "cluster", "le") or label.startswith("__"):
                message = f"objective '{self.written.name}' cannot be grouped by '{label}'"
                hint = "'cluster' is kept in any case" if label == "cluster" else "group by a label of the events"
                self.scope.findings.error("OBS245", message, place, hint)
        return tuple(dict.fromkeys(self.written.given("by", [])))

    def _budget(self) -> Fraction | None:
        """1 - target without the rounding of floats, or None where nothing, or everything, may fail."""
        text = self.written.given("target").text
        target = exact_ratio(text)
        if 0 < target < 1:
            return 1 - target
        message = f"the target of objective '{self.written.name}' is {text}, which leaves no room between good and bad"
        if target > 1:
            hint = "a target is a share of 1: write such as 99.9% or 0.999"
        else:
            hint = "at 100% the first error spends all: aim below, such as 99.9%" if target else "write such as 99.9%"
        self.scope.findings.error("OBS241", message, self.written.place("target"), hint)
        return None

    def _period(self) -> Duration | None:
        text = self.written.given("period", _PERIOD)
        period = _MONTH if text == "month" else Duration.parse(text)
        if SHORTEST <= period <= LONGEST:
            return period
        message = f"the period of objective '{self.written.name}' is {text}"
        hint = "write 7d to 90d, such as 30d, or month for the calendar's"
        self.scope.findings.error("OBS246", message, self.written.place("period"), hint)
        return None

    def _table(self, period: Duration) -> WindowsTable | None:
        name = self.written.given("windows")
        if name is None:
            return self._table_made_for(period)
        if name in self.windows:
            return self.windows[name]
        hint = did_you_mean(name, self.windows, noun="tables in config/windows")
        message = f"there is no table of windows '{name}'"
        self.scope.findings.error("OBS246", message, self.written.place("windows"), hint)
        return None

    def _table_made_for(self, period: Duration) -> WindowsTable | None:
        """The first table that suits the period; own tables may leave a period to none, which is noted."""
        fitting = next((one for one in self.windows.values() if _made_for(one, period)), None)
        if fitting is None:
            message = f"no table of windows is made for the {period} of objective '{self.written.name}'"
            spans = (
                f"{name} ({one.spec.periods.from_} to {one.spec.periods.to})" for name, one in self.windows.items()
            )
            hint = f"name one under windows, or widen the periods of one: {', '.join(spans)}"
            self.scope.findings.error("OBS246", message, self.written.place("period"), hint)
        return fitting

    def _supported(self, sli: Sli) -> bool:
        """Whether the target's Prometheus can evaluate it, and tests can feed it; if not, it is noted."""
        version = self.environment.prometheus.version
        latency = self.written.given("latency")
        if latency and latency.native and not version >= _NATIVE_SINCE:
            message = f"native histograms need Prometheus {_NATIVE_SINCE}, and this spec is for {version}"
            hint = "measure a classic histogram (native: false), or raise environment.prometheus.version"
            self.scope.findings.error("OBS248", message, self.written.place("latency"), hint)
            return False
        if isinstance(sli, WeightedRatio) and not sli.feed:
            message = f"objective '{self.written.name}' says of no series how it makes the ratio read v"
            hint = "give ratio.feed, such as - {series: 'failed_total', counter: \"${events * v}\"}"
            self.scope.findings.error("OBS249", message, self.written.place("ratio"), hint)
            return False
        if isinstance(sli, WeightedRatio) and any(one.histogram for one in sli.feed):
            message = f"objective '{self.written.name}' feeds a histogram, which cannot be made to read v"
            hint = "feed what the ratio reads as counters: those that end in _bucket and _count"
            self.scope.findings.error("OBS249", message, self.written.place("ratio.feed"), hint)
            return False
        return True


def _made_for(table: WindowsTable, period: Duration) -> bool:
    """Whether the shipped table suits the period; the last one's end is inclusive."""
    bounds = table.spec.periods
    return bounds.from_ <= period < bounds.to or period == bounds.to == LONGEST
