"""Pass: where each alert must arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import RenderedAssertion
from obsgen.ir.routes import RouteTest
from obsgen.lower.told import told
from obsgen.model.stack import Stack


def route_tests(stack: Stack, bundle: Bundle) -> Bundle:
    """For every alert of every proof the receivers that the spec says must hear of it: the tree itself is not asked.

    And so for those of the installation.
    """
    plan = stack.routing
    foreign = ({"alertname": name, "severity": "none"} for name in plan.foreign)
    labelled = {tuple(sorted(labels.items())): labels for labels in (*_alert_labels(bundle), *foreign)}
    tests = tuple(
        RouteTest(labels, tuple(one.receiver for one in told(plan, labels))) for _, labels in sorted(labelled.items())
    )
    return replace(bundle, route_tests=tests)


def _alert_labels(bundle: Bundle) -> Iterator[Mapping[str, str]]:
    for rule in bundle.alerts:
        yield {"alertname": rule.alert, **rule.labels}
    for proof in bundle.proofs:
        for one in proof.rendered:
            yield from _rendered_labels(proof.alert, one)


def _rendered_labels(alert: str, assertion: RenderedAssertion) -> Iterator[Mapping[str, str]]:
    for one in assertion.alerts:
        yield {"alertname": alert, **one.labels}
