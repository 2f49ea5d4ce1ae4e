"""Rules with one thing wrong each: what the tests of an alert must notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from obsgen.ir.rules import AlertingRule
from obsgen.promql.error import PromQLError
from obsgen.promql.matching import Recordings
from obsgen.promql.needless import is_needless
from obsgen.promql.parse import number_in
from obsgen.promql.selector import parse_matchers
from obsgen.promql.words import comparisons, matchers_removed
from obsgen.units import NO_TIME, number_text

_FLIPPED = {">": "<", ">=": "<", "<": ">", "<=": ">", "==": "!=", "!=": "=="}
_FACTORS = {"doubled": 2.0, "halved": 0.5}

# Why a mutant is none.
NO_PENDING = "the alert has no `for`, and a `for` of 0 stays 0"
ZERO_THRESHOLD = "a threshold of 0 stays 0"
NEEDLESS_MATCHER = "what the matcher keeps out, the rest of the expression keeps out as well"
LAST_MATCHER = "without the matcher Prometheus refuses the rule"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule after one change, in words; `excuse` says why no test whatever could tell the two apart."""

    change: str
    before: AlertingRule
    after: AlertingRule
    excuse: str = ""


def mutants(rule: AlertingRule, recordings: Recordings) -> Iterator[Mutant]:
    """The rule's mutants: comparisons and thresholds first, then matchers, the time it waits, its severity."""
    yield from _compared(rule)
    yield from _unmatched(rule, recordings)
    excuse = "" if rule.pending.milliseconds else NO_PENDING
    yield Mutant(f"for {rule.pending} doubled", rule, replace(rule, pending=rule.pending * 2), excuse)
    yield Mutant(f"for {rule.pending} dropped", rule, replace(rule, pending=NO_TIME), excuse)
    other = "warning" if rule.severity == "critical" else "critical"
    changed = replace(rule, labels={**rule.labels, "severity": other})
    yield Mutant(f"severity {rule.severity} changed to {other}", rule, changed)


def _compared(rule: AlertingRule) -> Iterator[Mutant]:
    expr = rule.expr
    for number, found in enumerate(comparisons(expr), start=1):
        sign, threshold = found.sign, found.number
        shown = f"comparison {number}, {sign.text} {threshold.text if threshold else '…'}"
        flipped = f"{expr[: sign.start]}{_FLIPPED[sign.text]}{expr[sign.end :]}"
        yield Mutant(f"{shown}: flipped", rule, replace(rule, expr=flipped))
        if threshold is None:
            continue
        # Hexadecimal too, as Prometheus reads it.
        value = number_in(threshold.text)
        for name, factor in _FACTORS.items():
            changed = f"{expr[: threshold.start]}{number_text(value * factor)}{expr[threshold.end :]}"
            excuse = "" if value else ZERO_THRESHOLD
            yield Mutant(f"{shown}: threshold {name}", rule, replace(rule, expr=changed), excuse)


def _unmatched(rule: AlertingRule, recordings: Recordings) -> Iterator[Mutant]:
    for found in matchers_removed(rule.expr):
        excuse = ""
        try:
            matcher = parse_matchers(found.text)[0]
            if is_needless(rule.expr, found.without, matcher, recordings):
                excuse = NEEDLESS_MATCHER
        except PromQLError:
            excuse = LAST_MATCHER
        change = f"selector {found.selector}, {found.metric}{{{found.text}}}: matcher removed"
        yield Mutant(change, rule, replace(rule, expr=found.without), excuse)
