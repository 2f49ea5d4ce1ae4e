"""Dashboards of a cluster whose series lack the label `cluster`: its name stands where the label would be shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from obsgen.ir.bundle import View
from obsgen.ir.topics import Entry, Listing, Question, TopicRow, TopicView
from obsgen.ir.views import PackView, SignalRow

_LABEL: Final = "cluster"
_IN_LEGENDS: Final = "{{cluster}}"


def in_one_cluster(view: View, cluster: str) -> View:
    """The view with one cluster to choose, named in legends, and with links that take no such column along."""
    variables = tuple(replace(one, only=cluster) if one.label == _LABEL else one for one in view.variables)
    if isinstance(view, PackView):
        return replace(view, variables=variables, rows=tuple(_signals(row, cluster) for row in view.rows))
    if isinstance(view, TopicView):
        return replace(view, variables=variables, rows=tuple(_entries(row, cluster) for row in view.rows))
    # What is recorded of objectives carries the label.
    return replace(view, variables=variables)


def _signals(row: SignalRow, cluster: str) -> SignalRow:
    named = (replace(one, legend=one.legend.replace(_IN_LEGENDS, cluster)) for one in row.signals)
    return replace(row, signals=tuple(named))


def _entries(row: TopicRow, cluster: str) -> TopicRow:
    return replace(row, entries=tuple(_entry(one, cluster) for one in row.entries))


def _entry(entry: Entry, cluster: str) -> Entry:
    if isinstance(entry, Question):
        asked = (replace(one, name=one.name.replace(_IN_LEGENDS, cluster)) for one in entry.asked)
        return replace(entry, asked=tuple(asked))
    if isinstance(entry, Listing):
        # Of a column that is not there Grafana would hand on the placeholder itself.
        links = (replace(one, along=tuple(label for label in one.along if label != _LABEL)) for one in entry.links)
        return replace(entry, links=tuple(links))
    return entry
