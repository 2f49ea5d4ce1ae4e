"""Forecasts: how long until something is used up, told from a single step and from a daily rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from promql_parser import VectorSelector

from obsgen.diagnostics import Location
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import parse
from obsgen.resolve.scope import Scope
from obsgen.spec.signals import ForecastSpec
from obsgen.units import Duration

_LEAST_OVER: Final = Duration.parse("30m")
_MOST_OVER: Final = Duration.parse("2d")
_DAY: Final = Duration.parse("1d")


@dataclass(frozen=True, slots=True)
class Forecast:
    """A gauge that falls to a limit or rises to one, and how far back its growth must show."""

    gauge: str
    limit: str | None
    rises: bool
    over: Duration

    @property
    def expr(self) -> str:
        """Seconds until the limit is met, at the lesser of a recent and a lasting pace; empty while nothing grows.

        A straight line through one window takes a single step for growth for as long as the window holds it. So growth
        must show in the last sixth of `over` and, apart from that, before its last third: a step that is shorter than
        the sixth between the two is never in both. Peaks are compared with peaks, so that a quick rhythm is no growth
        and hides none, and what was reached on the day before is none either.
        """
        left = self.gauge
        if self.limit is not None:
            sides = (self.limit, self.gauge) if self.rises else (self.gauge, self.limit)
            left = f"clamp_min({' - '.join(sides)}, 0)"
        recent = f'label_replace({self._recent()}, "window", "recent", "", "")'
        lasting = f'label_replace({self._lasting()}, "window", "lasting", "", "")'
        return f"{left} / (min without (window) ({recent} or {lasting}) > 0)"

    def _recent(self) -> str:
        return self._pace(self._peak(1, 1), self._peak(1, 0), 1)

    def _lasting(self) -> str:
        """What is younger than two thirds of `over` has no lasting pace: 0 holds the forecast back."""
        later = self._peak(1, 2)
        old = self._pace(self._peak(_DAY, 6), later, 4)
        young = self._pace(self._peak(2, 4), later, 2)
        return f"({old} or {young} or {self.gauge} * 0)"

    def _peak(self, window: int | Duration, ago: int) -> str:
        """The most that was taken within a window, which ended `ago`; both in sixths of `over`."""
        span = self._part(window) if isinstance(window, int) else window
        offset = f" offset {self._part(ago)}" if ago else ""
        return f"{'max' if self.rises else 'min'}_over_time({self.gauge}[{span}]{offset})"

    def _pace(self, before: str, after: str, sixths: int) -> str:
        """Growth per second from one peak to the next, so many sixths of `over` apart."""
        growth = f"{after} - {before}" if self.rises else f"{before} - {after}"
        return f"({growth}) / {self._part(sixths).milliseconds // 1000}"

    def _part(self, sixths: int) -> Duration:
        return Duration.of_seconds(round(self.over.seconds / 6) * sixths)


def forecast_expression(
    spec: ForecastSpec, where: Mapping[str, Location], scope: Scope, names: Mapping[str, Any]
) -> str:
    """The forecast rendered with these names; a mistake is noted at its place and reads as empty text."""
    gauge = scope.text(spec.of, where["of"], names)
    over = _over(scope.text(spec.over, where["over"], names), where["over"], scope)
    end = "falls_to" if spec.rises_to is None else "rises_to"
    written = spec.rises_to or spec.falls_to
    limit = f"({scope.text(written, where[end], names)})" if written else None
    if over is None or not gauge or not _is_selector(gauge, where["of"], scope):
        return ""
    return Forecast(gauge, limit, spec.rises_to is not None, over).expr


def _over(text: str, where: Location, scope: Scope) -> Duration | None:
    try:
        over = Duration.parse(text)
    except ValueError as fault:
        scope.findings.error("OBS285", f"the forecast's 'over': {fault}", where)
        return None
    if not _LEAST_OVER <= over <= _MOST_OVER:
        message = f"a forecast over {over}: it needs at least {_LEAST_OVER} and at most {_MOST_OVER}"
        scope.findings.error("OBS285", message, where, "6h suits what grows for hours; leave 'over' out for that")
        return None
    return over


def _is_selector(gauge: str, where: Location, scope: Scope) -> bool:
    try:
        tree = parse(gauge)
    except PromQLError as fault:
        scope.findings.error("OBS285", f"the forecast's 'of' is not PromQL: {fault.message}", where)
        return False
    if isinstance(tree, VectorSelector) and tree.offset is None and tree.at is None:
        return True
    message = f"'{gauge}' is more than a selector, and a forecast is made of one, whose past is read too"
    hint = "record the expression under 'recordings', and name what is recorded"
    scope.findings.error("OBS285", message, where, hint)
    return False
