"""Pass: the tests that prove every objective's alerts and what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from obsgen.diagnostics import Findings
from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.model.stack import Stack
from obsgen.promql.error import PromQLError
from obsgen.spec.expression.fault import TemplateFault

if TYPE_CHECKING:
    from obsgen.model.objectives import Objective


def objective_proofs(stack: Stack, bundle: Bundle) -> Bundle:
    """The tests of every objective behind those of the other alerts; `Diagnosed` where a feed cannot be read."""
    findings = Findings()
    found = tuple(_proofs(stack, bundle, findings))
    findings.stop()
    return replace(bundle, proofs=(*bundle.proofs, *found))


def _proofs(stack: Stack, bundle: Bundle, findings: Findings) -> Iterator[Proof]:
    groups = {
        (rules.component, one.objective): one for rules in bundle.rule_sets for one in rules.groups if one.objective
    }
    if not groups:
        return
    from obsgen.lower.objectives.proofs import proofs_of
    from obsgen.lower.objectives.subject import Subject

    for component in stack.components:
        for objective in component.objectives:
            try:
                yield from proofs_of(Subject(objective, component, groups[component.name, objective.name]))
            except (TemplateFault, PromQLError) as fault:
                _note(fault, objective, findings)


def _note(fault: TemplateFault | PromQLError, objective: Objective, findings: Findings) -> None:
    """Only a ratio's feed is text that was not read before."""
    from obsgen.model.objectives import WeightedRatio

    where = objective.sli.feed_origin if isinstance(objective.sli, WeightedRatio) else objective.origin
    message = f"the feed of objective '{objective.name}' is wrong: {fault}"
    hint = "names at hand: v, the share of errors, and events, how many there are per second"
    findings.error("OBS304", message, where, hint if isinstance(fault, TemplateFault) else None)
