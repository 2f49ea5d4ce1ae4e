"""Is what was promised kept, and for how much longer: budgets, what burns them, and the alerts' own numbers."""

from __future__ import annotations

from grafanalib.core import Annotations, DashboardLink, Templating, Time

from obsgen.emit.grafana.dashboard import (
    TAG,
    Dashboard,
    dashboard_link,
    firing_annotation,
    related_dashboards,
    runbook_link,
)
from obsgen.emit.grafana.firing import firing_count, firing_table
from obsgen.emit.grafana.layout import Block, Section, collapsed_beyond, flow, side_by_side
from obsgen.emit.grafana.panels import Stat, Table, Text, TimeSeries
from obsgen.emit.grafana.queries import Query, firing_objective_alerts
from obsgen.emit.grafana.thresholds import line_steps, state_steps
from obsgen.emit.grafana.variables import variables
from obsgen.ir.views import BurnView, ObjectivesView, ObjectiveView, ThresholdLine
from obsgen.lower.names import runbook_anchor

# With more, the first graph would begin below the first screen.
OVERVIEW_OBJECTIVES = 6
# Groups in a table: the worst ones, as many as somebody reads.
GROUPS = 50
NOTHING = "Nothing recorded in this selection"


def dashboard(view: ObjectivesView) -> Dashboard:
    """First a line of four numbers for each objective, then each objective over time."""
    return Dashboard(
        uid=view.uid,
        title=view.title,
        description=view.about,
        tags=list(dict.fromkeys([TAG, view.layer, *view.tags])),
        links=_links(view),
        annotations=Annotations(list=[firing_annotation(firing_objective_alerts(view.component))]),
        templating=Templating(list=variables(view.variables)),
        panels=flow(collapsed_beyond(_sections(view))),
        # Budgets move over days, and what is shown is recorded once a minute.
        time=Time("now-7d", "now"),
        refresh="1m",
    )


def _links(view: ObjectivesView) -> list[DashboardLink]:
    signals = dashboard_link("Signals", "What the component itself says", view.pack_uid)
    return [
        related_dashboards(),
        *([signals] if view.pack_uid else []),
        *([runbook_link(view.runbook_url)] if view.runbook_url else []),
    ]


def _sections(view: ObjectivesView) -> list[Section]:
    states = [tuple(Block(stat, 6, 4) for stat in _states(view, one)) for one in view.objectives]
    first, more = states[:OVERVIEW_OBJECTIVES], states[OVERVIEW_OBJECTIVES:]
    return [
        Section("", (*sum(first, ()), Block(_firing_table(view), 24, 5))),
        Section("More objectives", sum(more, ()), collapsed=True),
        *(Section(f"{one.title}: {one.target} {_within(one)}", _details(view, one)) for one in view.objectives),
        Section("About", (Block(_about(view), 24, 8),), collapsed=True),
    ]


def _states(view: ObjectivesView, one: ObjectiveView) -> tuple[Stat, ...]:
    return (_budget_state(view, one), _burn_state(view, one), _failed_state(view, one), _firing_state(view, one))


def _budget_state(view: ObjectivesView, one: ObjectiveView) -> Stat:
    return Stat(
        title=f"{one.title}: budget left",
        **_told(view, one, "What is left of the error budget; below 0 the promise is broken."),
        unit="percentunit",
        maximum=1,
        steps=state_steps(one.budget_lines),
        targets=[Query(expr=f"min({one.queries.remaining})", instant=True)],
    )


def _burn_state(view: ObjectivesView, one: ObjectiveView) -> Stat:
    text = "How fast the budget is spent, over the last hour: at 1 it lasts exactly for the period."
    return Stat(
        title=f"{one.title}: burn rate",
        **_told(view, one, text),
        unit="short",
        decimals=2,
        minimum=0,
        steps=state_steps(one.burn_lines),
        targets=[Query(expr=f"max({one.queries.burn_rate})", instant=True)],
    )


def _failed_state(view: ObjectivesView, one: ObjectiveView) -> Stat:
    text = f"The share of {_counted(one)} that failed {_within(one)}. The target is {one.target}."
    return Stat(
        title=f"{one.title}: failed, target {one.target}",
        **_told(view, one, text),
        unit="percentunit",
        minimum=0,
        maximum=1,
        steps=state_steps([ThresholdLine(one.budget, "critical", above=True)]),
        targets=[Query(expr=f"max({one.queries.period_ratio})", instant=True)],
    )


def _firing_state(view: ObjectivesView, one: ObjectiveView) -> Stat:
    text = _described(view, one, "Alerts of this objective that fire now, whatever else is selected above.")
    return firing_count(f"{one.title}: firing alerts", text, one.queries.firing)


def _firing_table(view: ObjectivesView) -> Table:
    about = "Each firing alert of an objective, with the number of places where it fires."
    columns = {"alertname": "Alert", "objective": "Objective", "severity": "Severity"}
    return firing_table(about, firing_objective_alerts(view.component), columns, "No alert of an objective is firing.")


def _details(view: ObjectivesView, one: ObjectiveView) -> tuple[Block, ...]:
    return (
        Block(_budget(view, one), 24, 8),
        *side_by_side([_burn(view, one, burn) for burn in one.burns], 8),
        *side_by_side([_events(view, one), _failed(view, one)], 8),
        *([Block(_groups(view, one), 24, 8)] if one.by else []),
    )


def _budget(view: ObjectivesView, one: ObjectiveView) -> TimeSeries:
    text = f"What is left of the budget {_within(one)}. Lines: nothing left, and where the policy asks for action."
    return TimeSeries(
        title="Budget left",
        **_told(view, one, text),
        unit="percentunit",
        maximum=1,
        steps=line_steps(one.budget_lines),
        legend_calcs=("min", "max", "lastNotNull"),
        legend_sort="Min",
        descending=False,
        targets=[Query(expr=one.queries.remaining, legendFormat=_legend(one))],
    )


def _burn(view: ObjectivesView, one: ObjectiveView, burn: BurnView) -> TimeSeries:
    guard = "" if one.timed or not one.minimum_errors else f", and at least {one.minimum_errors:g} failed"
    text = (
        f"How many times faster than sustainable the budget was spent, over {burn.long} and over {burn.short}. "
        f"The alert ({burn.severity}) fires while both are above the line at {burn.factor:.4g}, "
        f"where {burn.threshold:.4g} of all {_counted(one)} fail{guard}."
    )
    return TimeSeries(
        title=f"Burn rate over {burn.long} and {burn.short}",
        **_told(view, one, text),
        unit="short",
        minimum=0,
        steps=line_steps([ThresholdLine(burn.factor, burn.severity, above=True)]),
        targets=[
            Query(refId="A", expr=burn.long_expr, legendFormat=f"{burn.long} {_legend(one)}"),
            Query(refId="B", expr=burn.short_expr, legendFormat=f"{burn.short} {_legend(one)}"),
        ],
    )


def _events(view: ObjectivesView, one: ObjectiveView) -> TimeSeries:
    text = f"All events and failed ones per second, over {one.base}."
    time = f"Time that was watched and time that failed, in seconds per second and series, over {one.base}."
    return TimeSeries(
        title="Time watched and failed" if one.timed else "Events",
        **_told(view, one, time if one.timed else text),
        unit="short" if one.timed else "ops",
        minimum=0,
        targets=[
            Query(refId="A", expr=one.queries.total, legendFormat="all {{cluster}}"),
            Query(refId="B", expr=one.queries.failed, legendFormat="failed {{cluster}}"),
        ],
    )


def _failed(view: ObjectivesView, one: ObjectiveView) -> TimeSeries:
    text = f"The share of {_counted(one)} that failed, over {one.base}. Always above the line, no budget would be left."
    return TimeSeries(
        title="Failed time" if one.timed else "Failed events",
        **_told(view, one, text),
        unit="percentunit",
        minimum=0,
        steps=line_steps([ThresholdLine(one.budget, "info", above=True)]),
        targets=[Query(expr=one.queries.base_ratio, legendFormat=_legend(one))],
    )


def _groups(view: ObjectivesView, one: ObjectiveView) -> Table:
    labels = ["cluster", *one.by]
    columns = {name: name.replace("_", " ").capitalize() for name in labels} | {"Value": "Budget left"}
    worst = f"sort(bottomk({GROUPS}, min by ({', '.join(labels)}) ({one.queries.remaining})))"
    return Table(
        title="Budget left by group",
        **_told(view, one, f"The {GROUPS} groups with the least budget left, the worst first."),
        unit="percentunit",
        steps=state_steps(one.budget_lines),
        cell="color-text",
        targets=[Query(expr=worst, format="table", instant=True)],
        transformations=[{"id": "organize", "options": {"excludeByName": {"Time": True}, "renameByName": columns}}],
    )


def _legend(one: ObjectiveView) -> str:
    return " ".join(f"{{{{{label}}}}}" for label in ("cluster", *one.by))


def _counted(one: ObjectiveView) -> str:
    return "time" if one.timed else "events"


def _within(one: ObjectiveView) -> str:
    return "in the calendar month" if one.period == "month" else f"over {one.period}"


def _told(view: ObjectivesView, one: ObjectiveView, text: str) -> dict[str, str]:
    return {"description": _described(view, one, text), "no_value": NOTHING}


def _described(view: ObjectivesView, one: ObjectiveView, text: str) -> str:
    watching = [
        f"[{alert}]({view.runbook_url}#{runbook_anchor(alert)})" if view.runbook_url else alert for alert in one.alerts
    ]
    groups = f"Worst of, or one line for, each {', '.join(one.by)}." if one.by else ""
    alerts = f"Alerts: {', '.join(watching)}." if watching else "No alert watches this objective."
    return "\n\n".join(part for part in (one.about.strip(), text, groups, alerts) if part)


def _about(view: ObjectivesView) -> Text:
    promised = [
        f"- **{one.title}**: {one.target} {_within(one)}. {' '.join(one.about.split())}".rstrip()
        for one in view.objectives
    ]
    meaning = (
        "The error budget is the share of events that may fail. A burn rate of 1 spends it exactly in the period; "
        "an alert fires when a long and a short window both burn faster than its line."
    )
    runbook = [f"What to do when an alert fires: [runbook]({view.runbook_url})."] if view.runbook_url else []
    return Text(
        title="What this dashboard shows", content="\n\n".join([view.about, meaning, *runbook, "\n".join(promised)])
    )
