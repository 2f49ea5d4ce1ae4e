"""A signal as dashboards show it: with the thresholds and the names of the alerts that watch it."""

from __future__ import annotations

from obsgen.ir.views import SignalView, ThresholdLine
from obsgen.model.stack import LARGER_IS_WORSE, Component, Signal


def signal_view(signal: Signal, component: Component) -> SignalView:
    """The signal with the thresholds of the alerts that watch it."""
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
