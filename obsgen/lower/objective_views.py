"""What the dashboard of a component's objectives has to show: recorded series, and the alerts' own numbers."""

from __future__ import annotations

from obsgen.ir.views import BurnView, ObjectiveQueries, ObjectivesView, ObjectiveView, ThresholdLine, ViewVariable
from obsgen.lower import names
from obsgen.lower.links import runbook_page
from obsgen.model.objectives import BurnWindow, GoodTime, Objective, WeightedRatio
from obsgen.model.stack import Component, Stack
from obsgen.spec.layers import Severity
from obsgen.units import number_text

# The window of the burn rate that is recorded.
_BURN_WINDOW = "1h"


def objectives_view(component: Component, stack: Stack) -> ObjectivesView:
    """One dashboard for all objectives of a component."""
    return ObjectivesView(
        uid=names.objectives_uid(stack.name, component),
        title=f"{component.title} / {component.name} / objectives",
        about=f"Whether {component.name} keeps what was promised, and how much may still fail.",
        folder=stack.environment.grafana.folder,
        layer=component.layer,
        component=component.name,
        variables=_variables(component),
        objectives=tuple(_objective(one, component) for one in component.objectives),
        tags=("obsgen", component.layer, component.pack, "objectives"),
        runbook_url=runbook_page(component.name, stack),
        pack_uid=names.dashboard_uid(stack.name, component) if component.signals else "",
    )


def _variables(component: Component) -> tuple[ViewVariable, ...]:
    """The cluster, the objective, then each label by which any of them keeps budgets."""
    own = f'{{component="{component.name}"}}'
    labels = dict.fromkeys(label for objective in component.objectives for label in objective.by)
    return (
        ViewVariable("cluster", "cluster", "Cluster", names.TARGET + own),
        ViewVariable("objective", "objective", "Objective", names.TARGET + own),
        *(
            ViewVariable(label, label, label.replace("_", " ").capitalize(), names.BUDGET_REMAINING + own)
            for label in labels
        ),
    )


def _objective(objective: Objective, component: Component) -> ObjectiveView:
    burns = [(alert.severity, window) for alert in objective.alerts for window in alert.windows]
    selected = _selection(objective, component)
    return ObjectiveView(
        name=objective.name,
        title=objective.title,
        about=objective.about,
        target=objective.target_text,
        budget=objective.budget,
        period=objective.period_name,
        base=str(objective.base),
        timed=isinstance(objective.sli, GoodTime)
        or (isinstance(objective.sli, WeightedRatio) and objective.sli.weight is None),
        minimum_errors=objective.minimum_errors,
        by=objective.by,
        queries=_queries(objective, component, selected),
        burns=tuple(_burn(severity, window, objective, selected) for severity, window in burns),
        budget_lines=_budget_lines(objective),
        # Above 1 the budget does not last for the period, which by itself sets off nothing.
        burn_lines=(
            ThresholdLine(1, "info", above=True),
            *(
                ThresholdLine(one.factor, severity, above=True)
                for severity, one in burns
                if str(one.long) == _BURN_WINDOW
            ),
        ),
        alerts=tuple(dict.fromkeys(alert.name for alert in objective.alerts)),
    )


def _selection(objective: Objective, component: Component) -> str:
    """The matchers of the objective's series, narrowed by the choices at the top of the dashboard."""
    chosen = (f'{label}=~"${label}"' for label in ("objective", "cluster", *objective.by))
    return f"{{{','.join((names.objective_selector(component.name, objective.name), *chosen))}}}"


def _queries(objective: Objective, component: Component, selected: str) -> ObjectiveQueries:
    base = objective.base
    own = names.objective_selector(component.name, objective.name)
    return ObjectiveQueries(
        remaining=names.BUDGET_REMAINING + selected,
        burn_rate=names.BURN_RATE + selected,
        period_ratio=names.error_ratio(objective.period_name) + selected,
        base_ratio=names.error_ratio(str(base)) + selected,
        total=f"sum by (cluster) ({names.total_rate(base)}{selected})",
        failed=f"sum by (cluster) ({names.errors_rate(base)}{selected})",
        # Whatever objective or group is chosen: an alert about missing data knows no groups.
        firing=f'ALERTS{{alertstate="firing",{own},cluster=~"$cluster"}}',
    )


def _burn(severity: Severity, window: BurnWindow, objective: Objective, selected: str) -> BurnView:
    long, short = (
        f"{names.error_ratio(str(one))}{selected} / {number_text(objective.budget)}"
        for one in (window.long, window.short)
    )
    return BurnView(severity, str(window.long), str(window.short), window.factor, window.threshold, long, short)


def _budget_lines(objective: Objective) -> tuple[ThresholdLine, ...]:
    """What is left when the policy wants somebody to hear of it, and nothing left."""
    steps = (
        # In binary 1 - 0.9 is not 0.1.
        ThresholdLine(round(1 - alert.spent, 12), alert.severity, above=False)
        for alert in objective.alerts
        if alert.spent
    )
    return (*steps, ThresholdLine(0, "critical", above=False))
