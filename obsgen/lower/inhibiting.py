"""Pass: which alert explains which others, so that these stay unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import InhibitRule
from obsgen.ir.rules import AlertingRule
from obsgen.lower.identity import Identities
from obsgen.model.stack import Alert, Component, Explains, Stack
from obsgen.promql.matcher import Matcher
from obsgen.spec.layers import SEVERITIES, Severity

# What starts something is never kept from starting it.
_UNACTING = Matcher("action", "=", "")
_INFO_INHIBITOR = "InfoInhibitor"
# Above these a lesser form of an alert is silenced by a graver one.
_GRADES: tuple[tuple[Severity, Severity], ...] = (("critical", "warning"), ("critical", "info"), ("warning", "info"))


def inhibitions(stack: Stack, bundle: Bundle) -> Bundle:
    """Graver forms of an alert, causes that packs know of, and what the spec adds."""
    assert bundle.routing is not None
    own = (InhibitRule(one.name, one.source, one.target, one.equal, one.origin) for one in stack.routing.inhibitions)
    rules = (*_graded(stack, bundle), *_explained(stack), *_foreign(stack), *own)
    return replace(bundle, routing=replace(bundle.routing, inhibit_rules=rules))


def _graded(stack: Stack, bundle: Bundle) -> Iterator[InhibitRule]:
    """An alert's critical form silences its warning and info forms, on the very same labels."""
    forms: dict[str, list[AlertingRule]] = {}
    for rule in bundle.alerts:
        forms.setdefault(rule.alert, []).append(rule)
    severities = {name: {rule.severity for rule in rules} for name, rules in forms.items()}
    graded = [rule for name, rules in forms.items() if len(severities[name]) > 1 for rule in rules]
    equal = tuple(sorted(_telling_apart(graded, Identities(stack, bundle))))
    for source, target in _GRADES:
        if any({source, target} <= found for found in severities.values()):
            yield InhibitRule(
                f"{source}-silences-{target}",
                (Matcher("severity", "=", source),),
                (Matcher("severity", "=", target), _UNACTING),
                equal,
            )


def _telling_apart(graded: Sequence[AlertingRule], identities: Identities) -> set[str]:
    """Every label in which two alerts of a name can differ without being forms of each other.

    Labels that both lack count as equal, and forms of one alert have the same labels: so the union over all of them
    tells instances apart and never joins what is different.
    """
    # The cluster tells them apart even where each rule sets it: clusters may share an Alertmanager.
    found = {"alertname", "component", "cluster"} | ({"objective"} if any(rule.objective for rule in graded) else set())
    forms: dict[tuple[str, ...], list[AlertingRule]] = {}
    for rule in graded:
        forms.setdefault((rule.labels["component"], rule.alert, rule.objective, rule.part), []).append(rule)
    for rules in forms.values():
        for label in set[str]().union(*map(identities.of, rules)):
            # What a form writes otherwise than the others would keep it from ever being silenced.
            if len({rule.labels.get(label) for rule in rules}) == 1:
                found.add(label)
    return found


def _foreign(stack: Stack) -> Iterator[InhibitRule]:
    """The inhibition that belongs to kube-prometheus' InfoInhibitor: it fires where info alerts are alone.

    It mutes the installation's: where those of the spec go, the spec says.
    """
    if _INFO_INHIBITOR in stack.routing.foreign:
        source = Matcher("alertname", "=", _INFO_INHIBITOR), Matcher("severity", "=", "none")
        target = Matcher("severity", "=", "info"), Matcher("component", "=", ""), _UNACTING
        yield InhibitRule("info-inhibitor", (*source, Matcher("namespace", "!=", "")), target, ("namespace",))


def _explained(stack: Stack) -> Iterator[InhibitRule]:
    """Causes that a pack knows of: a dead machine explains what ran on it."""
    for component in stack.components:
        for alert, severities in _causes(component):
            for place, explains in enumerate(alert.explains, start=1):
                target = _target(explains, component, stack)
                if target:
                    name = f"{component.name}-{alert.name}" + (f"-{place}" if place > 1 else "")
                    source = (
                        Matcher("alertname", "=", alert.name),
                        Matcher("component", "=", component.name),
                        *_one_of("severity", severities),
                    )
                    yield _caused(name, source, explains, target)


def _causes(component: Component) -> Iterator[tuple[Alert, set[Severity]]]:
    """Each alert that explains others, at its gravest; where a spec divides it, with the gravest of each part."""
    graded = sorted(component.alerts, key=_gravity, reverse=True)
    gravest = {(alert.name, alert.part.name): alert for alert in graded if alert.explains}
    for name in dict.fromkeys(name for name, _ in gravest):
        parts = [alert for (of, _), alert in gravest.items() if of == name]
        yield parts[0], {alert.severity for alert in parts}


def _gravity(alert: Alert) -> int:
    return SEVERITIES.index(alert.severity)


def _target(explains: Explains, component: Component, stack: Stack) -> tuple[Matcher, ...]:
    """What is explained; nothing where the stack has nothing of the kind."""
    if explains.alerts:
        named = _one_of("alertname", {one.name for one in component.alerts if one.name in explains.alerts})
        return (Matcher("component", "=", component.name), *named) if named else ()
    if explains.absences:
        return _one_of("alertname", {one.name for other in stack.components for one in other.alerts if one.absent})
    if explains.layers:
        here = {component.layer for component in stack.components}
        return _one_of("layer", (layer for layer in explains.layers if layer in here))
    return _one_of("component", (one.name for one in stack.components if one.pack in explains.packs))


def _one_of(label: str, values: Iterable[str]) -> tuple[Matcher, ...]:
    known = sorted(values)
    if not known:
        return ()
    return (Matcher(label, "=", known[0]) if len(known) == 1 else Matcher(label, "=~", "|".join(known)),)


def _caused(name: str, source: tuple[Matcher, ...], explains: Explains, target: tuple[Matcher, ...]) -> InhibitRule:
    # Labels that both sides lack would count as equal: the cause must have them all.
    guards = tuple(Matcher(label, "!=", "") for label in explains.equal)
    kept = () if explains.pages else (Matcher("severity", "!=", "critical"),)
    # Only what wakes someone may keep a page from waking someone.
    waking = (Matcher("tier", "!=", "P2"),) if explains.pages else ()
    return InhibitRule(
        name,
        (*source, *waking, *guards),
        # Nothing explains itself.
        (*target, replace(source[0], op="!="), _UNACTING, *kept),
        explains.equal,
        explains.origin,
    )
