"""What to write, or to do, so that missing series are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from obsgen.live.coverage.selection import Matchers
from obsgen.model.source import ScrapeJob, Source
from obsgen.model.stack import Component
from obsgen.printable import shortened
from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import parse_matchers

# Characters of a label's value that anybody reads; longer ones are cut, and no selector is made of them.
SHOWN_VALUE: Final = 200


def named_otherwise(matcher: Matcher, value: str) -> str:
    """The cause where a source's series are there under another name."""
    what = "the job" if matcher.name == "job" else f"the label '{matcher.name}'"
    if not value:
        return f"the series have no label '{matcher.name}'"
    return f"{what} is '{shortened(value, SHOWN_VALUE)}' here, not {matcher.value!r}"


class Remedies:
    """Knows where in the spec a component's sources are named."""

    def __init__(self, component: Component | None) -> None:
        self._component = component

    def rename(self, source: Source | None, matcher: Matcher, value: str) -> str:
        """The selector with the value that the series have, unless nobody would write it."""
        if len(value) > SHOWN_VALUE:
            return f"relabel the target, so that its series have {matcher}"
        if source and matcher in source.matchers:
            selector = _with_value(source.matchers, matcher, value)
            if selector:
                return f"write environment.sources.{source.name}.selector: {selector}"
        for name, text in (self._component.selectors if self._component else {}).items():
            # As it was resolved it can be read: a matcher is looked for as one, not as a part of another's text.
            written = parse_matchers(text) if value and text else ()
            if matcher in written:
                return f"write {self._place}.selectors.{name}: {_with_value(written, matcher, value)}"
        if matcher.name == "job" and value:
            return f"write '{value}' as the name of its scrape job under {self._place}.scrape, or rename the job"
        return f"relabel the target, so that its series have {matcher}"

    def scrape(self, source: Source | None, wanted: Matchers) -> str:
        """How something comes to be scraped that is not."""
        jobs = source.jobs if source else self._component.scrape if self._component else ()
        if source and source.scraped_by:
            by = "" if source.scraped_by == "others" else f" by {source.scraped_by}"
            return f"have it scraped{by}; where its series look otherwise, write environment.sources.{source.name}"
        if jobs:
            return f"install what exposes it, and apply its monitor, which looks for {' and '.join(map(_target, jobs))}"
        return f"have it scraped with {','.join(map(str, wanted))}, or take '{self._name}' out of the spec"

    def down(self) -> str:
        """Prometheus alone knows why."""
        return "read the error on Prometheus' page Status > Targets; start the exporter, or mend port, TLS and rights"

    def keep(self, source: Source | None) -> str:
        """Where something is dropped."""
        by = f" of {source.scraped_by}" if source and source.scraped_by else ""
        return f"see metricRelabelings of the job's monitor{by} (drop, or a list of what to keep) and let it pass"

    def exporter(self, needed: str) -> str:
        """Where an exporter does not say it."""
        return f"run an exporter with {needed}, or disable what reads it"

    def other_metric(self, metric: str, instead: str) -> str:
        """Where a metric has another name."""
        return f"if {instead} is the same, relabel it to {metric}, or run the version of the exporter that has {metric}"

    def without_label(self, label: str) -> str:
        """Where all series lack a label."""
        return f"see whether relabeling drops '{label}' or the exporter names it otherwise, and correct the selector"

    def without_target(self) -> str:
        """Where not even the source is known."""
        return f"have it scraped, correct the name, or take '{self._name}' out of the spec"

    def load(self, record: str) -> str:
        """Where a rule is missing."""
        return f"apply the rules that `obsgen build` writes, with {record}, and see that the server selects them"

    def mend(self, record: str) -> str:
        """Where a rule fails."""
        return f"see the error of {record} on Prometheus' page Status > Rules: two series with equal labels, mostly"

    @property
    def _name(self) -> str:
        return self._component.name if self._component else "the panels"

    @property
    def _place(self) -> str:
        if self._component is None:
            return "the spec"
        application = self._component.application
        if application and application != self._component.name:
            return f"applications.{application}.uses.{self._component.name}"
        layer = "applications" if application else self._component.layer
        return f"{layer}.{self._component.name}"


def _with_value(matchers: Matchers, removing: Matcher, value: str) -> str:
    """The matchers with another value for one of them, or without it where no series has such a label."""
    changed = [Matcher(one.name, "=", value) if one == removing else one for one in matchers]
    return ",".join(str(one) for one in changed if value or one.name != removing.name)


def _target(job: ScrapeJob) -> str:
    if job.targets:
        return f"{', '.join(job.targets)} ({job.name})"
    labels: Mapping[str, str] = job.selector
    chosen = ",".join(f"{name}={value}" for name, value in labels.items())
    return f"{'pods' if job.pods else 'Services'} {chosen} in namespace {job.namespace} with a port '{job.port}'"
