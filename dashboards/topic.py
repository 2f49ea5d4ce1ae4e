"""What is to be known of the whole platform: numbers for now, then graphs, tables and text in rows."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from grafanalib.core import Annotations, DashboardLink, Templating, Time

from obsgen.emit.grafana.dashboard import TAG, Dashboard, dashboard_link, panel_link, related_dashboards
from obsgen.emit.grafana.layout import Block, Section, collapsed_beyond, flow, side_by_side
from obsgen.emit.grafana.panels import Stat, Table, Text, TimeSeries
from obsgen.emit.grafana.queries import Query
from obsgen.emit.grafana.thresholds import COLORS, Step, line_steps, state_steps
from obsgen.emit.grafana.variables import variables
from obsgen.ir.topics import Asked, ColumnLink, Entry, Listing, Note, Question, TopicView
from obsgen.lower.names import runbook_anchor

NOTHING = "Nothing in this selection: is it scraped?"
# Time range and choices go along, from a panel and from a cell.
ALONG = "$__url_time_range&$__all_variables"
REFERENCES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def dashboard(view: TopicView) -> Dashboard:
    """Each row as it is given; the first one is the first screen."""
    sections = [Section(row.title, _blocks(row.entries), row.collapsed) for row in view.rows]
    return Dashboard(
        uid=view.uid,
        title=view.title,
        description=view.about,
        tags=list(dict.fromkeys([TAG, *view.tags])),
        links=_links(view),
        annotations=Annotations(list=[]),
        templating=Templating(list=variables(view.variables)),
        panels=flow(collapsed_beyond(sections)),
        time=Time(f"now-{view.hours}h", "now"),
        refresh="1m",
    )


def _links(view: TopicView) -> list[DashboardLink]:
    return [related_dashboards(), *(dashboard_link(one.title, one.about, one.uid) for one in view.neighbours)]


def _blocks(entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    """Graphs side by side, numbers in shelves, tables and text across the whole width."""
    blocks: list[Block] = []
    for form, group in groupby(entries, _form):
        members = list(group)
        if form == "graph":
            blocks += side_by_side([_graph(one) for one in members if isinstance(one, Question)], 8)
        else:
            blocks += [_block(one, _width(form, len(members))) for one in members]
    return tuple(blocks)


def _width(form: str, count: int) -> int:
    """Of each in a shelf, so that shelves are full: all tiles in one, up to six numbers, and more in two."""
    if form == "tiles":
        return max(8, 24 // count)
    return 4 if count in (5, 6) or count > 8 else 6


def _form(entry: Entry) -> str:
    if isinstance(entry, Question):
        # What counts several things by name shows all of them side by side.
        tiles = bool(entry.bad and entry.asked[0].name)
        return "graph" if entry.over_time else "tiles" if tiles else "number"
    return "table" if isinstance(entry, Listing) else "text"


def _block(entry: Entry, width: int) -> Block:
    match entry:
        case Listing():
            return Block(_table(entry), 24, 9)
        case Note():
            return Block(Text(title=entry.title, content=entry.text), 24, min(20, max(4, entry.lines)))
        case Question():
            return Block(_stat(entry), width, 4)


def _stat(question: Question) -> Stat:
    counted = [Step("green"), Step(COLORS[question.bad], 1)] if question.bad else None
    return Stat(
        **_told(question),
        textMode="value_and_name" if _form(question) == "tiles" else "auto",
        steps=counted or (state_steps(question.lines) if question.lines else [Step("text")]),
        targets=_targets(question.asked, instant=True),
    )


def _graph(question: Question) -> TimeSeries:
    low = bool(question.lines) and not any(line.above for line in question.lines)
    return TimeSeries(
        **_told(question),
        steps=line_steps(question.lines),
        legend_calcs=(*(["min"] if low else []), "mean", "max", "lastNotNull"),
        legend_sort="Min" if low else "Max",
        descending=not low,
        targets=_targets(question.asked, instant=False),
    )


def _told(question: Question) -> dict[str, Any]:
    leads = [panel_link("Its dashboard", f"/d/{question.leads_to}?{ALONG}")] if question.leads_to else []
    page = question.runbook_url
    runbook = [panel_link("Runbook", page, new_tab=True)] if page and question.alerts else []
    watching = [f"[{one}]({page}#{runbook_anchor(one)})" if page else one for one in question.alerts]
    alerts = [f"Alerts: {', '.join(watching)}."] if watching else []
    return {
        "title": question.title,
        "description": "\n\n".join([question.about, *alerts]),
        "unit": question.unit,
        "decimals": question.decimals,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "no_value": NOTHING,
        "links": [*leads, *runbook],
    }


def _targets(asked: tuple[Asked, ...], *, instant: bool) -> list[Query]:
    return [
        Query(refId=reference, expr=one.expr, legendFormat=one.name, instant=instant)
        for reference, one in zip(_references(len(asked)), asked, strict=True)
    ]


def _references(count: int) -> list[str]:
    return list(REFERENCES[:count]) if count <= len(REFERENCES) else [f"Q{number}" for number in range(count)]


def _table(listing: Listing) -> Table:
    labels, several = dict(listing.labels), len(listing.asked) > 1
    references = _references(len(listing.asked))
    values = {
        f"Value #{reference}" if several else "Value": one.name
        for reference, one in zip(references, listing.asked, strict=True)
    }
    order = {name: place for place, name in enumerate([*labels, *values])}
    severities = {name: {"color": color, "index": place} for place, (name, color) in enumerate(COLORS.items())}
    colored = "severity" in labels
    organize = {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": labels | values}
    return Table(
        title=listing.title,
        description=listing.about,
        unit="short",
        no_value=listing.nothing,
        mappings=[{"type": "value", "options": severities}] if colored else [],
        cell="color-text" if colored else "auto",
        steps=[Step("text")],
        overrides=[
            *(_unit(one) for one in listing.asked),
            *(_cell_link(one, labels) for one in listing.links if one.label in labels),
        ],
        targets=[
            Query(refId=reference, expr=one.expr, format="table", instant=True)
            for reference, one in zip(references, listing.asked, strict=True)
        ],
        transformations=[
            *([{"id": "merge", "options": {}}] if several else []),
            {"id": "organize", "options": organize},
        ],
    )


def _unit(asked: Asked) -> dict[str, Any]:
    return _override(asked.name, {"id": "unit", "value": asked.unit or "short"})


def _cell_link(link: ColumnLink, labels: dict[str, str]) -> dict[str, Any]:
    """The cell's own text becomes the choice, and with it what stands in its row; else all choices stay."""
    if link.variable:
        # Not all variables: two values of one in an address would both be chosen.
        row = (f"var-{label}=${{__data.fields.{labels[label]}}}" for label in link.along)
        chosen = [f"var-{link.variable}=${{__value.raw}}", *row, "${datasource:queryparam}", "$__url_time_range"]
        url = f"/d/{link.uid}?{'&'.join(chosen)}"
    else:
        url = f"/d/{link.uid}?{ALONG}"
    return _override(labels[link.label], {"id": "links", "value": [{"title": "Its dashboard", "url": url}]})


def _override(name: str, setting: dict[str, Any]) -> dict[str, Any]:
    return {"matcher": {"id": "byName", "options": name}, "properties": [setting]}
