"""Passes: recording rules and alerting rules, one set for each component, and the watchdog."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule, RecordingRule, RuleGroup, RuleSet
from obsgen.lower import names
from obsgen.lower.clusterless import cluster_label, named_cluster
from obsgen.lower.expressions import alert_expression
from obsgen.lower.links import dashboard_link, runbook_link
from obsgen.model.stack import Alert, Component, Stack
from obsgen.units import Duration


def recordings(stack: Stack, bundle: Bundle) -> Bundle:
    """One group of recording rules for each component that has any."""
    sets = tuple(
        RuleSet(names.rule_set(component), component.layer, component.name, component.team, _recorded(component))
        for component in stack.components
    )
    return replace(bundle, rule_sets=sets)


def _recorded(component: Component) -> tuple[RuleGroup, ...]:
    rules = tuple(RecordingRule(one.record, one.expr, {}, one.origin) for one in component.recordings)
    return (RuleGroup(names.rule_group(component, "recordings"), rules),) if rules else ()


def alerts(stack: Stack, bundle: Bundle) -> Bundle:
    """The alerting rules of each component, behind what it records."""
    by_name = {component.name: component for component in stack.components}
    sets = tuple(_with_alerts(rules, by_name[rules.component], stack) for rules in bundle.rule_sets)
    return replace(bundle, rule_sets=sets)


def _with_alerts(rules: RuleSet, component: Component, stack: Stack) -> RuleSet:
    found = tuple(alerting_rule(alert, component, stack) for alert in component.alerts)
    group = (RuleGroup(names.rule_group(component, "alerts"), found),) if found else ()
    return replace(rules, groups=(*rules.groups, *group))


def alerting_rule(alert: Alert, component: Component, stack: Stack) -> AlertingRule:
    """The alert as Prometheus evaluates it; `runbook_url` is derived, never written by hand."""
    expr = alert_expression(alert, component)
    labels = _labels(alert, component, stack)
    return AlertingRule(
        alert=alert.name,
        expr=expr,
        pending=alert.pending,
        keep_firing_for=alert.keep_firing_for,
        labels=labels,
        annotations={
            **named_cluster({"summary": alert.summary, "description": alert.description}, stack),
            **runbook_link(component.name, alert.name, stack),
            **dashboard_link(expr, labels, component, stack),
        },
        origin=alert.origin,
        places=alert.places,
        part=alert.part.name,
    )


def _labels(alert: Alert, component: Component, stack: Stack) -> dict[str, str]:
    labels = {
        "severity": alert.severity,
        "layer": component.layer,
        "component": component.name,
        "team": alert.part.team or component.team,
    }
    if component.layer == "application":
        labels["namespace"] = component.namespace
    labels |= cluster_label(stack, missing=bool(alert.absent))
    if alert.action:
        labels["action"] = alert.action
    # A label `tier` of somebody's own means what they like, unless it says P2.
    tier = {"tier": alert.tier} if alert.tier else {}
    return {**labels, **named_cluster({**component.labels, **alert.labels}, stack), **tier}


def watchdog(stack: Stack, bundle: Bundle) -> Bundle:
    """An alert that always fires, so that silence from the whole pipeline is itself noticed."""
    if not stack.routing.watchdog:
        return bundle
    rule = AlertingRule(
        alert=names.WATCHDOG,
        expr="vector(1)",
        pending=Duration(0),
        labels={
            "severity": "none",
            "layer": "kubernetes",
            "component": "watchdog",
            "team": stack.team,
            **cluster_label(stack, missing=True),
        },
        annotations={
            "summary": "The alerting pipeline is alive.",
            "description": "This alert fires at all times. When its receiver stops hearing it, alerting is broken.",
            **runbook_link("watchdog", names.WATCHDOG, stack),
        },
        origin=stack.places.of("routing", "watchdog"),
    )
    group = RuleGroup("kubernetes.watchdog.alerts", (rule,))
    rules = RuleSet("kubernetes-watchdog", "kubernetes", "watchdog", stack.team, (group,))
    return replace(bundle, rule_sets=(*bundle.rule_sets, rules))
