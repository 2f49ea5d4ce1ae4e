"""Checks of dashboards as they are drawn: what each of them keeps to, and that every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from itertools import combinations
from typing import Any

from obsgen.diagnostics import Diagnostic
from obsgen.emit.grafana.dashboard import SHARED_CROSSHAIR
from obsgen.emit.grafana.layout import OPEN_PANELS
from obsgen.emit.grafana.load import dashboard_body, json_lines, panels_of
from obsgen.ir.bundle import Bundle
from obsgen.ir.topics import TopicView
from obsgen.model.stack import Stack
from obsgen.spec.shipped import shipped

# What `kubectl apply` writes into an annotation beside the object itself ends at 256 KiB, metadata included.
LARGEST = 240 * 1024
_UID_LINK = re.compile(r'/d/([^/?"\\)]+)(\?[^"\\)]*)?')
_FIXED_RATE = re.compile(r"\b(?:rate|irate)\(\s*[\w:]+(?:\{[^}]*\})?\[(?!\$__rate_interval)")
_VALUE = "${__value.raw}"

Body = Mapping[str, Any]


def unruly_dashboard(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A dashboard that breaks a rule which all of them keep to."""
    folder = shipped("dashboards")
    signals = frozenset(signal.title for one in stack.components for signal in one.signals.values())
    for view in bundle.views:
        yield from unruly(dashboard_body(view, folder), own_queries=isinstance(view, TopicView), signals=signals)


def dead_link(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A link of a dashboard that leads nowhere."""
    folder = shipped("dashboards")
    uids = {view.uid for view in bundle.views}
    watched = {component.name for component in stack.components if component.alerts}
    for view in bundle.views:
        yield from dead_links(dashboard_body(view, folder), uids, watched)


def heavy_dashboard(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A dashboard that a client-side `kubectl apply` would refuse."""
    del stack
    folder = shipped("dashboards")
    for view in bundle.views:
        yield from heavy(view.uid, json_lines(dashboard_body(view, folder)))


def unruly(body: Body, *, own_queries: bool, signals: Set[str] = frozenset()) -> Iterator[Diagnostic]:
    """Something that every dashboard keeps to, and this one does not.

    `own_queries` are obsgen's, not a spec's; what shows one of the `signals`, by its title, is a pack's all the same.
    """
    panels = [(panel, own_queries and panel.get("title") not in signals) for panel in _panels(body)]
    found = [*_frame(body), *(fault for panel, own in panels for fault in _panel(panel, own_queries=own))]
    yield from (Diagnostic("OBS447", f"dashboard '{body['uid']}': {fault}") for fault in found)


def dead_links(body: Body, uids: set[str], components: set[str]) -> Iterator[Diagnostic]:
    """A link to a dashboard that is not emitted, or one that forgets the time range and the choices."""
    text = json_lines({key: value for key, value in body.items() if key != "links"})
    found = [(uid, _keeps(rest)) for uid, rest in _UID_LINK.findall(text)]
    found += [
        (link["url"].removeprefix("/d/"), link["keepTime"] and link["includeVars"])
        for link in body["links"]
        if link.get("url", "").startswith("/d/")
    ]
    for uid, keeps in found:
        named = {uid.replace(_VALUE, name) for name in components} if _VALUE in uid else {uid}
        for missing in sorted(named - uids):
            yield Diagnostic("OBS446", f"dashboard '{body['uid']}' links to '{missing}', which is not emitted")
        if not keeps:
            yield Diagnostic("OBS446", f"dashboard '{body['uid']}' links to '{uid}' without time range or variables")


def _keeps(address: str) -> bool:
    return "$__url_time_range" in address and ("$__all_variables" in address or ":queryparam" in address)


def heavy(uid: str, text: str) -> Iterator[Diagnostic]:
    """A dashboard that `kubectl apply` would refuse."""
    size = len(text.encode())
    if size > LARGEST:
        message = f"dashboard '{uid}' has {size // 1024} KiB, too much for the annotation that kubectl apply writes"
        hint = "apply it with --server-side, or show fewer signals under dashboard.rows"
        yield Diagnostic("OBS448", message, hint=hint, level="warning")


def _frame(body: Body) -> Iterator[str]:
    variables = body["templating"]["list"]
    if not variables or variables[0]["type"] != "datasource":
        yield "its first variable is not the datasource"
    if body["graphTooltip"] != SHARED_CROSSHAIR:
        yield "its graphs do not share one crosshair"
    opened = [panel for panel in body["panels"] if panel["type"] != "row"]
    if len(opened) > OPEN_PANELS:
        yield f"{len(opened)} panels are open, more than {OPEN_PANELS}"
    rows = [panel["panels"] for panel in body["panels"] if panel["type"] == "row"]
    for together in (opened, *rows):
        for one, other in combinations(together, 2):
            if _overlap(one["gridPos"], other["gridPos"]):
                yield f"panels '{one['title']}' and '{other['title']}' overlap"


def _overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    across = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
    return across and one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]


def _panels(body: Body) -> Iterator[Body]:
    """Every panel but rows and text, which show no values."""
    return (panel for panel in panels_of(body) if panel["type"] not in ("row", "text"))


def _panel(panel: Body, *, own_queries: bool) -> Iterator[str]:
    shown = panel["fieldConfig"]["defaults"]
    named = f"panel '{panel.get('title', '')}'"
    if not panel.get("title"):
        yield "a panel has no title"
    if not panel.get("description"):
        yield f"{named} has no description"
    yield from (
        f"{named} has no {word}"
        for key, word in (("unit", "unit"), ("noValue", "text for no value"))
        if not shown.get(key)
    )
    if not panel.get("targets"):
        yield f"{named} asks nothing"
    for target in panel.get("targets", ()):
        if own_queries and _FIXED_RATE.search(target["expr"]):
            yield f"{named} takes a rate over a fixed window instead of $__rate_interval"
