"""What the scrape jobs of a stack bring, what its rules read, and whether the two can meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from obsgen.check.promql import place_in, written_rules
from obsgen.diagnostics import Location
from obsgen.ir.bundle import Bundle
from obsgen.model.source import ScrapeJob, Source
from obsgen.model.stack import Component, Stack
from obsgen.promql.matcher import Matcher
from obsgen.promql.parse import selectors
from obsgen.promql.selector import NoExample, example_labels

# What a target has been given for certain once Prometheus has scraped it.
_OF_TARGETS = ("job", "namespace")
# What Prometheus itself writes of each target carries the target's labels alone.
_OF_THE_SCRAPE = re.compile("up|scrape_.+")


_OnTargets = tuple[tuple[Matcher, ...], bool]


@dataclass(frozen=True, slots=True)
class Read:
    """What a component reads: matchers on labels that targets are given, and where the first that has them stands."""

    component: Component
    matchers: tuple[Matcher, ...]
    place: Location | None
    ruled: bool
    """Whether a rule reads it, and not a panel alone."""
    of_scrape: bool
    """Whether it is what Prometheus itself says of a target, such as `up`."""

    @property
    def jobs(self) -> tuple[Matcher, ...]:
        """The matchers on the job; none where any may bring what is read."""
        return tuple(one for one in self.matchers if one.name == "job")

    @property
    def job(self) -> str:
        """A name that such a job has; empty where none is found."""
        return example(self.jobs).get("job", "")

    def __str__(self) -> str:
        return ",".join(map(str, self.matchers))

    def meets(self, job: ScrapeJob) -> bool:
        """Whether it can read what the job brings."""
        given = _given(job, of_scrape=self.of_scrape)
        return all(one.matches(given[one.name]) for one in self.matchers if one.name in given)

    def meets_job(self, name: str) -> bool:
        """Whether it reads a job of this name, wherever that finds its targets."""
        return bool(self.jobs) and all(one.matches(name) for one in self.jobs)

    def meets_source(self, source: Source) -> bool:
        """Whether it can read a source that others scrape."""
        jobs = [one for one in source.matchers if one.name == "job"]
        return bool(jobs) and bool(example((*self.jobs, *jobs)))


def example(matchers: Iterable[Matcher]) -> Mapping[str, str]:
    """Labels that pass all of the matchers; none where there are none."""
    try:
        return example_labels(matchers)
    except NoExample:
        return {}


def reads(stack: Stack, bundle: Bundle) -> tuple[Read, ...]:
    """What the rules and the panels of every component read, each once; what rules record is no scrape's."""
    components = {one.name: one for one in stack.components}
    found: dict[tuple[str, _OnTargets], Read] = {}
    for name, rule in written_rules(bundle):
        # The watchdog is of no component, and reads nothing.
        for one in _on_targets(rule.expr) if name in components else ():
            if (name, one) not in found:
                place = place_in(one, _on_targets, rule, name, stack)
                found[name, one] = Read(components[name], one[0], place, ruled=True, of_scrape=one[1])
    for component in stack.components:
        for signal in component.signals.values():
            for one in _on_targets(signal.expr):
                read = Read(component, one[0], signal.origin, ruled=False, of_scrape=one[1])
                found.setdefault((component.name, one), read)
    return tuple(found.values())


def _on_targets(expr: str) -> list[_OnTargets]:
    read = (one for one in selectors(expr) if ":" not in one.metric)
    found = (
        (tuple(m for m in one.matchers if m.name in _OF_TARGETS), _OF_THE_SCRAPE.fullmatch(one.metric) is not None)
        for one in read
    )
    return list(dict.fromkeys(found))


def _given(job: ScrapeJob, *, of_scrape: bool) -> Mapping[str, str]:
    """The labels that the series of a job have for certain; an empty one is certain to be missing."""
    given = {"job": job.name}
    # A series may bring a namespace itself, where its target has none or its own word wins.
    if of_scrape or not (job.targets or job.honor_labels):
        given["namespace"] = "" if job.targets else job.namespace
    return {label: value for label, value in given.items() if label not in job.labels_from}


def left_to_others(stack: Stack) -> tuple[Source, ...]:
    """Every source that others scrape, once."""
    named = (source for component in stack.components for source in component.sources.values())
    return tuple({source.name: source for source in named if source.scraped_by}.values())
