"""A signal as dashboards show it: with the thresholds and the names of the alerts that watch it."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.ir.views import SignalView, ThresholdLine
from obsgen.model.stack import Alert, Component, Condition, Signal


def signal_view(signal: Signal, component: Component) -> SignalView:
    """The signal with the thresholds of the alerts that watch it."""
    # What holds for a part alone would read as if it held for all.
    alerts = [alert for alert in component.alerts if not alert.part.name]
    watching = [(alert, one) for alert in alerts for one in alert.conditions if one.signal == signal.name]
    return SignalView(
        name=signal.name,
        title=signal.title,
        about=signal.about or signal.title,
        unit=signal.unit,
        expr=signal.panel_expr,
        legend=signal.legend,
        lines=tuple(dict.fromkeys(line for alert, one in watching for line in _lines(signal, alert, one))),
        alerts=tuple(dict.fromkeys(alert.name for alert, _ in watching)),
        minimum=signal.minimum,
        maximum=signal.maximum,
        decimals=0 if signal.integer else None,
    )


def _lines(signal: Signal, alert: Alert, condition: Condition) -> Iterator[ThresholdLine]:
    """One line, or one on each side of the only good value."""
    joint = condition != _main(alert)

    def line(*, above: bool, inclusive: bool = False) -> ThresholdLine:
        return ThresholdLine(condition.threshold, alert.severity, above, inclusive, joint)

    match condition.comparison:
        case ">" | ">=":
            yield line(above=True, inclusive=condition.comparison == ">=")
        case "<" | "<=":
            yield line(above=False, inclusive=condition.comparison == "<=")
        case "==":
            yield line(above=not _rests_above(signal, condition.threshold), inclusive=True)
        case "!=":
            yield line(above=True)
            yield line(above=False)


def _main(alert: Alert) -> Condition:
    """What the alert is about; the others are guards, such as a least traffic, and say nothing of a value alone."""
    first, *others = alert.conditions
    stopped = [one for one in others if one.comparison in ("==", "<", "<=")]
    return stopped[0] if stopped and first.comparison in (">", ">=") else first


def _rests_above(signal: Signal, value: float) -> bool:
    """Whether larger values than this one are good: a member that answers is better than one that does not."""
    if signal.healthy is not None:
        return signal.healthy > value
    return signal.minimum is not None and value <= signal.minimum
