"""Alert policies: compared with the windows in which obsgen notices a burning budget, never taken over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings
from obsgen.exchange.node import Node
from obsgen.exchange.openslo.references import References
from obsgen.spec.mistakes import validate
from obsgen.spec.objectives import WindowsSpec
from obsgen.spec.shipped import shipped
from obsgen.spec.source import parse_yaml, read_text
from obsgen.units import Duration

# How far a factor may be from obsgen's own and still mean the same: 14.4 is often written as 14.
_ABOUT = 0.05
_MONTH = Duration.parse("30d")


def note_policies(spec: Node, period: str, references: References, found: Findings) -> None:
    """A warning for each condition that obsgen's alerts of this period do not have, and for what else is lost."""
    written = spec.get("alertPolicies")
    for entry in written.items() if written else ():
        try:
            policy = _document(entry, "AlertPolicy", "alertPolicyRef", references).need("spec")
            for condition in _entries(policy, "conditions"):
                body = _document(condition, "AlertCondition", "conditionRef", references).need("spec")
                found.add(*_differences(body.need("condition"), period))
        except Diagnosed as mistakes:
            # The objective does not need its policies: what is wrong with them does not keep it out.
            found.add(*(replace(one, level="warning") for one in mistakes.diagnostics))
            continue
        targets = policy.get("notificationTargets")
        if targets:
            found.add(targets.lost("targets of notifications are not taken over", "name receivers under `routing`"))


def _document(entry: Node, kind: str, field: str, references: References) -> Node:
    """A document written in place, or named by a field or by itself."""
    reference = entry.get(field) or (entry if isinstance(entry.content, str) else None)
    return references.named(kind, reference) if reference else entry


def _entries(policy: Node, field: str) -> Iterator[Node]:
    written = policy.get(field)
    yield from written.items() if written else ()


def _differences(condition: Node, period: str) -> Iterator[Diagnostic]:
    threshold, window = condition.need("threshold"), condition.need("lookbackWindow")
    factors = _factors(period)
    factor = factors.get(str(_duration(window)))
    if factor is None or abs(threshold.number() / factor - 1) > _ABOUT:
        shown = ", ".join(f"{factor:.4g} times over {long}" for long, factor in factors.items())
        message = f"a burn rate of {threshold.text()} over {window.text()} is not one that ErrorBudgetBurn looks for"
        yield condition.lost(message, f"it fires at {shown}")
    after = condition.get("alertAfter")
    if after and _duration(after).milliseconds:
        hint = "a short window beside the long one takes its place; or write `for` under the objective's alerts"
        yield after.lost(f"the alert's delay of {after.text()} is not taken over", hint)


def _duration(node: Node) -> Duration:
    try:
        return Duration.parse(node.text())
    except ValueError as error:
        raise node.mistake("OBS114", str(error)) from None


def _factors(period: str) -> dict[str, float]:
    """How many times faster than sustainable a budget burns, by the long window in which that is noticed."""
    span = _MONTH if period == "month" else Duration.parse(period)
    table = next(one for one in _tables() if one.periods.from_ <= span <= one.periods.to)
    return {
        str(window.long): window.budget.value * span.seconds / window.long.seconds
        for windows in table.tiers.values()
        for window in windows
    }


@lru_cache(maxsize=1)
def _tables() -> tuple[WindowsSpec, ...]:
    files = sorted((shipped("config") / "windows").glob("*.yaml"))
    return tuple(validate(WindowsSpec, parse_yaml(read_text(file), file.name)) for file in files)
