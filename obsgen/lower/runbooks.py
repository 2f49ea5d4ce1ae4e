"""Pass: a page for each component that says what to do about each of its alerts."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.bundle import Bundle, RunbookPage
from obsgen.ir.rules import AlertingRule
from obsgen.lower.names import WATCHDOG
from obsgen.model.stack import Component, Stack

_WATCHDOG_PAGE = f"""# Watchdog

## {WATCHDOG}

**Meaning.** This alert fires at all times. It proves that rules are evaluated, that Alertmanager routes and that the
receiver at the far end listens.

**Impact.** None while it fires. When its receiver stops hearing it, no other alert would arrive either.

**Diagnosis.** Follow the alert's way: `ALERTS{{alertname="{WATCHDOG}"}}` in Prometheus, then
`amtool alert query alertname={WATCHDOG}`, then `alertmanager_notifications_failed_total`.

**Mitigation.** Repair the first link in that chain that is broken; until then watch the dashboards by eye.
"""


def runbooks(stack: Stack, bundle: Bundle) -> Bundle:
    """One page for each component with alerts; alerts that are disabled have no section."""
    rules = {one.component: one.alerts for one in bundle.rule_sets}
    pages = [
        RunbookPage(component.name, _page(component, rules[component.name]))
        for component in stack.components
        if rules.get(component.name)
    ]
    if stack.routing.watchdog:
        pages.append(RunbookPage("watchdog", _WATCHDOG_PAGE))
    return replace(bundle, runbooks=tuple(pages))


def _page(component: Component, rules: tuple[AlertingRule, ...]) -> str:
    parts = [f"# {component.runbook.title or component.title}: {component.name}", component.runbook.preface]
    for name in dict.fromkeys(rule.alert for rule in rules):
        of_name = [rule for rule in rules if rule.alert == name]
        section = component.runbook.sections.get(name, "")
        parts += [f"## {name}", _summary(of_name), section]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(rules: list[AlertingRule]) -> str:
    """The severities and how long each waits, as this component has them."""
    parts = []
    for part in dict.fromkeys(rule.part for rule in rules):
        graded = ", ".join(f"{rule.severity} after {rule.pending}" for rule in rules if rule.part == part)
        parts.append(f"override {part}: {graded}" if part else graded)
    return f"*{rules[0].annotations['summary']}* ({'; '.join(parts)})"
