"""The matrix: for every component what is scraped, recorded, alerted, routed and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from obsgen.ir.bundle import Bundle
from obsgen.live.coverage.judging import Reading
from obsgen.live.coverage.survey import Survey
from obsgen.live.coverage.types import Covered, Kind, Row, Share
from obsgen.model.stack import Stack


def matrix(stack: Stack, bundle: Bundle, reading: Reading, seen: Survey, readers: Sequence[Covered]) -> Iterator[Row]:
    """A row for each component, in the order of the spec."""
    routed = _routed(bundle)
    for component in stack.components:
        own = [one for one in readers if one.component == component.name]
        yield Row(
            component.layer,
            component.name,
            _scraped(reading, seen, component.name),
            _seeing(own, "recording", "objective"),
            _seeing(own, "alert"),
            routed.get(component.name, Share(0, 0)),
            _seeing(own, "panel"),
        )


def _seeing(readers: Sequence[Covered], *kinds: Kind) -> Share:
    chosen = [one for one in readers if one.kind in kinds]
    return Share(sum(one.sees == "all" for one in chosen), len(chosen))


def _scraped(reading: Reading, seen: Survey, component: str) -> Share:
    """The targets of everything that the component reads, and how many of them are up."""
    sources = {one.source for one in reading.selections.get(component, ()) if one.source}
    found = {id(one): one for source in sources for one in seen.targets_of(source)}
    every = sum(one.all for one in found.values())
    return Share(every - sum(one.down for one in found.values()), every)


def _routed(bundle: Bundle) -> dict[str, Share]:
    """How many alerts reach a receiver that sends somewhere."""
    found: dict[str, Share] = {}
    for rule in bundle.alerts:
        name = rule.labels["component"]
        before = found.get(name, Share(0, 0))
        found[name] = Share(before.well + _reaches(bundle, {**rule.labels, "alertname": rule.alert}), before.all + 1)
    return found


def _reaches(bundle: Bundle, labels: dict[str, str]) -> bool:
    if bundle.routing is None:
        return False
    receivers = bundle.routing.receivers
    return any(name in receivers and any(receivers[name].ways()) for name in bundle.routing.root.receivers(labels))
