"""Topics `overview` and one for each layer: what is wrong now, whose it is, and where to go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from obsgen.ir.topics import Asked, ColumnLink, Entry, Listing, Neighbour, Note, Question, TopicRow, TopicView
from obsgen.lower import names
from obsgen.lower.links import runbook_page
from obsgen.lower.topics.frame import (
    FIRING,
    Topic,
    alert_listing,
    cluster_variable,
    layers_in_use,
    signal_question,
    tier_questions,
    tier_series,
    topic_view,
)
from obsgen.model.stack import Component, Stack
from obsgen.spec.layers import Layer

OVERVIEW = Topic("overview", "Overview", "What is wrong now in all layers, whose it is, and where to go.")
# With more, tiles get too small to read, and a layer's dashboard too long.
COMPONENTS = 12
KEY_SIGNALS = 4
# Behind a link of Markdown, which would take braces apart, variables are written without them.
KEEPING = "?$__url_time_range&$__all_variables"


def overview(stack: Stack, others: Sequence[Neighbour]) -> TopicView:
    """All layers on one screen."""
    layers = layers_in_use(stack)
    about = "Firing alerts of each component; the layer's dashboard shows its signals."
    tiles = [
        replace(_tiles(layer, members, about), leads_to=names.topic_uid(stack.name, layer_topic(layer).name))
        for layer, members in layers.items()
    ]
    teams = sorted({one.team for one in stack.components})
    firing = _with_links(alert_listing("What fires, and whose it is", "firing"), stack.components, stack)
    by_team = tuple(Asked(f'count(ALERTS{{{FIRING},team="{team}"}})', team) for team in teams)
    since = [_over_time("Firing by tier", "tier", tier_series())]
    if by_team:  # nobody owns anything where a distribution leaves out all there is
        since.append(_over_time("Firing by team", "team", by_team))
    rows = (
        TopicRow("", (*tier_questions(), *tiles, firing)),
        TopicRow("Since when", tuple(since)),
        TopicRow("Where to go", (_directory(stack, others),)),
    )
    return replace(topic_view(stack, OVERVIEW, [cluster_variable()], rows), neighbours=tuple(others))


def layer_view(layer: Layer, members: tuple[Component, ...], stack: Stack) -> TopicView:
    """One layer: each component's firing alerts and the signals that its alerts watch first."""
    own = f',layer="{layer}"'
    shown = [one for one in members if one.signals][:COMPONENTS]
    firing = _with_links(alert_listing("What fires", "firing", own), members, stack)
    rows = (
        TopicRow("", (*tier_questions(own), firing)),
        *(TopicRow(f"{one.name} ({one.team})", _health(one, stack)) for one in shown),
        TopicRow("All components", (_components(members, stack),)),
    )
    up = Neighbour(OVERVIEW.title, OVERVIEW.about, names.topic_uid(stack.name, OVERVIEW.name))
    view = topic_view(stack, layer_topic(layer), [cluster_variable()], rows)
    return replace(view, neighbours=(up,), tags=(*view.tags, layer))


def layer_topic(layer: Layer) -> Topic:
    """The topic of a layer."""
    return Topic(layer, f"Layer {layer}", f"Whether the components of the layer {layer} are well.")


def _tiles(layer: Layer, members: Sequence[Component], about: str) -> Question:
    selected = f'{FIRING},layer="{layer}"'
    asked: tuple[Asked, ...] = tuple(
        Asked(f'count(ALERTS{{{selected},component="{one.name}"}}) or vector(0)', one.name) for one in members
    )
    if len(members) > COMPONENTS:
        most = f"topk({COMPONENTS}, count by (component) (ALERTS{{{selected}}}))"
        asked = (Asked(most, "{{component}}"),)
        about = f"{about} Shown are up to {COMPONENTS} components with the most alerts, and none that has none."
    return Question(
        title=f"Layer {layer}: firing alerts", about=about, unit="none", asked=asked, bad="critical", decimals=0
    )


def _over_time(title: str, what: str, asked: tuple[Asked, ...]) -> Question:
    about = f"The number of firing alerts of each {what}; nothing where none fired."
    return Question(title=title, about=about, unit="none", asked=asked, over_time=True, minimum=0, decimals=0)


def _health(component: Component, stack: Stack) -> tuple[Entry, ...]:
    """The component's alerts, then its first signals; all lead to its dashboard."""
    watched = {condition.signal for alert in component.alerts for condition in alert.conditions}
    listed = dict.fromkeys(name for row in component.rows.values() for name in row)
    key = sorted(listed, key=lambda name: name not in watched)[:KEY_SIGNALS]
    uid = names.dashboard_uid(stack.name, component)
    firing = Question(
        title="Firing alerts",
        about=f"Alerts of {component.name} that fire now.",
        unit="none",
        asked=(Asked(f'count(ALERTS{{{FIRING},component="{component.name}"}}) or vector(0)'),),
        bad="critical",
        leads_to=uid,
        decimals=0,
    )
    return (firing, *(_unnarrowed(component.signals[name].name, component, stack, uid) for name in key))


def _unnarrowed(name: str, component: Component, stack: Stack, uid: str) -> Question:
    """The signal's worst value; of the component's variables a layer has only the cluster."""
    question = signal_question(component.signals[name], component, stack, over_time=False)
    return replace(
        question, leads_to=uid, asked=tuple(replace(one, expr=_widened(one.expr, component)) for one in question.asked)
    )


def _widened(expr: str, component: Component) -> str:
    for variable in component.variables:
        if variable.label != "cluster":
            expr = expr.replace(f'{variable.label}=~"${variable.label}"', f'{variable.label}=~".*"')
    return expr


def _with_links(listing: Listing, members: Iterable[Component], stack: Stack) -> Listing:
    """Each component's name leads to its dashboard, where all of them have one under their own name."""
    uids = {one.name: names.dashboard_uid(stack.name, one) for one in members if one.alerts}
    whole = all(uid.endswith(f"-{name}") for name, uid in uids.items())
    if not whole or not all(one.signals for one in members if one.alerts):
        return listing
    return replace(listing, links=(ColumnLink("component", f"obsgen-{stack.name}-${{__value.raw}}"),))


def _directory(stack: Stack, others: Iterable[Neighbour]) -> Note:
    topics = [f"- {_link(one.title, one.uid)}: {one.about}" for one in others]
    table = _table(stack.components, stack)
    return Note("Dashboards, owners and runbooks", "\n".join([*topics, "", *table]), lines=4 + len(topics) + len(table))


def _components(members: Sequence[Component], stack: Stack) -> Note:
    table = _table(members, stack)
    return Note("Owners, dashboards and runbooks", "\n".join(table), lines=4 + len(table))


def _table(members: Iterable[Component], stack: Stack) -> list[str]:
    head = ["| Component | Layer | Team | Objectives | Runbook |", "|---|---|---|---|---|"]
    return [*head, *(_table_row(one, stack) for one in members)]


def _table_row(one: Component, stack: Stack) -> str:
    name = _link(one.name, names.dashboard_uid(stack.name, one)) if one.signals else one.name
    promised = _link("objectives", names.objectives_uid(stack.name, one)) if one.objectives else ""
    page = runbook_page(one.name, stack)
    runbook = f"[runbook]({page})" if page else ""
    return f"| {name} | {one.layer} | {one.team} | {promised} | {runbook} |"


def _link(title: str, uid: str) -> str:
    return f"[{title}](/d/{uid}{KEEPING})"
