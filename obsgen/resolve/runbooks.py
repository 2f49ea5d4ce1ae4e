"""Runbooks: a pack's text with this component's names and thresholds in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from obsgen.resolve.scope import Scope
from obsgen.resolve.thresholds import Threshold
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.library import Runbook


def render_runbook(
    scope: Scope, thresholds: Mapping[str, Threshold], left_out: Set[str], any_objective: Runbook | None
) -> Runbook:
    """The runbook, its templates filled in; thresholds read as a person would write them.

    Sections on alerts that are left out for want of a parameter go with them. What the pack does not say
    about its objectives is taken from the runbook of any objective.
    """
    runbook = scope.pack.runbook
    names = {**scope.names, "thresholds": {name: _shown(one) for name, one in thresholds.items()}}

    def rendered(text: str, heading: str) -> str:
        try:
            return scope.budget.render(text, names)
        except TemplateFault as fault:
            scope.note(fault, runbook.place(heading, fault.name or "${"))
            return ""

    sections = any_objective.sections if any_objective else {}
    general = {name: scope.budget.render(body, names) for name, body in sections.items()}
    return replace(
        runbook,
        title=rendered(runbook.title, ""),
        preface=rendered(runbook.preface, ""),
        sections=general
        | {name: rendered(body, name) for name, body in runbook.sections.items() if name not in left_out},
    )


def _shown(threshold: Threshold) -> str:
    if threshold.each:
        return ", ".join(f"{amount.text} ({severity})" for severity, (amount, _) in threshold.each.items())
    return threshold.every[0].text if threshold.every else ""
