"""Pass: the scrape jobs of every component, and of every source that its rules and panels read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from obsgen.diagnostics import Location
from obsgen.ir.bundle import Bundle, Scrape
from obsgen.model.source import ScrapeJob, Source
from obsgen.model.stack import Component, Stack
from obsgen.promql.parse import selectors


def scraping(stack: Stack, bundle: Bundle) -> Bundle:
    """In the order of the spec; what several components read from one source is scraped once."""
    emitted = {one.component: [rule.expr for group in one.groups for rule in group.rules] for one in bundle.rule_sets}
    found: dict[str, Scrape] = {}
    for component in stack.components:
        for job in component.scrape:
            found.setdefault(_unplaced(job), Scrape(component.name, component.layer, component.team, job))
        for source in _read(component, emitted.get(component.name, ())):
            # Which component comes first is the spec's choice, and must not change what belongs to none of them.
            name, layer = (_dashed(source), source.layer) if source.layer else ("", component.layer)
            for job in source.jobs:
                found.setdefault(_unplaced(job), Scrape(component.name, layer, component.team, job, name))
    return replace(bundle, scrapes=tuple(found.values()))


def _dashed(source: Source) -> str:
    return source.name.replace("_", "-")


def _read(component: Component, emitted: Iterable[str]) -> Iterator[Source]:
    """The sources of which something of the component reads, and that obsgen scrapes."""
    exprs = [*emitted, *(signal.expr for signal in component.signals.values())]
    read = {selector.matchers for expr in exprs for selector in selectors(expr)}
    for source in component.sources.values():
        if source.jobs and any(map(source.gives, read)):
            yield source


def _unplaced(job: ScrapeJob) -> str:
    """The job without the place it was written at, as a key to tell equal jobs by."""
    return repr(replace(job, origin=Location("", 1, 1)))
