"""Pass: which alert explains which others, so that these stay unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import InhibitRule
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
    rules = (*_graded(bundle), *_explained(stack), *_foreign(stack), *own)
    return replace(bundle, routing=replace(bundle.routing, inhibit_rules=rules))


def _graded(bundle: Bundle) -> Iterator[InhibitRule]:
    """An alert's critical form silences its warning and info forms, on the very same labels."""
    severities: dict[str, set[Severity]] = {}
    for rule in bundle.alerts:
        severities.setdefault(rule.alert, set()).add(rule.severity)
    graded = {name for name, found in severities.items() if len(found) > 1}
    # Labels that both lack count as equal, and alerts of one name have the same labels: so the
    # union over all of them tells instances apart and never joins what is different.
    identity = _identities(bundle)
    labels = {label for name in graded for label in identity.get(name, ())}
    told = {"objective"} & {label for rule in bundle.alerts if rule.alert in graded for label in rule.labels}
    equal = tuple(sorted({"alertname", "component"} | told | labels))
    for source, target in _GRADES:
        if any({source, target} <= severities[name] for name in graded):
            yield InhibitRule(
                f"{source}-silences-{target}",
                (Matcher("severity", "=", source),),
                (Matcher("severity", "=", target), _UNACTING),
                equal,
            )


def _foreign(stack: Stack) -> Iterator[InhibitRule]:
    """The inhibition that belongs to kube-prometheus' InfoInhibitor: it fires where info alerts are alone.

    It mutes the installation's: where those of the spec go, the spec says.
    """
    if _INFO_INHIBITOR in stack.routing.foreign:
        source = Matcher("alertname", "=", _INFO_INHIBITOR), Matcher("severity", "=", "none")
        target = Matcher("severity", "=", "info"), Matcher("component", "=", ""), _UNACTING
        yield InhibitRule("info-inhibitor", (*source, Matcher("namespace", "!=", "")), target, ("namespace",))


def _identities(bundle: Bundle) -> Mapping[str, set[str]]:
    """By alert the labels in which its instances differ, as its tests see them fire."""
    static: dict[str, set[str]] = {}
    for rule in bundle.alerts:
        static.setdefault(rule.alert, set()).update(rule.labels)
    found: dict[str, set[str]] = {}
    for proof in bundle.proofs:
        seen = found.setdefault(proof.alert, set())
        seen.update(label for state in proof.states for labels in state.labels for label in labels)
    # The cluster tells them apart even where each rule sets it: clusters may share an Alertmanager.
    alike = {alert: labels - {"cluster"} for alert, labels in static.items()}
    return {alert: seen - alike.get(alert, set()) - {"alertname", "alertstate"} for alert, seen in found.items()}


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
