"""Check that no target is scraped twice: each of its series, and each of its alerts, would come twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.model.source import ScrapeJob
from obsgen.model.stack import Stack


def doubled_target(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A target that two jobs scrape, both of obsgen's or one of them somebody else's."""
    for first, second in combinations((scrape.job for scrape in bundle.scrapes), 2):
        # Under one name they are told of as a repeated job.
        if first.name != second.name and (shared := _shared(first, second)):
            message = f"jobs '{first.name}' and '{second.name}' both scrape {shared}"
            hint = "scrape it once: read one of the two jobs in both places, and take the other out"
            yield Diagnostic("OBS438", message, second.origin, hint)
    for component in stack.components:
        for source in component.sources.values():
            for job in source.jobs if source.scraped_by else ():
                message = f"job '{job.name}' is scraped already, by {source.scraped_by}"
                ours = f"environment: {{sources: {{{source.name}: {{elsewhere: false}}}}}}"
                hint = f"take it out; or, where obsgen alone is to scrape it, {ours}"
                yield Diagnostic("OBS438", message, job.origin, hint)


def _shared(first: ScrapeJob, second: ScrapeJob) -> str:
    """What both jobs scrape for certain; empty where they may well differ."""
    if first.path != second.path:
        return ""
    if first.targets or second.targets:
        others = {target.lower() for target in second.targets}
        return next((target for target in first.targets if target.lower() in others), "")
    alike = (first.namespace, first.pods, first.port) == (second.namespace, second.pods, second.port)
    # Whatever has the labels of both is found by the one that asks for fewer.
    narrower, wider = sorted((first.selector.items(), second.selector.items()), key=len, reverse=True)
    if not (alike and wider <= narrower):
        return ""
    labels = ", ".join(f"{label}={value}" for label, value in narrower)
    return f"port '{first.port}' of {labels} in namespace '{first.namespace}'"
