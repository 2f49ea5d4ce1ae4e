"""A fire drill in words: what will be sent to whom, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.ir.drills import Drill, DrillAlert
from obsgen.live.drill import Drilled, Outcome
from obsgen.printable import joined
from obsgen.report.columns import columns


def plan_text(drill: Drill, where: str, wait: str) -> str:
    """What the drill would do."""
    lines = [f"Drill {drill.name}: {_count(len(drill.alerts))} to {where}, ended after {wait}."]
    lines += columns([("TEAM", "TIER", "HEARS NOW", "SLEEPS NOW"), *map(_planned, drill.alerts)])
    lines += [f"While it lasts, the inhibition '{name}' may hide real alerts." for name in drill.silences]
    return joined(lines)


def outcome_text(outcome: Outcome) -> str:
    """What Alertmanager did."""
    rows = [("TEAM", "TIER", "", "RECEIVERS"), *(row for one in outcome.alerts for row in _found(one))]
    wrong = sum(bool(one.faults) for one in outcome.alerts)
    right = len(outcome.alerts) - wrong
    lines = [*columns(rows), f"{_count(right)} as the spec says, {wrong} otherwise."]
    if not outcome.ended:
        lines.append("Alertmanager has not ended all of them yet; they end by themselves within minutes.")
    return joined(lines)


def _planned(alert: DrillAlert) -> tuple[str, ...]:
    awake = [f"{one.receiver} (after {one.wait})" for one in alert.hearers if one.now]
    asleep = [one.receiver for one in alert.hearers if not one.now]
    return alert.team, alert.tier, ", ".join(awake) or "no receiver", ", ".join(asleep)


def _found(one: Drilled) -> Iterator[tuple[str, ...]]:
    receivers = ", ".join(sorted(one.receivers)) or "no receiver"
    yield one.alert.team, one.alert.tier, "WRONG" if one.faults else "ok", receivers
    yield from (("", "", "", text) for text in (*one.faults, *one.notes))


def _count(number: int) -> str:
    return f"{number} alert{'' if number == 1 else 's'}"
