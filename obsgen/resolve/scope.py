"""The names that a pack's templates may use, in rules, in panels and in feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from obsgen.diagnostics import Findings, Location, did_you_mean
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import NoExample, example_labels, parse_matchers
from obsgen.resolve.lacking import Lacking
from obsgen.resolve.normal import USUAL, Normal
from obsgen.spec.budget import Budget
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.library import Pack
from obsgen.spec.load import Use
from obsgen.spec.source import Places

if TYPE_CHECKING:
    from obsgen.resolve.sources import Declared

_CLOSED = "a template is ${<expression>}, such as ${thresholds.depth}"
PANEL_RATE_WINDOW = "$__rate_interval"


@dataclass(frozen=True, slots=True)
class Scope:
    """One use of a pack while it is being resolved: both files' places, and where mistakes go."""

    use: Use
    pack: Pack
    places: Places
    findings: Findings
    budget: Budget
    names: Mapping[str, Any] = field(default_factory=dict)
    normal: Normal = USUAL
    sources: Mapping[str, Declared] = field(default_factory=dict)
    lacking: Lacking = field(default_factory=lambda: Lacking({}))
    packs: frozenset[str] = frozenset()

    def text(self, template: str, where: Location, names: Mapping[str, Any] | None = None) -> str:
        """The template rendered; a fault is noted at its place and reads as empty text."""
        try:
            return self.budget.render(template, self.names if names is None else names)
        except TemplateFault as fault:
            self.note(fault, where)
            return ""

    def note(self, fault: TemplateFault, where: Location) -> None:
        """Note a template's fault at its place."""
        hint = did_you_mean(fault.name, fault.known, noun="names at hand") if fault.name else _CLOSED
        self.findings.error("OBS210", str(fault), where.inside(fault.written, fault.offset), hint)

    def pack_place(self, *path: str | int) -> Location:
        """A place in `pack.yaml`."""
        return self.pack.places.of(*path)

    def spec_place(self, *path: str | int) -> Location:
        """A place inside this use of the pack in the spec."""
        return self.places.of(*self.use.path, *path)


_MATCHERS = 'write matchers without braces, each value in quotes: job="node-exporter",env="prod"'
# What a panel would put something else in the place of; `$` at the end of a pattern is none.
_VARIABLE = re.compile(r"\$\w+|\$\{[^}]*\}|\[\[\w+\]\]")
REGEX_HINT = "Prometheus reads RE2, which knows neither lookahead nor back references"
NO_EXAMPLE_HINT = 'use = matchers, or a regular expression that names its alternatives: job=~"a|b"'


def panel_selector(selector: str, variables: tuple[str, ...]) -> str:
    """The selector narrowed by the dashboard's cluster and its own variables."""
    narrowed = ('cluster=~"$cluster"', *(f'{name}=~"${name}"' for name in variables))
    return ",".join(filter(None, (selector, *narrowed)))


def example_of(selector: str, scope: Scope, where: Location) -> dict[str, str]:
    """Labels that the selector matches, for the input series of tests; a fault is noted."""
    matchers = readable_matchers(selector)
    return example_labels(matchers) if exemplified(matchers, where, scope) else {}


def exemplified(matchers: Iterable[Matcher], where: Location, scope: Scope) -> bool:
    """Whether some series passes all of the matchers, as tests need one; if not, it is noted."""
    try:
        example_labels(matchers)
    except NoExample as fault:
        scope.findings.error("OBS211", f"tests cannot be made: {fault}", where, NO_EXAMPLE_HINT)
        return False
    return True


def matchers_of(text: str, where: Location, scope: Scope) -> tuple[Matcher, ...] | None:
    """The text as matchers; None where it cannot be read, which is noted."""
    if variable := _VARIABLE.search(text):
        message = f"'{text}' is not a list of matchers that panels can use: '{variable[0]}' is a variable of Grafana's"
        hint = 'write the value itself; for a $ that is part of it, let a pattern match any character: =~"a.b"'
        scope.findings.error("OBS215", message, where, hint)
        return None
    try:
        return parse_matchers(text)
    except PromQLError as fault:
        reason = fault.message.rpartition(": ")[2]
        hint = REGEX_HINT if "regex" in reason else _MATCHERS
        scope.findings.error("OBS215", f"'{text}' is not a list of matchers: {reason}", where, hint)
        return None


def readable_matchers(selector: str) -> tuple[Matcher, ...]:
    """The selector's matchers; none where it cannot be read, which was noted where it was written."""
    try:
        return parse_matchers(selector)
    except PromQLError:
        return ()
