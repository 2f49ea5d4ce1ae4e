"""One side of a comparison of routing trees: the tree, its alerts, and which receivers keep something open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from promql_parser import Call

from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import InhibitRule, Routing
from obsgen.ir.rules import AlertingRule
from obsgen.lower.identity import Identities
from obsgen.model.stack import Component, Stack
from obsgen.promql.parse import nodes, parse, selectors
from obsgen.routes.difference import Tree
from obsgen.routes.reading import ReadRouting
from obsgen.spec.receivers import ReceiverSpec

# Functions that may put another value in the place of a target's label.
_WRITERS: Final = frozenset({"label_join", "label_replace"})
# They know an incident by its group's key: one with another key is another incident to them.
_INCIDENTS: Final = ("pagerduty", "opsgenie", "victorops", "incidentio", "jira")


@dataclass(frozen=True, slots=True)
class SpecAlert:
    """An alert that a spec sends: the labels that are known, and the names of those that vary."""

    component: str
    name: str
    severity: str
    objective: str
    labels: Mapping[str, str]
    varying: frozenset[str]


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared; without alerts where it is not a spec."""

    tree: Tree
    inhibit_rules: tuple[InhibitRule, ...]
    incidents: Mapping[str, str]
    """By receiver what it keeps open until it is told that it is over, such as `pagerduty`."""
    alerts: tuple[SpecAlert, ...] = ()


def read_side(routing: ReadRouting) -> Side:
    """A configuration as it was read."""
    kinds = {name: body.keys() for name, body in routing.receivers.items()}
    incidents = {name: kind for name, keys in kinds.items() for kind in _INCIDENTS if f"{kind}_configs" in keys}
    return Side(routing, routing.inhibit_rules, incidents)


def spec_side(stack: Stack, bundle: Bundle) -> Side:
    """A compiled spec."""
    routing = bundle.routing
    assert routing is not None
    return Side(routing, routing.inhibit_rules, _incidents(routing), tuple(_alerts(stack, bundle)))


def _incidents(routing: Routing) -> dict[str, str]:
    return {
        name: kind for name, spec in routing.receivers.items() for kind in _INCIDENTS if _way_of(spec, kind) is not None
    }


def _way_of(spec: ReceiverSpec, kind: str) -> Any:
    return getattr(spec, kind, None)


def _alerts(stack: Stack, bundle: Bundle) -> list[SpecAlert]:
    """The alerts, with the labels that the results of their expressions can differ in."""
    identities = Identities(stack, bundle)
    components = {one.name: one for one in stack.components}
    found = []
    for rule in bundle.alerts:
        # What an alert does not carry itself Prometheus adds: the cluster as its external label.
        labels = {"alertname": rule.alert, **_cluster(stack), **rule.labels}
        component = components.get(rule.labels["component"])
        varying = identities.of(rule)
        if component and "namespace" in varying and (namespace := _namespace(rule, component)):
            labels["namespace"] = namespace
            varying -= {"namespace"}
        fixed = {name: value for name, value in labels.items() if name not in varying}
        found.append(SpecAlert(rule.labels["component"], rule.alert, rule.severity, rule.objective, fixed, varying))
    return found


def _namespace(rule: AlertingRule, component: Component) -> str:
    """The namespace of all targets that the rule reads; empty where it is not one, or series may bring their own."""
    if any(isinstance(node, Call) and node.func.name in _WRITERS for node in nodes(parse(rule.expr))):
        return ""
    jobs = {job.name: job for job in component.jobs}
    found = set[str]()
    for selector in selectors(rule.expr):
        named = (one.value for one in selector.matchers if (one.name, one.op) == ("job", "="))
        job = jobs.get(next(named, ""))
        found.add(job.namespace if job and not job.honor_labels and not job.targets else "")
    return found.pop() if len(found) == 1 else ""


def _cluster(stack: Stack) -> dict[str, str]:
    return {"cluster": stack.environment.cluster} if stack.environment.cluster else {}
