"""What of a source's metrics arrives: the lists of an installation that drop some of them, or keep only some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from obsgen.diagnostics import Location
from obsgen.model.source import Drop, Keep
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.regex import compiled
from obsgen.resolve.scope import REGEX_HINT, Scope, matchers_of
from obsgen.spec.source import Places
from obsgen.spec.sources import DroppedSpec, KeptSpec


@dataclass(frozen=True, slots=True)
class Said:
    """A field of a source as written, where, and by whom."""

    value: Any
    places: Places
    path: tuple[str, ...]
    who: str = ""

    def place(self, *path: str | int) -> Location:
        """Where the field stands, or what is below it."""
        return self.places.of(*self.path, *path)


def drops(said: Said | None, scope: Scope) -> tuple[Drop, ...]:
    """The series that are thrown away; a pattern that Prometheus would refuse is noted."""
    return tuple(_drop(index, one, said, scope) for index, one in enumerate(said.value or ())) if said else ()


def _drop(index: int, written: DroppedSpec, said: Said, scope: Scope) -> Drop:
    metrics = _named([written.metrics], [said.place(index, "metrics")], scope)
    return Drop(metrics, matchers_of(written.where, said.place(index, "where"), scope) or ())


def keeps(said: Said | None, scope: Scope) -> Keep | None:
    """The only metrics that are kept; None where all are."""
    written: KeptSpec | None = said.value if said else None
    if said is None or written is None or not _holds(written, scope):
        return None
    places = [said.place("metrics", index) for index in range(len(written.metrics))]
    return Keep(_named(written.metrics, places, scope), written.called, written.remedy)


def _holds(written: KeptSpec, scope: Scope) -> bool:
    """Whether the installation was told what the list depends on."""
    options: Mapping[str, str] = scope.names["installation"]
    return all(options.get(option) == value for option, value in written.when.items())


def _named(patterns: Sequence[str], places: Sequence[Location], scope: Scope) -> Matcher:
    """The metrics of such names; a pattern that Prometheus would refuse is noted."""
    readable = []
    for pattern, where in zip(patterns, places, strict=True):
        try:
            compiled(pattern)
        except PromQLError as fault:
            scope.findings.error("OBS215", fault.message, where, REGEX_HINT)
        else:
            readable.append(pattern)
    return Matcher("__name__", "=~", "|".join(readable))
