"""What is taken over from a foreign document, before it is a spec."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location
from obsgen.exchange.indicators import Indicator
from obsgen.exchange.node import Node
from obsgen.exchange.window import Inexpressible, without_template
from obsgen.lower.names import fitting
from obsgen.promql.error import PromQLError
from obsgen.spec.names import NAME_LENGTH
from obsgen.units import Duration


@dataclass(frozen=True, slots=True)
class TakenObjective:
    """One objective: the service it is of, the name it had, and the rest in the spec's own form."""

    service: str
    name: str
    indicator: Indicator
    target: str
    period: str
    place: Location
    title: str | None = None
    about: str | None = None
    alerts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenService:
    """What the source says of a service besides its objectives."""

    team: str | None = None
    namespace: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def or_else(self, other: TakenService) -> TakenService:
        """This, and where it is silent the other."""
        return TakenService(self.team or other.team, self.namespace or other.namespace, {**other.labels, **self.labels})


def object_name(text: str) -> str:
    """The text as a name that a spec takes: lower case, digits and dashes."""
    return fitting(re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"), NAME_LENGTH)


def owner(labels: Mapping[str, str]) -> str | None:
    """The team that labels name."""
    return next((object_name(labels[name]) for name in ("team", "owner") if labels.get(name)), None)


def promql(query: Node) -> str:
    """The query at this place as PromQL, with the stand-in for its window; `Diagnosed` where it cannot be read."""
    try:
        return without_template(query.text())
    except PromQLError as error:
        raise query.mistake("OBS230", f"the query cannot be read: {error.message}") from None
    except Inexpressible as reason:
        raise inexpressible(query, f"the query cannot be taken over: {reason}") from None


def measured(at: Node, indicator: Callable[[], Indicator], found: Findings) -> Indicator:
    """The indicator, with a warning at the query for all that is lost; `Diagnosed` where there is none."""
    try:
        read = indicator()
    except Inexpressible as reason:
        raise inexpressible(at, f"the query cannot be taken over: {reason}") from None
    except PromQLError as error:
        # Each query can be read by itself, but is a number or a text and no series.
        raise inexpressible(at, f"the query cannot be taken over: {error.message}") from None
    for note in read.notes:
        found.add(at.lost(note))
    if read.unproved:
        message = "no series were found that would prove the alerts of this query"
        found.add(Diagnostic("OBS615", message, at.key_place, read.unproved, "warning"))
    return read


def inexpressible(at: Node, message: str, hint: str | None = None) -> Diagnosed:
    """The error of an objective that is not taken over."""
    return at.mistake("OBS612", message, hint)


def duration_of(node: Node) -> Duration:
    """A span of time that the source writes as Prometheus does; `Diagnosed` for anything else."""
    try:
        return Duration.parse(node.text())
    except ValueError as error:
        raise node.mistake("OBS114", str(error)) from None


def target_text(at: Node, *, percent: bool) -> str:
    """A target as a spec writes it, such as `99.9%`."""
    if not math.isfinite(at.number()):
        raise at.mistyped("a number")
    share = Decimal(at.text()) * (1 if percent else 100)
    if share >= 100:
        raise inexpressible(at, f"a target of {at.text()} leaves no error budget")
    if share <= 0:
        raise inexpressible(at, f"a target of {at.text()} promises nothing")
    # `normalize` alone would write 90 as 9E+1.
    return f"{share.normalize():f}%"
