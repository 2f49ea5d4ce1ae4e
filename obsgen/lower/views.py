"""Pass: what each component's dashboard has to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.bundle import Bundle, View
from obsgen.ir.views import PackView, SignalRow, ViewVariable
from obsgen.lower import names
from obsgen.lower.links import runbook_page
from obsgen.lower.one_cluster import in_one_cluster
from obsgen.lower.signal_views import signal_view
from obsgen.lower.topics.choice import topics
from obsgen.model.stack import Component, Stack


def views(stack: Stack, bundle: Bundle) -> Bundle:
    """One view for each component that has signals, one for its objectives, and those about the whole platform."""
    if stack.environment.grafana.delivery == "none":
        return bundle
    own = (view for one in stack.components for view in _views(one, stack))
    found = (*own, *topics(stack))
    if stack.clusterless:
        found = tuple(in_one_cluster(view, stack.environment.cluster) for view in found)
    return replace(bundle, views=found)


def _views(component: Component, stack: Stack) -> Iterator[View]:
    if component.signals:
        yield _view(component, stack)
    if component.objectives:
        from obsgen.lower.objective_views import objectives_view

        yield objectives_view(component, stack)


def _view(component: Component, stack: Stack) -> PackView:
    """The alerts' own thresholds are the lines."""
    return PackView(
        uid=names.dashboard_uid(stack.name, component),
        title=f"{component.title} / {component.name}",
        about=component.about,
        folder=stack.environment.grafana.folder,
        layer=component.layer,
        component=component.name,
        variables=tuple(
            ViewVariable(one.label, one.label, one.label.replace("_", " ").capitalize(), one.metric)
            for one in component.variables
        ),
        rows=tuple(
            SignalRow(title, tuple(signal_view(component.signals[name], component) for name in members))
            for title, members in component.rows.items()
        ),
        tags=("obsgen", component.layer, component.pack),
        runbook_url=runbook_page(component.name, stack),
        objectives_uid=names.objectives_uid(stack.name, component) if component.objectives else "",
    )
