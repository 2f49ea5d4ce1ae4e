"""Mutants that the program itself does not ask for: what only tests derived from a signal notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.check.mutants import Mutant
from obsgen.ir.rules import AlertingRule
from obsgen.units import Duration


def finer_mutants(rule: AlertingRule) -> Iterator[Mutant]:
    """The rule that waits half as long, and the one that says something else."""
    if rule.pending.milliseconds:
        yield Mutant("for halved", rule, replace(rule, pending=Duration(rule.pending.milliseconds // 2)))
    other = {**rule.annotations, "description": "something else"}
    yield Mutant("description changed", rule, replace(rule, annotations=other))
