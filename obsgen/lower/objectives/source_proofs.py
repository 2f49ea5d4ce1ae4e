"""The tests of what an objective is measured by: its series may be gone, or count nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.proofs import InputSeries, Proof, ReadingAssertion, RenderedAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.lower import names
from obsgen.lower.objectives.alerting import STEADY_TRAFFIC, source
from obsgen.lower.objectives.course import MINUTE, Phase, whole_minutes
from obsgen.lower.objectives.feeding import fed
from obsgen.lower.objectives.scenarios import beyond, short_of, traffic
from obsgen.lower.objectives.subject import BEFORE, Place, Subject
from obsgen.lower.proofs import samples
from obsgen.lower.proofs.outcome import firing_labels, rendered_alert, state_of
from obsgen.lower.proofs.outside import kept_out
from obsgen.model.objectives import ObjectiveAlert
from obsgen.promql.series import NAME, series_text
from obsgen.units import Duration

# An hour of traffic has to lie an hour back; until then rates have to fill.
_STEADY = 130


def missing_proofs(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
    """Without its series it fires, whatever else there is; with them it does not."""
    labels = firing_labels(rule, (), {})
    end = whole_minutes(alert.pending) + 2
    before = [state_of(rule, MINUTE * (end - 3), ())] if end > 3 else []
    rendered = RenderedAssertion(MINUTE * end, tuple(rendered_alert(rule, one, 1.0) for one in labels))
    course = (Phase(end, traffic(subject.objective)),)
    sli = subject.objective.sli
    read = fed(sli, course) if source(sli) else [_recorded(subject, (samples.Phase(course[0].events, end + 1),))]
    gone = subject.proof(rule, "no data", "without any series of its own it fires", kept_out(read, [rule.expr]))
    yield replace(gone, states=(*before, state_of(rule, MINUTE * end, labels)), rendered=(rendered,))
    there = subject.proof(rule, "one short", "while there are series it is silent", subject.alone(course))
    yield replace(there, states=(state_of(rule, MINUTE * end, ()),))


def stopped_proofs(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
    """Traffic that was just enough to be called steady stops, beside some that was just too little."""
    sli, rate = subject.objective.sli, beyond(STEADY_TRAFFIC)
    base, waits = whole_minutes(subject.objective.base), whole_minutes(alert.pending)
    fires = _STEADY + base + waits + 1
    at = MINUTE * fires
    stopped, too_little = (
        (Phase(_STEADY, one), Phase(fires + 2 - _STEADY, 0.0)) for one in (rate, short_of(STEADY_TRAFFIC))
    )
    beside = subject.named("too-little")
    series = [*fed(sli, stopped), *subject.at(beside, too_little)]
    proof = subject.proof(rule, "just above", "when steady traffic stops it fires", series)
    # Of the rates that look back over the end of the traffic, the first to read 0 comes one evaluation early at most.
    waiting = [state_of(rule, MINUTE * (fires - BEFORE - 1), ())] if waits > BEFORE else []
    states = (state_of(rule, MINUTE * _STEADY, ()), *waiting, state_of(rule, at, [subject.labels(rule)]))
    rendered = RenderedAssertion(at, (rendered_alert(rule, subject.labels(rule), rate),))
    readings = _nothing_failed(subject, at, subject.place, beside)
    yield replace(proof, states=states, rendered=(rendered,), readings=(readings,))
    foreign = _recorded(subject, tuple(samples.Phase(one.events, one.minutes) for one in stopped))
    flowing = [*fed(sli, (Phase(fires, traffic(subject.objective)),)), *kept_out([foreign], [rule.expr])]
    goes_on = subject.proof(rule, "one short", "while traffic goes on it is silent", flowing)
    readings = _nothing_failed(subject, at, subject.place)
    yield replace(goes_on, states=(state_of(rule, at, ()),), readings=(readings,))


def _recorded(subject: Subject, phases: tuple[samples.Phase, ...]) -> InputSeries:
    """What is recorded of all events, as if it had been."""
    name = names.total_rate(subject.objective.base)
    return InputSeries(series_text({NAME: name, **subject.place, **subject.ids}), samples.gauge(phases))


def _nothing_failed(subject: Subject, at: Duration, *places: Place) -> ReadingAssertion:
    """In a quiet hour, and without any series of errors, the share of errors is 0: neither missing nor NaN."""
    ids = names.objective_selector(subject.component.name, subject.objective.name)
    ratio = names.error_ratio(str(subject.objective.base))
    nothing = tuple(({**place, **subject.ids}, 0.0) for place in places)
    return ReadingAssertion(at, f"{ratio}{{{ids}}} * 1", nothing)
