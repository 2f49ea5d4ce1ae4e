"""Pass: the tests that prove every objective's alerts and what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.model.stack import Stack


def objective_proofs(stack: Stack, bundle: Bundle) -> Bundle:
    """The tests of every objective behind those of the other alerts."""
    return replace(bundle, proofs=(*bundle.proofs, *_proofs(stack, bundle)))


def _proofs(stack: Stack, bundle: Bundle) -> Iterator[Proof]:
    groups = {
        (rules.component, one.objective): one for rules in bundle.rule_sets for one in rules.groups if one.objective
    }
    if not groups:
        return
    from obsgen.lower.objectives.proofs import proofs_of
    from obsgen.lower.objectives.subject import Subject

    for component in stack.components:
        for objective in component.objectives:
            yield from proofs_of(Subject(objective, component, groups[component.name, objective.name]))
