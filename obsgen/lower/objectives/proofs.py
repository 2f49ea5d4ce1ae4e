"""The tests of one objective: each alert's, then those of what is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.ir.proofs import Proof
from obsgen.lower.objectives.budget_proofs import budget_proofs, true_ratio
from obsgen.lower.objectives.burn_proofs import burn_proofs
from obsgen.lower.objectives.source_proofs import missing_proofs, stopped_proofs
from obsgen.lower.objectives.subject import Subject

_PROOFS = {
    "ErrorBudgetBurn": burn_proofs,
    "ErrorBudgetSpent": budget_proofs,
    "ObjectiveDataMissing": missing_proofs,
    "ObjectiveTrafficStopped": stopped_proofs,
}


def proofs_of(subject: Subject) -> Iterator[Proof]:
    """Everything that is proved of one objective."""
    for alert in subject.objective.alerts:
        yield from _PROOFS[alert.name](subject, alert, subject.rules[alert.name, alert.severity])
    if subject.rules:
        yield true_ratio(subject)
