"""Pass: what each component's dashboard has to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.views import PackView, SignalRow, SignalView, ThresholdLine, View, ViewVariable
from obsgen.lower import names
from obsgen.model.stack import LARGER_IS_WORSE, Component, Signal, Stack


def views(stack: Stack, bundle: Bundle) -> Bundle:
    """One view for each component that has signals, and one for its objectives."""
    if stack.environment.grafana.delivery == "none":
        return bundle
    return replace(bundle, views=tuple(view for one in stack.components for view in _views(one, stack)))


def _views(component: Component, stack: Stack) -> Iterator[View]:
    if component.signals:
        yield _view(component, stack)
    if component.objectives:
        from obsgen.lower.objective_views import objectives_view

        yield objectives_view(component, stack)


def _view(component: Component, stack: Stack) -> PackView:
    """The alerts' own thresholds are the lines."""
    return PackView(
        uid=names.dashboard_uid(stack.name, component),
        title=f"{component.title} / {component.name}",
        about=component.about,
        folder=stack.environment.grafana.folder,
        layer=component.layer,
        component=component.name,
        variables=tuple(
            ViewVariable(one.label, one.label, one.label.replace("_", " ").capitalize(), one.metric)
            for one in component.variables
        ),
        rows=tuple(
            SignalRow(title, tuple(_signal(component.signals[name], component) for name in members))
            for title, members in component.rows.items()
        ),
        tags=("obsgen", component.layer, component.pack),
        runbook_url=f"{stack.environment.runbooks.base_url.rstrip('/')}/{names.runbook_file(component.name)}",
        objectives_uid=names.objectives_uid(stack.name, component) if component.objectives else "",
    )


def _signal(signal: Signal, component: Component) -> SignalView:
    watching = [(alert, one) for alert in component.alerts for one in alert.conditions if one.signal == signal.name]
    lines = tuple(
        dict.fromkeys(
            ThresholdLine(one.threshold, alert.severity, LARGER_IS_WORSE[one.comparison]) for alert, one in watching
        )
    )
    return SignalView(
        name=signal.name,
        title=signal.title,
        about=signal.about or signal.title,
        unit=signal.unit,
        expr=signal.panel_expr,
        legend=signal.legend,
        lines=lines,
        alerts=tuple(dict.fromkeys(alert.name for alert, _ in watching)),
        minimum=signal.minimum,
        maximum=signal.maximum,
        decimals=0 if signal.integer else None,
    )
