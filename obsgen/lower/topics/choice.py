"""Which topics a stack has: those that the spec asks for and that there is something to show of."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from obsgen.ir.topics import Entry, Listing, Question, TopicView
from obsgen.lower import names
from obsgen.lower.topics.alerting import ALERTS, alerts_view
from obsgen.lower.topics.arriving import Arriving
from obsgen.lower.topics.capacity import CAPACITY_TOPIC, capacity_view
from obsgen.lower.topics.drilldown import NAMESPACE, NODE, WORKLOAD, namespace_view, node_view, workload_view
from obsgen.lower.topics.frame import layers_in_use, neighbours
from obsgen.lower.topics.kubernetes import capacity_component
from obsgen.lower.topics.monitoring import MONITORING, monitoring_view
from obsgen.lower.topics.overview import OVERVIEW, layer_topic, layer_view, overview
from obsgen.model.stack import Stack
from obsgen.spec.layers import LAYERS

_KUBERNETES = (CAPACITY_TOPIC, NODE, NAMESPACE, WORKLOAD)


def topics(stack: Stack) -> Iterator[TopicView]:
    """What is asked for and has something to show, in reading order, without links to what is not."""
    asked: set[str] = set(stack.environment.grafana.views)
    asked |= set(LAYERS) if "layer" in asked else set()
    arriving = Arriving(stack)
    wanted = (one for one in _below(stack) if one.topic in asked)
    views = [one for view in wanted if (one := arriving.of(view))]
    uids = {one.uid for one in views}
    every = (*map(layer_topic, LAYERS), ALERTS, MONITORING, *_KUBERNETES)
    led_to = [one for one in every if names.topic_uid(stack.name, one.name) in uids]
    if OVERVIEW.name in asked:
        views.insert(0, overview(stack, neighbours(stack, led_to)))
    missing = {names.topic_uid(stack.name, one.name) for one in (OVERVIEW, *every)} - {one.uid for one in views}
    yield from (_without_links_to(missing, one) for one in views)


def _below(stack: Stack) -> Iterator[TopicView]:
    """What the overview leads to."""
    for layer, members in layers_in_use(stack).items():
        yield layer_view(layer, members, stack)
    yield alerts_view(stack)
    yield monitoring_view(stack)
    if capacity := capacity_component(stack):
        for view in (capacity_view, node_view, namespace_view, workload_view):
            yield view(capacity, stack)


def _without_links_to(missing: Container[str], view: TopicView) -> TopicView:
    rows = (replace(row, entries=tuple(_unlinked(one, missing) for one in row.entries)) for row in view.rows)
    kept = tuple(one for one in view.neighbours if one.uid not in missing)
    return replace(view, rows=tuple(rows), neighbours=kept)


def _unlinked(entry: Entry, missing: Container[str]) -> Entry:
    if isinstance(entry, Listing):
        return replace(entry, links=tuple(one for one in entry.links if one.uid not in missing))
    if isinstance(entry, Question) and entry.leads_to in missing:
        return replace(entry, leads_to="")
    return entry
