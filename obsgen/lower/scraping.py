"""Pass: the scrape jobs of every component."""

from __future__ import annotations

from dataclasses import replace

from obsgen.diagnostics import Location
from obsgen.ir.bundle import Bundle, Scrape
from obsgen.model.stack import ScrapeJob, Stack


def scraping(stack: Stack, bundle: Bundle) -> Bundle:
    """Each component's jobs, in the order of the spec; what two components scrape alike is scraped once."""
    found: dict[str, Scrape] = {}
    for component in stack.components:
        for job in component.scrape:
            found.setdefault(_unplaced(job), Scrape(component.name, component.layer, component.team, job))
    return replace(bundle, scrapes=tuple(found.values()))


def _unplaced(job: ScrapeJob) -> str:
    """The job without the place it was written at, as a key to tell equal jobs by."""
    return repr(replace(job, origin=Location("", 1, 1)))
