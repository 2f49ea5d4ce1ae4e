"""What all topics share: their names, the choice of a cluster, alerts by tier, signals as questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from obsgen.ir.topics import Asked, Listing, Neighbour, Question, TopicRow, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower import names
from obsgen.lower.links import runbook_page
from obsgen.lower.signal_views import signal_view
from obsgen.model.stack import Component, Signal, Stack
from obsgen.spec.layers import LAYERS, Layer, Severity, Tier

# An alert about what is missing may carry no cluster; it is shown whichever one is chosen.
CLUSTER = 'cluster=~"$cluster|"'
# Alerts of severity none are signs of life: they always fire.
FIRING = f'alertstate="firing",severity!="none",{CLUSTER}'
_TIERS: dict[Tier, tuple[str, Severity, str]] = {
    "P1": ('severity="critical",tier!="P2"', "critical", "pages, at any hour"),
    "P2": ('severity="critical",tier="P2"', "critical", "critical, but it can wait until the morning"),
    "P3": ('severity="warning"', "warning", "a ticket for working hours"),
    "P4": ('severity="info"', "info", "to be read some day"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's name in uids, its title, and the question that it answers."""

    name: str
    title: str
    about: str
    hours: int = 1


def topic_view(stack: Stack, topic: Topic, variables: Iterable[ViewVariable], rows: Iterable[TopicRow]) -> TopicView:
    """The view of a topic, without what only some have."""
    return TopicView(
        uid=names.topic_uid(stack.name, topic.name),
        title=topic.title,
        about=topic.about,
        folder=stack.environment.grafana.folder,
        layer="platform",
        component=topic.name,
        topic=topic.name,
        variables=tuple(variables),
        rows=tuple(rows),
        tags=("obsgen", "platform"),
        hours=topic.hours,
    )


def cluster_variable(metric: str = "up") -> ViewVariable:
    """The choice of clusters among those that the metric knows."""
    return ViewVariable("cluster", "cluster", "Cluster", metric)


def tier_questions(selected: str = "") -> tuple[Question, ...]:
    """How many alerts fire in each tier; `selected` are further matchers."""
    return tuple(
        Question(
            title=f"{tier} firing",
            about=f"Firing alerts of tier {tier}: {meaning}.",
            unit="none",
            asked=(Asked(f"count(ALERTS{{{FIRING},{matchers}{selected}}}) or vector(0)"),),
            bad=severity,
            decimals=0,
        )
        for tier, (matchers, severity, meaning) in _TIERS.items()
    )


def tier_series(state: str = "firing") -> tuple[Asked, ...]:
    """The number of alerts in each tier over time."""
    return tuple(
        Asked(f'count(ALERTS{{alertstate="{state}",{CLUSTER},{matchers}}})', tier)
        for tier, (matchers, _, _) in _TIERS.items()
    )


def alert_listing(title: str, state: str, selected: str = "") -> Listing:
    """Which alerts are in this state, whose they are, and in how many places."""
    columns = {"severity": "Severity", "alertname": "Alert", "layer": "Layer", "component": "Component", "team": "Team"}
    chosen = f'alertstate="{state}",severity!="none",{CLUSTER}{selected}'
    return Listing(
        title=title,
        about=f"Each alert that is {state}, with the team that owns it and the number of places.",
        labels=tuple(columns.items()),
        asked=(Asked(f"sort_desc(sum by ({', '.join(columns)}) (ALERTS{{{chosen}}}))", "Places", "none"),),
        nothing=f"No alert is {state}.",
    )


def graph(title: str, about: str, unit: str, *asked: Asked) -> Question:
    """Counts, rates or amounts over time, none of which is below 0."""
    return Question(title=title, about=about, unit=unit, asked=asked, over_time=True, minimum=0)


def signal_question(signal: Signal, component: Component, stack: Stack, *, over_time: bool) -> Question:
    """A signal with its alerts' own thresholds, as its component's dashboard shows it."""
    seen = signal_view(signal, component)
    ends = {"Highest": "max"} if not seen.lines or any(line.above for line in seen.lines) else {}
    ends |= {"Lowest": "min"} if not all(line.above for line in seen.lines) else {}
    worst = tuple(Asked(f"{end}({seen.expr})", name if len(ends) > 1 else "") for name, end in ends.items())
    return Question(
        title=seen.title,
        about=seen.about if over_time else f"The worst value in the selection now.\n\n{seen.about}",
        unit=seen.unit,
        asked=(Asked(seen.expr, seen.legend),) if over_time else worst,
        over_time=over_time,
        lines=seen.lines,
        alerts=seen.alerts,
        runbook_url=runbook_page(component.name, stack),
        minimum=seen.minimum,
        maximum=seen.maximum,
        decimals=seen.decimals,
    )


def layers_in_use(stack: Stack) -> dict[Layer, tuple[Component, ...]]:
    """The components of each layer that has any."""
    members = {layer: tuple(one for one in stack.components if one.layer == layer) for layer in LAYERS}
    return {layer: found for layer, found in members.items() if found}


def neighbours(stack: Stack, topics: Iterable[Topic]) -> tuple[Neighbour, ...]:
    """Links to these topics."""
    return tuple(Neighbour(one.title, one.about, names.topic_uid(stack.name, one.name)) for one in topics)
