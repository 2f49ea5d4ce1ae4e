"""Checks of what dashboards ask: that every query can be read, with every variable defined, and has a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.ir.asked import asked_queries
from obsgen.ir.bundle import Bundle, View
from obsgen.ir.topics import TopicView
from obsgen.model.stack import Stack


def broken_panel(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A panel whose query Grafana could not send; those of topics, which no spec writes, are not a build's concern."""
    yield from broken_queries((view for view in bundle.views if not isinstance(view, TopicView)), stack)


def broken_queries(views: Iterable[View], stack: Stack) -> Iterator[Diagnostic]:
    """The queries of these views that use what is not defined, or that cannot be read."""
    for view in views:
        defined = {variable.name for variable in view.variables}
        for one in asked_queries(view, stack):
            for variable in sorted(one.variables - defined):
                message = f"the panel of '{one.about}' uses the variable '${variable}', which the dashboard lacks"
                hint = "name the label under dashboard.variables"
                yield Diagnostic("OBS440", message, one.origin, hint)
            if one.fault:
                message = f"the panel of '{one.about}' has a query that cannot be read: {one.fault}"
                yield Diagnostic("OBS441", message, one.origin)


def repeated_uid(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Two dashboards of one identity: Grafana would keep either."""
    places = {one.name: one.origin for one in stack.components}
    for uid, count in Counter(view.uid for view in bundle.views).items():
        if count > 1:
            views = [view for view in bundle.views if view.uid == uid]
            titles = " and ".join(f"'{view.title}'" for view in views)
            where = next((places[view.component] for view in views if view.component in places), None)
            hint = "give the component another name"
            yield Diagnostic("OBS445", f"the dashboards {titles} would both have the uid '{uid}'", where, hint)
