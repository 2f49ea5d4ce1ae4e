"""Is this component well, and if not, where: one graph per signal, with the alerts' own thresholds in it."""

from __future__ import annotations

from typing import Any

from grafanalib.core import Annotations, DashboardLink, Templating

from obsgen.emit.grafana.dashboard import (
    TAG,
    Dashboard,
    dashboard_link,
    firing_annotation,
    panel_link,
    related_dashboards,
    runbook_link,
)
from obsgen.emit.grafana.firing import firing_count, firing_table
from obsgen.emit.grafana.layout import Block, Section, collapsed_beyond, flow, side_by_side
from obsgen.emit.grafana.panels import Stat, Table, Text, TimeSeries
from obsgen.emit.grafana.queries import Query, firing_alerts
from obsgen.emit.grafana.thresholds import line_steps, state_steps
from obsgen.emit.grafana.variables import variables
from obsgen.ir.views import PackView, SignalRow, SignalView
from obsgen.lower.names import runbook_anchor

# Four shelves of stat panels; with more, the graphs would begin below the first screen.
OVERVIEW_STATS = 24


def dashboard(view: PackView) -> Dashboard:
    """First the state of every signal that alerts watch, then each row of signals over time."""
    return Dashboard(
        uid=view.uid,
        title=view.title,
        description=view.about,
        tags=list(dict.fromkeys([TAG, view.layer, *view.tags])),
        links=_links(view),
        annotations=Annotations(list=[firing_annotation(firing_alerts(view.component))]),
        templating=Templating(list=variables(view.variables)),
        panels=flow(collapsed_beyond(_sections(view))),
    )


def _links(view: PackView) -> list[DashboardLink]:
    objectives = dashboard_link("Objectives", "What was promised, and how much may still fail", view.objectives_uid)
    return [
        related_dashboards(),
        *([objectives] if view.objectives_uid else []),
        *([runbook_link(view.runbook_url)] if view.runbook_url else []),
    ]


def _sections(view: PackView) -> list[Section]:
    states = [_firing_count(view), *(_state(view, signal) for signal in _signals(view) if signal.lines)]
    width = max(4, min(6, 24 // len(states)))
    stats = [Block(panel, width, 4) for panel in states]
    return [
        Section("", (*stats[:OVERVIEW_STATS], Block(_firing_table(view), 24, 5))),
        Section("More signals with alerts", tuple(stats[OVERVIEW_STATS:]), collapsed=True),
        *(Section(row.title, _graphs(view, row), row.collapsed) for row in view.rows),
        Section("About", (Block(_about(view), 24, 8),), collapsed=True),
    ]


def _signals(view: PackView) -> list[SignalView]:
    return list(dict.fromkeys(signal for row in view.rows for signal in row.signals))


def _firing_count(view: PackView) -> Stat:
    about = f"Alerts of {view.component} that fire now, whatever is selected above."
    return firing_count("Firing alerts", about, firing_alerts(view.component))


def _firing_table(view: PackView) -> Table:
    about = "Each firing alert, with the number of places where it fires."
    columns = {"alertname": "Alert", "severity": "Severity"}
    return firing_table(about, firing_alerts(view.component), columns, "No alert is firing.")


def _state(view: PackView, signal: SignalView) -> Stat:
    """The worst value over the selection; both ends where alerts watch both."""
    lines = [line for line in signal.lines if not line.joint] or signal.lines
    ends = {"Highest": "max"} if any(line.above for line in lines) else {}
    ends |= {"Lowest": "min"} if not all(line.above for line in lines) else {}
    return Stat(
        title=signal.title,
        description=f"The worst value in the selection now.\n\n{_description(view, signal)}",
        unit=signal.unit,
        decimals=signal.decimals,
        minimum=signal.minimum,
        maximum=signal.maximum,
        steps=state_steps(signal.lines),
        links=_runbook(view, signal),
        targets=[
            Query(refId=reference, expr=f"{worst}({signal.expr.strip()})", legendFormat=name, instant=True)
            for reference, (name, worst) in zip("AB", ends.items(), strict=False)
        ],
    )


def _graphs(view: PackView, row: SignalRow) -> tuple[Block, ...]:
    return side_by_side([_graph(view, signal) for signal in row.signals], 8)


def _graph(view: PackView, signal: SignalView) -> TimeSeries:
    # Where only low values are bad, the worst series is the one with the lowest minimum.
    low = bool(signal.lines) and not any(line.above for line in signal.lines)
    return TimeSeries(
        title=signal.title,
        description=_description(view, signal),
        unit=signal.unit,
        decimals=signal.decimals,
        minimum=signal.minimum,
        maximum=signal.maximum,
        steps=line_steps(signal.lines),
        links=_runbook(view, signal),
        no_value="No data in this selection: is the target scraped?",
        legend_calcs=(*(["min"] if low else []), "mean", "max", "lastNotNull"),
        legend_sort="Min" if low else "Max",
        descending=not low,
        targets=[Query(expr=signal.expr, legendFormat=signal.legend)],
    )


def _description(view: PackView, signal: SignalView) -> str:
    watched = ", ".join(_alert_link(view, alert) for alert in signal.alerts)
    lines = [signal.about.strip(), f"Alerts: {watched}." if watched else "No alert watches this signal."]
    if view.runbook_url:
        lines.append(f"[Runbook]({view.runbook_url})")
    return "\n\n".join(line for line in lines if line)


def _runbook(view: PackView, signal: SignalView) -> list[dict[str, Any]]:
    """From the panel to what to do about the first of its alerts; its description leads to all of them."""
    if not view.runbook_url or not signal.alerts:
        return []
    return [panel_link("Runbook", f"{view.runbook_url}#{runbook_anchor(signal.alerts[0])}", new_tab=True)]


def _alert_link(view: PackView, alert: str) -> str:
    return f"[{alert}]({view.runbook_url}#{runbook_anchor(alert)})" if view.runbook_url else alert


def _about(view: PackView) -> Text:
    signals = [f"- **{signal.title}**: {_one_line(signal.about)}" for signal in _signals(view)]
    runbook = [f"What to do when an alert fires: [runbook]({view.runbook_url})."] if view.runbook_url else []
    paragraphs = [view.about.strip(), *runbook, "\n".join(signals)]
    return Text(title="What this dashboard shows", content="\n\n".join(part for part in paragraphs if part))


def _one_line(text: str) -> str:
    return " ".join(text.split())
