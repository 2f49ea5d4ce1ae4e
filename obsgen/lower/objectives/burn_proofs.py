"""The tests of burn rates: when an alert fires and ends by the formula, and what comes just short of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.proofs import Proof, RenderedAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.lower.objectives.course import MINUTE, Phase, Watch, burning, first, last, whole_minutes
from obsgen.lower.objectives.edges import edges
from obsgen.lower.objectives.scenarios import (
    OUTAGE_MINUTES,
    beyond,
    outage,
    short_of,
    step,
    traffic,
    window_scenario,
)
from obsgen.lower.objectives.subject import AFTER, BEFORE, Subject
from obsgen.lower.proofs.outcome import state_of
from obsgen.model.objectives import ObjectiveAlert, fails_in_part
from obsgen.units import number_text

# Tests of more minutes than this are evaluated every five: their cost grows with the square of the evaluations.
_OFTEN = 600
# Errors end; the short window has to empty before the alert ends.
_RECOVERY = 30
# Evaluated as often as rates look back, a short window still has to hold this many of them.
_IN_A_WINDOW = 12


def burn_proofs(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
    """Every test of the alert at this severity."""
    if fails_in_part(subject.objective.sli):
        for place in range(len(alert.windows)):
            yield _window(subject, alert, rule, place)
        yield from _edges(subject, alert, rule)
    else:
        yield _all(subject, rule)
        yield _step(subject, alert, rule)
    yield _outage(subject, alert, rule)


def _all(subject: Subject, rule: AlertingRule) -> Proof:
    """While everything fails it fires, and says so; beside it nothing does."""
    objective = subject.objective
    end = subject.patience(rule.alert) + whole_minutes(objective.base) + 2 * AFTER
    failing = Phase(end, traffic(objective), 1.0)
    at = MINUTE * end
    proof = subject.proof(rule, "just above", "while everything fails it fires", subject.alone((failing,)))
    rendered = RenderedAssertion(at, tuple(subject.told(rule.alert, [(1.0, subject.place)])))
    return replace(proof, states=(state_of(rule, at, [subject.labels(rule)]),), rendered=(rendered,))


def _step(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Proof:
    """By the formula: how long everything has to fail tells the threshold."""
    objective, patience = subject.objective, subject.patience(rule.alert)
    longest = sum(whole_minutes(one.long) for one in alert.windows)
    every = 1 if longest <= _OFTEN else whole_minutes(objective.base)
    failing, ends = step(objective, alert.windows, patience, every)
    held = burning(Watch.of(objective, alert.windows, every), failing)
    start, end = held.index(True), len(held) - 1
    fires = min(end, start + -(-whole_minutes(alert.pending) // every) + AFTER)
    at = MINUTE * every
    quiet = [state_of(rule, at * (start - BEFORE), ())] if start > BEFORE else []
    title = "a failure fires in time, not one that ends before"
    proof = subject.proof(rule, "step", title, subject.beside(failing, ends))
    fired = state_of(rule, at * fires, [subject.labels(rule)])
    return replace(proof, interval=at, spacing=MINUTE, states=(*quiet, fired))


def _window(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule, place: int) -> Proof:
    """By the formula: silent until it says so, firing from then on; beside it, one per cent lower, never."""
    objective, patience = subject.objective, subject.patience(rule.alert)
    window = alert.windows[place]
    share, below = beyond(window.threshold), short_of(window.threshold)
    phases, others = (window_scenario(objective, alert.windows[place:], one, patience) for one in (share, below))
    every = 1 if sum(phase.minutes for phase in phases) <= _OFTEN else whole_minutes(objective.base)
    step = MINUTE * every
    held = burning(Watch.of(objective, alert.windows, every), phases)
    too_long = first(burning(Watch.of(objective, alert.windows, every), others))
    # Where time is the healthy past, a longer window may in the end see even the lower share.
    start, end = first(held), (len(held) if too_long is None else too_long - BEFORE) - 1
    title = f"over {window.long} it fires in time just above {number_text(window.threshold)}, never just below"
    proof = replace(
        subject.proof(rule, "just above", title, subject.beside(phases, others)), interval=step, spacing=MINUTE
    )
    if start is None:
        return replace(proof, states=(state_of(rule, step * end, ()),))
    fires = min(end, start + -(-whole_minutes(alert.pending) // every) + AFTER)
    quiet = [state_of(rule, step * (start - BEFORE), ())] if start > BEFORE + 2 else []
    states = [*quiet, *(state_of(rule, step * at, [subject.labels(rule)]) for at in dict.fromkeys((fires, end)))]
    steady = [(share, subject.place), *((below, other) for other in subject.others)]
    last_one = place == len(alert.windows) - 1
    rendered = [RenderedAssertion(step * end, tuple(subject.told(rule.alert, steady)))] if last_one else []
    return replace(proof, states=tuple(states), rendered=tuple(rendered))


def _outage(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Proof:
    """A step to nothing but errors, and back: first and last firing by the formula."""
    objective = subject.objective
    slowest, fastest = (pick(whole_minutes(window.short) for window in alert.windows) for pick in (max, min))
    phases = outage(objective, slowest + _RECOVERY)
    often = whole_minutes(objective.base)
    every = often if fastest >= often * _IN_A_WINDOW else 1
    at, pending = MINUTE * every, -(-whole_minutes(alert.pending) // every)
    held = burning(Watch.of(objective, alert.windows, every), phases)
    title = f"an outage of {OUTAGE_MINUTES}m fires and resolves in time"
    proof = replace(subject.proof(rule, "step", title, subject.alone(phases)), interval=at, spacing=MINUTE)
    start, end = first(held), last(held)
    if start is None or end is None or end - start <= pending + AFTER:
        return replace(proof, states=(state_of(rule, MINUTE * phases[0].minutes, ()),))
    ends = end + -(-whole_minutes(alert.keep_firing_for) // every) + AFTER + 1
    states = (
        state_of(rule, at * (start - BEFORE), ()),
        state_of(rule, at * (start + pending + AFTER), [subject.labels(rule)]),
        state_of(rule, at * ends, ()),
    )
    return replace(proof, states=states)


def _edges(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
    """Groups that each come just short of one comparison, and some that have just enough failed events in the end."""
    drawn = edges(subject.objective, alert)
    if drawn is None:
        return
    series = [one for edge in drawn.courses for one in subject.at(subject.named(edge.name), edge.phases)]
    fired = [subject.labels(rule, subject.named(edge.name)) for edge in drawn.courses if edge.fires]
    proof = subject.proof(rule, "one short", "just short of one comparison at a time it is silent", series)
    states = (state_of(rule, MINUTE * drawn.before, ()), state_of(rule, MINUTE * drawn.end, fired))
    yield replace(proof, interval=MINUTE * drawn.every, spacing=MINUTE, states=states)
