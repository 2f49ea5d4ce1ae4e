"""Checks of alerts: that whoever is woken learns what is wrong, and that each alert is proved."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.lower.names import WATCHDOG
from obsgen.model.stack import Component, Stack
from obsgen.promql.labels import label_flow
from obsgen.promql.template import labels_used

_TO_SAY = "say what it means, what it does to users, how to look closer and what to do"


def alert_without_runbook(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert whose runbook link would lead nowhere."""
    del bundle
    for component in stack.components:
        for name in dict.fromkeys(alert.name for alert in component.alerts):
            own = next(alert for alert in component.alerts if alert.name == name)
            if not component.runbook.sections.get(name) and own.origin.file == component.places.root.file:
                empty = name in component.runbook.sections
                message = (
                    f"the runbook's section '## {name}' is empty"
                    if empty
                    else f"the runbook has no section '## {name}'"
                )
                hint = _TO_SAY if empty else _section_hint(name, component)
                yield Diagnostic("OBS410", message, component.runbook.place(name), hint)


def _section_hint(name: str, component: Component) -> str:
    named = {alert.name for alert in component.alerts} | {one.name.split()[0] for one in component.disabled}
    spare = [heading for heading in component.runbook.sections if heading not in named]
    near = get_close_matches(name, spare, n=1)
    if near:
        return f"there is '## {near[0]}', which names no alert: correct it"
    return _TO_SAY


def loose_summary(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A summary is one plain sentence: it groups notifications, so nothing in it may vary."""
    del stack
    for rule in bundle.alerts:
        summary = rule.annotations["summary"]
        if "{{" in summary or not summary.endswith("."):
            message = f"the summary of '{rule.alert}' is not one fixed sentence: '{summary}'"
            hint = "end it with a period, and put labels and values into the description"
            yield Diagnostic("OBS411", message, rule.place("summary"), hint)


def dropped_label(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A label that an annotation or an inhibition needs but that the expression removes."""
    del stack
    recorded = {name: rule.expr for name, rule in bundle.recordings.items()}
    for rule in bundle.alerts:
        if rule.objective:
            continue  # its labels are those that it is grouped by
        flow = label_flow(rule.expr, recorded)
        texts = {**rule.annotations, **{f"labels.{name}": text for name, text in rule.labels.items()}}
        for field, label in sorted({(field, name) for field, text in texts.items() for name in labels_used(text)}):
            # A rule's own labels come after its texts are filled in: only what the series carry can be shown.
            if not flow.can_have(label):
                message = f"an annotation of '{rule.alert}' shows the label '{label}', which the expression drops"
                hint = f"keep it: aggregate by (cluster, {label}, …), or leave it out of the text"
                yield Diagnostic("OBS412", message, rule.place(field), hint)


def unproved_alert(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert that no test sees fire, or that no test sees silent."""
    proofs_of = bundle.proofs_by_alert
    for rule in bundle.alerts:
        proofs = proofs_of.get(rule.key, ())
        silent = rule.alert == WATCHDOG or any(proof.stays_silent for proof in proofs)
        lacking = [
            *([] if any(proof.fires for proof in proofs) else ["fire"]),
            *([] if silent else ["stay silent"]),
        ]
        if lacking:
            message = f"no test sees '{rule.alert}' ({_which(rule)}) {' or '.join(lacking)}"
            yield Diagnostic("OBS413", message, rule.origin, _proof_hint(rule, stack))


def _which(rule: AlertingRule) -> str:
    return f"{rule.severity}, override '{rule.part}'" if rule.part else rule.severity


def _proof_hint(rule: AlertingRule, stack: Stack) -> str:
    """A spec has no tests of its own, so what it adds can only be proved through its signals."""
    packs = {component.name: component.places.root.file for component in stack.components}
    if rule.origin and rule.origin.file == packs.get(rule.labels["component"]):
        return "give each of its signals a 'feed', or write the cases in tests.yaml"
    return "compare signals that have a 'feed' in 'when' or 'all', or put the alert into a pack with tests.yaml"


def untested_annotations(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert whose rendered text no test compares."""
    del stack
    proofs_of = bundle.proofs_by_alert
    for rule in bundle.alerts:
        proofs = proofs_of.get(rule.key, ())
        if any(proof.fires for proof in proofs) and not any(proof.rendered for proof in proofs):
            message = f"no test compares the annotations of '{rule.alert}' ({_which(rule)})"
            hint = "give one 'fires' expectation in tests.yaml the 'value' that the alert then shows"
            yield Diagnostic("OBS414", message, rule.origin, hint)


def repeated_alert(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Two rules with one name and the same labels: nobody could tell their alerts apart."""
    del stack
    seen: set[tuple[str, str, tuple[tuple[str, str], ...]]] = set()
    for rule in bundle.alerts:
        # The parts of a divided alert have different series.
        key = (rule.alert, rule.part, tuple(sorted(rule.labels.items())))
        if key in seen:
            message = f"two rules are called '{rule.alert}' and carry the same labels"
            yield Diagnostic("OBS415", message, rule.origin, "rename one, or give it a label of its own")
        seen.add(key)
