"""Signals and recordings: rendered once for rules, once for panels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from obsgen.diagnostics import Location
from obsgen.model.stack import Recording, Signal
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import metric_names, parse
from obsgen.resolve.forecast import forecast_expression
from obsgen.resolve.scope import Scope
from obsgen.spec.signals import SignalSpec
from obsgen.spec.source import Path_, Places

# A string stays as it is, a comment goes, and every other white space is one space.
_PIECE = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|#[^\n]*|\s+""")


@dataclass(frozen=True, slots=True)
class Written:
    """An expression's owner for messages, its text before rendering, and where that stands."""

    whose: str
    template: str
    where: Location


def resolve_signals(scope: Scope, panel_names: Mapping[str, Any]) -> dict[str, Signal]:
    """The pack's signals and the spec's own, without those whose parameters or series are not given."""
    pack, own = scope.pack, scope.use.component.signals
    places: dict[str, tuple[Places, Path_]] = {name: (pack.places, ("signals", name)) for name in pack.spec.signals}
    places |= {name: (scope.places, (*scope.use.path, "signals", name)) for name in own}
    found = {
        name: _resolve(name, spec, places[name], scope, panel_names)
        for name, spec in {**pack.spec.signals, **own}.items()
        if not missing_parameters(spec.needs, scope)
    }
    scope.lacking.signals.update(name for name, one in found.items() if scope.lacking.of(one.expr))
    return {name: one for name, one in found.items() if name not in scope.lacking.signals}


def missing_parameters(needs: list[str], scope: Scope) -> list[str]:
    """The parameters among these that neither pack nor spec gives a value."""
    return [name for name in needs if name not in scope.names["parameters"]]


def _resolve(
    name: str, spec: SignalSpec, at: tuple[Places, Path_], scope: Scope, panel_names: Mapping[str, Any]
) -> Signal:
    places, path = at
    measured = "forecast" if spec.forecast else "expr"
    where = {field: places.of(*path, field) for field in ("title", "about", measured)}
    expr = _measured(spec, at, scope, scope.names)
    template = spec.forecast.of if spec.forecast else spec.expr or ""
    source = Written(f"signal '{name}'", template, where[measured])
    if parsed_expr(expr, source, scope) and not _comparable(expr):
        hint = "put a function around a range, such as max_over_time(…), and vector(…) around a scalar"
        message = f"signal '{name}' is no instant vector, so no condition can compare it"
        scope.findings.error("OBS230", message, where[measured], hint)
    return Signal(
        name=name,
        title=scope.text(spec.title, where["title"]),
        about=scope.text(spec.about, where["about"]),
        unit=spec.unit,
        expr=expr,
        panel_expr=_measured(spec, at, scope, panel_names) if expr else "",
        legend=spec.legend,
        integer=spec.integer,
        minimum=spec.minimum,
        maximum=spec.maximum,
        healthy=spec.healthy,
        feed=tuple(spec.feed),
        reads_back=spec.reads_back,
        origin=where[measured],
        feed_origin=places.of_key(*path, "feed"),
    )


def _measured(spec: SignalSpec, at: tuple[Places, Path_], scope: Scope, names: Mapping[str, Any]) -> str:
    """The signal's expression, rendered with these names."""
    places, path = at
    if spec.forecast is None:
        return _one_line(scope.text(spec.expr or "", places.of(*path, "expr"), names))
    where = {field: places.of(*path, "forecast", field) for field in type(spec.forecast).model_fields}
    return _one_line(forecast_expression(spec.forecast, where, scope, names))


def resolve_recordings(scope: Scope) -> tuple[Recording, ...]:
    """The pack's recording rules whose parameters are given, rendered."""
    found = []
    for index, spec in enumerate(scope.pack.spec.recordings):
        if missing_parameters(spec.needs, scope):
            continue
        where = scope.pack_place("recordings", index, "expr")
        expr = _one_line(scope.text(spec.expr, where))
        written = Written(f"recording '{spec.record}'", spec.expr, where)
        if parsed_expr(expr, written, scope):
            found.append(Recording(spec.record, expr, where))
    sound = [one for one in found if not _circular(one, found, scope)]
    return tuple(_arriving(sound, scope))


def _arriving(recordings: list[Recording], scope: Scope) -> list[Recording]:
    """Those whose series arrive; what reads one that goes, goes too, whichever of them comes first."""
    left = [one for one in recordings if not scope.lacking.of_recording(one.record, one.expr)]
    return left if len(left) == len(recordings) else _arriving(left, scope)


def _circular(recording: Recording, recordings: list[Recording], scope: Scope) -> bool:
    """Whether the rule reads itself, directly or through others; it is noted."""
    reads = {one.record: metric_names(one.expr) for one in recordings}
    reached, found = set[str](), set(reads[recording.record])
    while found - reached:
        reached |= found
        found = {name for record in found for name in reads.get(record, ())}
    if recording.record in reached:
        message = f"recording '{recording.record}' reads itself, so it would feed on its own past"
        scope.findings.error("OBS232", message, recording.origin, "compute it from what is scraped")
    return recording.record in reached


def parsed_expr(expr: str, written: Written, scope: Scope) -> bool:
    """Whether the expression is PromQL; what is wrong with it is noted, unless its template was already."""
    if not expr and written.template.strip() and scope.findings.failed:
        return False
    try:
        parse(expr)
    except PromQLError as fault:
        hint = None if expr in (written.template, _one_line(written.template)) else f"rendered: {expr}"
        message = f"{written.whose} is not PromQL: {fault.message}"
        scope.findings.error("OBS230", message, written.where, hint)
        return False
    return True


def _comparable(expr: str) -> bool:
    try:
        parse(f"({expr}) > 0")
    except PromQLError:
        return False
    return True


def _one_line(expr: str) -> str:
    return _PIECE.sub(lambda found: found[1] or " ", expr).strip()
