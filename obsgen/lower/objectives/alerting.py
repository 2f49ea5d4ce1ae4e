"""The alerts of an objective as Prometheus evaluates them."""

from __future__ import annotations

from functools import singledispatch

from obsgen.ir.rules import AlertingRule
from obsgen.lower import names
from obsgen.lower.clusterless import cluster_label, named_cluster
from obsgen.lower.links import objective_link, runbook_link
from obsgen.model.objectives import (
    BurnWindow,
    ClassicLatency,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Objective,
    ObjectiveAlert,
    Sli,
    WeightedRatio,
)
from obsgen.model.stack import Component, Stack
from obsgen.units import number_text

# Expected in a quarter of an hour at this rate: nine events. That none comes by chance happens once in 8,000 times.
STEADY_TRAFFIC = 0.01


def objective_alert(alert: ObjectiveAlert, objective: Objective, component: Component, stack: Stack) -> AlertingRule:
    """The alert as a rule; its name is the same for all objectives, its labels say which one."""
    summary, description = _texts(alert, objective, component)
    labels = _labels(alert, objective, component, stack)
    return AlertingRule(
        alert=alert.name,
        expr=_expression(alert, objective, component),
        pending=alert.pending,
        keep_firing_for=alert.keep_firing_for,
        labels=labels,
        annotations={
            **named_cluster({"summary": summary, "description": description}, stack),
            **runbook_link(component.name, alert.name, stack),
            **objective_link(objective.name, component, stack, labels.get("cluster")),
        },
        origin=objective.origin,
    )


def _labels(alert: ObjectiveAlert, objective: Objective, component: Component, stack: Stack) -> dict[str, str]:
    labels = {
        "severity": alert.severity,
        "layer": component.layer,
        "component": component.name,
        "team": component.team,
        "objective": objective.name,
    }
    if component.layer == "application":
        labels["namespace"] = component.namespace
    labels |= cluster_label(stack, missing=alert.name == "ObjectiveDataMissing")
    if alert.action:
        labels["action"] = alert.action
    return {**labels, **named_cluster(component.labels, stack)}


def _expression(alert: ObjectiveAlert, objective: Objective, component: Component) -> str:
    ids = names.objective_selector(component.name, objective.name)
    if alert.name == "ErrorBudgetBurn":
        return "\nor ".join(_burning(window, objective, ids) for window in alert.windows)
    if alert.name == "ErrorBudgetSpent":
        left = number_text(round(1 - alert.spent, 12))
        failed = f"{names.events_over('errors', objective.period_name)}{{{ids}}}"
        guard = f"\nand {failed} >= {number_text(objective.minimum_errors)}" if objective.minimum_errors else ""
        return f"{names.BUDGET_REMAINING}{{{ids}}} < {left}{guard}"
    total = f"{names.total_rate(objective.base)}{{{ids}"
    if alert.name == "ObjectiveDataMissing":
        return f"absent({source(objective.sli) or total + '}'})"
    steady = f"min_over_time({total}}}[1h] offset 1h) > {number_text(STEADY_TRAFFIC)}"
    return f"({steady})\nunless {total}}} > 0"


def _burning(window: BurnWindow, objective: Objective, ids: str) -> str:
    """Both windows burn, and enough failed in the long one: a share of very few events says little."""
    threshold = number_text(window.threshold)
    parts = [f"{names.error_ratio(str(span))}{{{ids}}} > {threshold}" for span in (window.long, window.short)]
    if objective.minimum_errors:
        failed = f"sum_over_time({names.errors_rate(objective.base)}{{{ids}}}[{window.long}])"
        seconds = number_text(objective.interval.seconds)
        parts.append(f"{failed} * {seconds} >= {number_text(objective.minimum_errors)}")
    return "(\n  {}\n)".format("\n  and ".join(parts))


@singledispatch
def source(sli: Sli) -> str:
    """The series without which nothing can be measured; empty where that is known only once it is computed."""
    raise TypeError(type(sli).__name__)


@source.register
def _(sli: ErrorEvents | GoodEvents) -> str:
    return sli.total.selector


@source.register
def _(sli: ClassicLatency) -> str:
    return sli.bucket.selector


@source.register
def _(sli: NativeLatency) -> str:
    return sli.histogram.selector


@source.register
def _(sli: GoodTime) -> str:
    return sli.gauge.selector


@source.register
def _(sli: WeightedRatio) -> str:
    del sli
    return ""


def _texts(alert: ObjectiveAlert, objective: Objective, component: Component) -> tuple[str, str]:
    """Summary and description."""
    where = "".join(f", {label} {{{{ $labels.{label} }}}}" for label in objective.by)
    whose = f"{objective.title} of {component.name}"
    period = "this month" if objective.calendar else f"{objective.period}"
    promised = f"{objective.target_text} over {'the calendar month' if objective.calendar else objective.period}"
    place = f"in {{{{ $labels.cluster }}}}{where}"
    what = "of the time is bad" if isinstance(objective.sli, GoodTime) else "of the events fail"
    if alert.name == "ErrorBudgetBurn":
        paces = " or ".join(f"{number_text(round(w.factor, 2))}× over {w.long}" for w in alert.windows)
        share = f"{{{{ $value | humanizePercentage }}}} {what} for {whose} {place}"
        pace = f"The budget is spent at more than {paces} the pace that would last."
        return "An error budget is being spent too fast.", f"{share}. Promised are {promised}. {pace}"
    if alert.name == "ErrorBudgetSpent":
        left = f"Only {{{{ $value | humanizePercentage }}}} of the error budget of {period} is left for {whose} {place}"
        return "Most of an error budget is spent.", f"{left}. Promised are {promised}."
    if alert.name == "ObjectiveDataMissing":
        gone = f"There are no series from which {whose} could be measured, so a missed target would go unseen."
        return "An objective cannot be measured.", gone
    counted = f"{whose} {place} counted at least {{{{ $value | humanize }}}} events a second for an hour, and none now."
    return "What an objective counts has stopped.", counted
