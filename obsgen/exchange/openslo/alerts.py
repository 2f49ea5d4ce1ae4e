"""Alert policies: how long they wait is taken over, when they notice a burning budget only compared with obsgen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings
from obsgen.exchange.node import Node
from obsgen.exchange.openslo.references import References
from obsgen.exchange.taken import duration_of
from obsgen.spec.mistakes import validate
from obsgen.spec.objectives import WindowsSpec
from obsgen.spec.shipped import shipped
from obsgen.spec.source import parse_yaml, read_text
from obsgen.units import Duration

# How far a factor may be from obsgen's own and still mean the same: 14.4 is often written as 14.
_ABOUT = 0.05
_MONTH = Duration.parse("30d")
_NO_DELAY = Duration(0)


@dataclass(frozen=True, slots=True)
class _Window:
    """A long window that obsgen watches, how many times the sustainable rate it looks for, and who hears of it."""

    factor: float
    severity: str


@dataclass(frozen=True, slots=True)
class _Delay:
    """How long one condition waits before its alert of a severity fires, and the field that says so."""

    severity: str
    span: Duration
    written: Node | None

    def lost(self, hint: str) -> Iterator[Diagnostic]:
        """The warning that it does not wait; none where it would not have."""
        if self.written and self.span.milliseconds:
            yield self.written.lost(f"the alert's delay of {self.written.text()} is not taken over", hint)


def alerts_of(spec: Node, period: str, references: References, found: Findings) -> dict[str, Any]:
    """What the policies change in obsgen's alerts; a warning for all that obsgen's alerts of this period lack."""
    written = spec.get("alertPolicies")
    delays: list[_Delay] = []
    for entry in written.items() if written else ():
        try:
            policy = _document(entry, "AlertPolicy", "alertPolicyRef", references).need("spec")
            for condition in _entries(policy, "conditions"):
                body = _document(condition, "AlertCondition", "conditionRef", references).need("spec")
                delays.extend(_delays(body.need("condition"), period, found))
        except Diagnosed as mistakes:
            # The objective does not need its policies: what is wrong with them does not keep it out.
            found.add(*(replace(one, level="warning") for one in mistakes.diagnostics))
            continue
        targets = policy.get("notificationTargets")
        if targets:
            found.add(targets.lost("targets of notifications are not taken over", "name receivers under `routing`"))
    severities = dict(_pending(delays, found))
    return {"ErrorBudgetBurn": {"severities": severities}} if severities else {}


def _document(entry: Node, kind: str, field: str, references: References) -> Node:
    """A document written in place, or named by a field or by itself."""
    reference = entry.get(field) or (entry if isinstance(entry.content, str) else None)
    return references.named(kind, reference) if reference else entry


def _entries(policy: Node, field: str) -> Iterator[Node]:
    written = policy.get(field)
    yield from written.items() if written else ()


def _delays(condition: Node, period: str, found: Findings) -> Iterator[_Delay]:
    """The delay of a condition that obsgen looks for too; a warning for any other."""
    threshold, window = condition.need("threshold"), condition.need("lookbackWindow")
    after = condition.get("alertAfter")
    windows = _windows(period)
    own = windows.get(str(duration_of(window)))
    delay = _Delay(own.severity if own else "", duration_of(after) if after else _NO_DELAY, after)
    if own and abs(threshold.number() / own.factor - 1) <= _ABOUT:
        yield delay
        return
    shown = ", ".join(f"{one.factor:.4g} times over {long}" for long, one in windows.items())
    message = f"a burn rate of {threshold.text()} over {window.text()} is not one that ErrorBudgetBurn looks for"
    found.add(condition.lost(message, f"it fires at {shown}"), *delay.lost("write `for` under the objective's alerts"))


def _pending(delays: list[_Delay], found: Findings) -> Iterator[tuple[str, Any]]:
    """One delay for each severity: the shortest, as no condition may be noticed later than it says."""
    for severity in dict.fromkeys(delay.severity for delay in delays):
        own = [delay for delay in delays if delay.severity == severity]
        shortest = min(delay.span.milliseconds for delay in own)
        for delay in own:
            if delay.span.milliseconds > shortest:
                found.add(*delay.lost(f"all alerts of the severity {severity} wait as long as the shortest of them"))
        if shortest:
            yield severity, {"for": str(Duration(shortest))}


def _windows(period: str) -> dict[str, _Window]:
    """By the long window in which a burning budget is noticed: how fast it burns, and for whom."""
    span = _MONTH if period == "month" else Duration.parse(period)
    table = next(one for one in _tables() if one.periods.from_ <= span <= one.periods.to)
    return {
        str(window.long): _Window(window.budget.value * span.seconds / window.long.seconds, severity)
        for severity, windows in table.tiers.items()
        for window in windows
    }


@lru_cache(maxsize=1)
def _tables() -> tuple[WindowsSpec, ...]:
    files = sorted((shipped("config") / "windows").glob("*.yaml"))
    return tuple(validate(WindowsSpec, parse_yaml(read_text(file), file.name)) for file in files)
