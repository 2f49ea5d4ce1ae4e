"""Signals and recordings: rendered once for rules, once for panels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from obsgen.diagnostics import Location
from obsgen.model.stack import Recording, Signal
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import parse
from obsgen.resolve.scope import Scope
from obsgen.spec.pack import SignalSpec


def resolve_signals(scope: Scope, panel_names: Mapping[str, Any]) -> dict[str, Signal]:
    """The pack's signals and the spec's own, without those whose parameters are not given."""
    written = {name: (spec, scope.pack_place("signals", name)) for name, spec in scope.pack.spec.signals.items()}
    for name, spec in scope.use.component.signals.items():
        written[name] = (spec, scope.places.of_key(*scope.use.path, "signals", name))
    return {
        name: _resolve(name, spec, where, scope, panel_names)
        for name, (spec, where) in written.items()
        if not missing_parameters(spec.needs, scope)
    }


def missing_parameters(needs: list[str], scope: Scope) -> list[str]:
    """The parameters among these that neither pack nor spec gives a value."""
    return [name for name in needs if name not in scope.names["parameters"]]


def _resolve(name: str, spec: SignalSpec, where: Location, scope: Scope, panel_names: Mapping[str, Any]) -> Signal:
    expr = parsed_expr(_one_line(scope.text(spec.expr, where)), f"signal '{name}'", scope, where)
    return Signal(
        name=name,
        title=scope.text(spec.title, where),
        about=scope.text(spec.about, where),
        unit=spec.unit,
        expr=expr,
        panel_expr=_one_line(scope.text(spec.expr, where, panel_names)),
        legend=spec.legend,
        integer=spec.integer,
        minimum=spec.minimum,
        maximum=spec.maximum,
        healthy=spec.healthy,
        feed=tuple(spec.feed),
        origin=where,
    )


def resolve_recordings(scope: Scope) -> tuple[Recording, ...]:
    """The pack's recording rules, rendered."""
    return tuple(
        Recording(
            spec.record,
            parsed_expr(_one_line(scope.text(spec.expr, where)), f"recording '{spec.record}'", scope, where),
            where,
        )
        for index, spec in enumerate(scope.pack.spec.recordings)
        for where in [scope.pack_place("recordings", index, "expr")]
    )


def parsed_expr(expr: str, whose: str, scope: Scope, where: Location) -> str:
    """The expression, once it is known to be PromQL; what is wrong with it is noted."""
    try:
        parse(expr)
    except PromQLError as fault:
        scope.findings.error("OBS230", f"{whose} is not PromQL: {fault.message}", where, f"rendered: {expr}")
    return expr


def _one_line(expr: str) -> str:
    return " ".join(expr.split())
