"""The test that no series fires twice where overrides divide an alert: all its rules together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from obsgen.ir.proofs import InputSeries, Proof, RenderedAlert, RenderedAssertion
from obsgen.lower.proofs.derived import Inputs, Subject, inputs_of
from obsgen.lower.proofs.feeding import Plan, Stage, Values, input_series
from obsgen.lower.proofs.outcome import rendered_alert
from obsgen.lower.proofs.readings import holds
from obsgen.units import Duration


def apart_proof(subjects: Sequence[Subject]) -> Iterator[Proof]:
    """One series of each part, past the thresholds of every part where that can be: each alert fires once.

    promtool compares every alert of the name, from whichever rule, so that one too many is seen.
    """
    fed = [(subject, inputs_of(subject)) for subject in subjects]
    step = min((one.timing.step for one in subjects), key=lambda step: step.milliseconds)
    certain = max((one.all_certain for one in subjects), key=lambda span: span.milliseconds)
    at = step * -(-certain.milliseconds // step.milliseconds)
    worst = _worst(fed)
    series: dict[str, InputSeries] = {}
    expected: list[RenderedAlert] = []
    for subject, inputs in fed:
        values = {**inputs.all("past"), **worst}
        series |= {one.series: one for one in _steady(subject, inputs, values, step, at)}
        if all(holds(one, values[one.signal]) for one in subject.alert.conditions):
            value = values[subject.alert.conditions[0].signal]
            expected += [rendered_alert(subject.rule, labels, value) for labels in inputs.labels]
    proof = subjects[0].proof("apart", "no series is told of by two parts", tuple(series.values()), ())
    yield replace(proof, interval=step, rendered=(RenderedAssertion(at, tuple(expected)),))


def _worst(fed: Sequence[tuple[Subject, Inputs]]) -> Values:
    """For each signal a reading past every threshold that any part compares it with, where there is one."""
    conditions = [one for subject, _ in fed for one in subject.alert.conditions]
    found: dict[str, float] = {}
    for _, inputs in fed:
        for name, readings in inputs.readings.items():
            if all(holds(one, readings.past) for one in conditions if one.signal == name):
                found.setdefault(name, readings.past)
    return found


def _steady(subject: Subject, inputs: Inputs, values: Values, step: Duration, until: Duration) -> Iterator[InputSeries]:
    stage = Stage(values, until.milliseconds // step.milliseconds + 2)
    plan = Plan((stage,), step.seconds, subject.timing.lookback.seconds)
    yield from input_series(inputs.feeds, plan, subject.component)
