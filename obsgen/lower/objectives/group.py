"""The rules of one objective in one group, what it records before what it fires."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup
from obsgen.lower import names
from obsgen.lower.objectives.alerting import objective_alert
from obsgen.lower.objectives.recording import Recorder
from obsgen.model.objectives import Objective
from obsgen.model.stack import Component, Stack


def objective_group(objective: Objective, component: Component, stack: Stack) -> RuleGroup:
    """In one group rules are evaluated in order, so that no alert reads what was recorded a minute ago."""
    return RuleGroup(
        names.objective_group(component, objective.name),
        tuple(_rules(objective, component, stack)),
        objective.interval,
        objective.name,
    )


def _rules(objective: Objective, component: Component, stack: Stack) -> Iterator[RecordingRule | AlertingRule]:
    yield from Recorder(objective, component, stack).rules()
    for alert in objective.alerts:
        yield objective_alert(alert, objective, component, stack)
