"""The tests of an alert on series that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from obsgen.ir.proofs import InputSeries, Proof, RenderedAssertion, StateAssertion
from obsgen.lower.proofs import samples
from obsgen.lower.proofs.derived import Subject
from obsgen.lower.proofs.outcome import firing_labels, rendered_alert, state_of
from obsgen.lower.proofs.outside import kept_out
from obsgen.lower.proofs.timing import STALE_AFTER
from obsgen.promql.parse import selectors
from obsgen.promql.selector import example_series


def absence_proofs(subject: Subject) -> tuple[Proof, ...]:
    """Fires when nothing was ever there or what was there is gone; silent while it is there."""
    labels = firing_labels(subject.rule, (), subject.recorded)
    return (_never_there(subject, labels), _there(subject), _gone(subject, labels))


def _never_there(subject: Subject, labels: tuple[Mapping[str, str], ...]) -> Proof:
    rule, timing = subject.rule, subject.timing
    before: list[StateAssertion] = []
    if timing.just_before > timing.step:
        before = [
            state_of(rule, timing.just_before, labels, pending=True),
            state_of(rule, timing.just_before, ()),
        ]
    states = [*before, state_of(rule, timing.certain, labels)]
    others = kept_out(_series(subject, timing.samples(timing.certain) + 2), subject.expressions)
    proof = subject.proof("no data", "without any series of its own it is pending, then fires", others, states)
    # absent() answers with the value 1.
    alerts = tuple(rendered_alert(rule, one, 1.0) for one in labels)
    return replace(proof, rendered=(RenderedAssertion(timing.certain, alerts),))


def _series(subject: Subject, count: int) -> list[InputSeries]:
    values = samples.gauge([samples.Phase(1.0, count)])
    return [InputSeries(example_series(selector), values) for selector in selectors(f"absent({subject.alert.absent})")]


def _there(subject: Subject) -> Proof:
    rule, timing = subject.rule, subject.timing
    series = _series(subject, timing.samples(timing.certain) + 2)
    states = [state_of(rule, timing.certain, ())]
    return subject.proof("one short", "while a series is there it is silent", series, states)


def _gone(subject: Subject, labels: tuple[Mapping[str, str], ...]) -> Proof:
    rule, timing = subject.rule, subject.timing
    series = [
        InputSeries(one.series, samples.ending(one.values))
        for one in _series(subject, timing.samples(timing.certain) + 1)
    ]
    fires = timing.moment(timing.certain + STALE_AFTER + timing.lookback + timing.pending, further=3)
    states = [state_of(rule, timing.certain, ()), state_of(rule, fires, labels)]
    return subject.proof("vanished", "when the last series ends it fires", series, states)
