"""Labels that tests see alerts fire with, and that inhibition does not know."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.model.stack import Stack

_OF_ONE_ALERT = {"alertname", "component"}


def untold_label(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A label that differs between alerts of a name, so that the graver one silences a lesser one of another value.

    Inhibitions are made from what a component says of its series; its tests may know more, and then say so.
    """
    del stack
    assert bundle.routing is not None
    told = [equal for rule in bundle.routing.inhibit_rules if (equal := frozenset(rule.equal)) >= _OF_ONE_ALERT]
    if not told:
        return
    severities: dict[str, set[str]] = {}
    for rule in bundle.alerts:
        severities.setdefault(rule.alert, set()).add(rule.severity)
    proofs_of = bundle.proofs_by_alert
    reported = set[tuple[str, str, str]]()
    for rule in bundle.alerts:
        if len(severities[rule.alert]) < 2:
            continue
        fired = (labels for proof in proofs_of.get(rule.key, ()) for state in proof.states for labels in state.labels)
        seen = {label for labels in fired for label in labels} - rule.labels.keys() - {"alertstate"}
        for label in sorted(seen - frozenset.intersection(*told)):
            key = rule.labels["component"], rule.alert, label
            if key not in reported:
                reported.add(key)
                yield _diagnostic(rule, label)


def _diagnostic(rule: AlertingRule, label: str) -> Diagnostic:
    message = (
        f"'{rule.alert}' fires with the label '{label}' in its tests, and nothing else names it: "
        f"where it is grave for one '{label}', what it says of others stays unsaid"
    )
    hint = f"show it in the description, as {{{{ $labels.{label} }}}}, or give it to the feed of the signal"
    return Diagnostic("OBS280", message, rule.place("description"), hint, "warning")
