"""Where an alert comes from: its expression, who chose each value, who is told, and how it is proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from obsgen.diagnostics import Diagnosed, Diagnostic, did_you_mean
from obsgen.document import json_text
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import Route
from obsgen.ir.rules import AlertingRule
from obsgen.model.setting import Setting
from obsgen.model.stack import Component, Stack
from obsgen.printable import joined
from obsgen.promql.parse import prettify
from obsgen.report.columns import columns


@dataclass(frozen=True, slots=True)
class Explanation:
    """One alert at one severity of one component, or the fact that it is disabled."""

    alert: str
    severity: str
    component: str
    expr: str
    settings: tuple[Setting, ...]
    routes: tuple[tuple[str, ...], ...]
    runbook: str
    tests: tuple[tuple[str, int], ...]
    labels: tuple[tuple[str, str], ...]


def explain_alert(name: str, stack: Stack, bundle: Bundle) -> tuple[Explanation, ...]:
    """Every severity and component of the alert; `Diagnosed` where the spec has no such alert."""
    found = [
        *_enabled(name, stack, bundle),
        *(
            _disabled(setting, component)
            for component in stack.components
            for setting in (*component.disabled, *(s for one in component.objectives for s in one.disabled))
            if setting.name.split()[0] == name
        ),
    ]
    if not found:
        hint = did_you_mean(name, {rule.alert for rule in bundle.alerts}, noun="its alerts")
        raise Diagnosed([Diagnostic("OBS510", f"the stack '{stack.name}' has no alert '{name}'", hint=hint)])
    return tuple(found)


def _enabled(name: str, stack: Stack, bundle: Bundle) -> list[Explanation]:
    components = {component.name: component for component in stack.components}
    return [
        _explained(rule, rules.component, components.get(rules.component), bundle)
        for rules in bundle.rule_sets
        for rule in rules.alerts
        if rule.alert == name
    ]


def _explained(rule: AlertingRule, name: str, component: Component | None, bundle: Bundle) -> Explanation:
    alert = component.alert(rule.alert, rule.severity, rule.part) if component and not rule.objective else None
    kinds = Counter(proof.kind for proof in bundle.proofs_by_alert.get(rule.key, ()))
    settings = alert.settings if alert else _promised(rule, component)
    if rule.origin:
        settings = (Setting("declared", "", rule.origin), *settings)
    paths = bundle.routing.root.paths({"alertname": rule.alert, **rule.labels}) if bundle.routing else ()
    return Explanation(
        alert=rule.alert,
        severity=rule.severity,
        component=name,
        expr=prettify(rule.expr),
        settings=settings,
        routes=tuple(_steps(path) for path in paths),
        runbook=rule.annotations.get("runbook_url", ""),
        tests=tuple(kinds.items()),
        labels=tuple(rule.labels.items()),
    )


def _promised(rule: AlertingRule, component: Component | None) -> tuple[Setting, ...]:
    """Who chose what the alert of an objective goes by."""
    found = [one for one in component.objectives if one.name == rule.objective] if component else []
    return found[0].settings if found else ()


def _steps(path: Sequence[Route]) -> tuple[str, ...]:
    """The matchers of each node on the way, and the receiver at its end."""
    nodes = (" ".join(f"{one.name}{one.op}{one.value}" for one in route.matchers) for route in path)
    return (*(node or "root" for node in nodes), path[-1].receiver)


def _disabled(setting: Setting, component: Component) -> Explanation:
    name, _, severity = setting.name.partition(" ")
    return Explanation(name, severity or "every severity", component.name, "", (setting,), (), "", (), ())


def render_explanations(explanations: Sequence[Explanation], form: str) -> str:
    """The explanations as `text` or `json`."""
    if form == "json":
        return json_text([_body(one) for one in explanations]).rstrip("\n")
    return "\n\n".join(joined(_lines(one)) for one in explanations)


def _lines(one: Explanation) -> Iterator[str]:
    objective = dict(one.labels).get("objective")
    about = f", objective {objective}" if objective else ""
    title = f"{one.alert} ({one.severity}) of {one.component}{about}"
    if not one.expr:
        yield f"{title}: disabled"
        yield f"  {one.settings[0].text:<28} {one.settings[0].origin}"
        return
    yield from (title, "  fires when", *(f"    {line}" for line in one.expr.splitlines()))
    values = columns((_value(setting), str(setting.origin)) for setting in one.settings)
    yield from ("  values, and where each was chosen", *(f"    {line}" for line in values))
    yield f"  labels   {', '.join(f'{name}={value}' for name, value in one.labels)}"
    yield from ("  told", *(f"    {' > '.join(path[:-1])} > {path[-1]}" for path in one.routes))
    yield f"  runbook  {one.runbook}"
    tests = ", ".join(f"{kind} ×{count}" if count > 1 else kind for kind, count in one.tests) or "none"
    yield f"  tests    {tests}"


def _value(setting: Setting) -> str:
    return f"{setting.name} {setting.text}".strip()


def _body(one: Explanation) -> dict[str, object]:
    return {
        "alert": one.alert,
        "severity": one.severity,
        "component": one.component,
        "enabled": bool(one.expr),
        "expr": one.expr,
        "values": [{"name": each.name, "value": each.text, "origin": str(each.origin)} for each in one.settings],
        "labels": dict(one.labels),
        "routes": [list(path) for path in one.routes],
        "runbook_url": one.runbook,
        "tests": dict(one.tests),
    }
