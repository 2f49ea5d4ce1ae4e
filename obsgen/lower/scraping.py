"""Pass: the scrape jobs of every component."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.bundle import Bundle, Scrape
from obsgen.model.stack import Stack


def scraping(stack: Stack, bundle: Bundle) -> Bundle:
    """Each component's jobs, in the order of the spec."""
    found = tuple(
        Scrape(component.name, component.layer, component.team, job)
        for component in stack.components
        for job in component.scrape
    )
    return replace(bundle, scrapes=found)
