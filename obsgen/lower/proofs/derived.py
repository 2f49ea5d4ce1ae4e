"""The tests of one alert at one severity, derived from its conditions and its signals' feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from obsgen.ir.proofs import InputSeries, Kind, Proof, RenderedAlert, RenderedAssertion, StateAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.lower.proofs.adapting import stand_ins
from obsgen.lower.proofs.feeding import Fed, Plan, Stage, Values, fed_series, feeds_of, input_series, with_label
from obsgen.lower.proofs.outcome import firing_labels, rendered_alert, state_of
from obsgen.lower.proofs.outside import kept_out
from obsgen.lower.proofs.placing import placement
from obsgen.lower.proofs.readings import Readings, holds, readings
from obsgen.lower.proofs.samples import ending
from obsgen.lower.proofs.timing import STALE_AFTER, Timing
from obsgen.model.stack import Alert, Component, Condition
from obsgen.promql.series import series_labels
from obsgen.units import Duration

_BESIDE = "{}-beside"


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert under test, its rule, and everything its tests are derived from."""

    alert: Alert
    rule: AlertingRule
    component: Component
    recorded: Mapping[str, str]
    timing: Timing
    siblings: tuple[tuple[Alert, AlertingRule], ...] = ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that is computed while the alert and its other severities are tested."""
        return (self.rule.expr, *(rule.expr for _, rule in self.siblings), *self.recorded.values())

    @property
    def all_certain(self) -> Duration:
        """From here on every severity fires whose conditions have held since the start."""
        timing = self.timing
        later = [timing.moment(timing.lookback + other.pending, further=2) for other, _ in self.siblings]
        return max([timing.certain, *later])

    def proof(self, kind: Kind, title: str, series: Sequence[InputSeries], states: Sequence[StateAssertion]) -> Proof:
        """One test of this alert."""
        return Proof(
            component=self.component.name,
            alert=self.alert.name,
            severity=self.alert.severity,
            kind=kind,
            title=title,
            interval=self.timing.step,
            series=tuple(series),
            states=tuple(states),
            origin=self.alert.origin,
            part=self.alert.part.name,
        )


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the alert's signals read in each kind of test."""

    feeds: tuple[Fed, ...]
    readings: Mapping[str, Readings]
    labels: tuple[Mapping[str, str], ...]
    resting: Values = field(default_factory=dict)

    def all(self, reading: str) -> dict[str, float]:
        """What every signal reads: this reading of the alert's own, and rest of the others."""
        return {**self.resting, **{name: getattr(one, reading) for name, one in self.readings.items()}}


def derived_proofs(subject: Subject) -> tuple[Proof, ...]:
    """Every test of the table in the alert's own numbers; `Unreachable` or `Conflict` where none can be made."""
    inputs = inputs_of(subject)
    return (
        _just_above(subject, inputs),
        *_one_short(subject, inputs),
        _pending_and_resolved(subject, inputs),
        _vanished(subject, inputs),
        _no_data(subject),
    )


def inputs_of(subject: Subject) -> Inputs:
    """What feeds the alert, and what each test reads."""
    signals = subject.component.signals
    found = {one.signal: _with_all_well(one, subject) for one in subject.alert.conditions}
    resting = {name: one.healthy for name, one in signals.items() if one.healthy is not None}
    feeds, labels = _fed(list(found), subject)
    return Inputs(feeds, found, labels, resting)


def _with_all_well(condition: Condition, subject: Subject) -> Readings:
    """The condition's readings, the healthy one such that no other severity fires on it either."""
    signal = subject.component.signals[condition.signal]
    own = readings(condition, signal)
    others = [one for alert, _ in subject.siblings for one in alert.conditions if one.signal == condition.signal]
    if not any(holds(one, own.healthy) for one in others):
        return own
    candidates = (readings(one, signal).healthy for one in others)
    well = (value for value in candidates if not any(holds(one, value) for one in (condition, *others)))
    return replace(own, healthy=next(well, own.healthy))


def _fed(signals: Sequence[str], subject: Subject) -> tuple[tuple[Fed, ...], tuple[Mapping[str, str], ...]]:
    """What feeds the signals, and the labels that the alert then fires with."""
    feeds = _placed(feeds_of(signals, subject.component), subject)
    labels = firing_labels(subject.rule, fed_series(feeds), subject.recorded)
    if not labels:
        found = stand_ins(fed_series(feeds), [subject.rule.expr, *subject.recorded.values()])
        feeds = tuple(replace(fed, series=found.series(fed.series)) for fed in feeds)
        labels = firing_labels(subject.rule, fed_series(feeds), subject.recorded)
    return feeds, labels


def _placed(feeds: tuple[Fed, ...], subject: Subject) -> tuple[Fed, ...]:
    """The feeds once in each selection of the alert's part, where a spec divides it."""
    found: dict[str, Fed] = {}
    for selection in subject.alert.part.selections:
        lies = placement(selection, fed_series(feeds), subject.rule.expr, subject.recorded)
        placed = (replace(fed, series=lies.series(fed.series)) for fed in feeds)
        found |= {fed.series: fed for fed in placed}
    return tuple(found.values())


def _plan(subject: Subject, stages: tuple[Stage, ...], *, instant: bool = False) -> Plan:
    timing = subject.timing
    return Plan(stages, timing.step.seconds, timing.lookback.seconds, instant)


def steady(subject: Subject, inputs: Inputs, values: Values) -> tuple[InputSeries, ...]:
    """Series that read these values from the start until every severity has had time to fire."""
    stage = Stage(values, subject.timing.samples(subject.all_certain) + 2)
    return input_series(inputs.feeds, _plan(subject, (stage,)), subject.component)


def _just_above(subject: Subject, inputs: Inputs) -> Proof:
    """One per cent past: fires, with exactly these labels and annotations, and only where it is sick."""
    rule, timing, past = subject.rule, subject.timing, inputs.all("past")
    sick = steady(subject, inputs, past)
    states = [state_of(rule, timing.certain, inputs.labels)]
    neighbours = (*_neighbours(subject, inputs, sick), *_kept_out(subject, inputs))
    proof = subject.proof("just above", "just past the threshold it fires", (*sick, *neighbours), states)
    alerts = tuple(_rendered(subject, inputs, past))
    return replace(proof, rendered=(RenderedAssertion(subject.all_certain, alerts),))


def _rendered(subject: Subject, inputs: Inputs, values: Values) -> Iterator[RenderedAlert]:
    """Every severity that these values set off: promtool compares all alerts of one name at once."""
    for alert, rule in ((subject.alert, subject.rule), *subject.siblings):
        if all(holds(one, values[one.signal]) for one in alert.conditions):
            value = values[alert.conditions[0].signal]
            own = alert is subject.alert
            found = inputs.labels if own else firing_labels(rule, fed_series(inputs.feeds), subject.recorded)
            yield from (rendered_alert(rule, labels, value) for labels in found)


def _neighbours(subject: Subject, inputs: Inputs, sick: Sequence[InputSeries]) -> tuple[InputSeries, ...]:
    """Healthy series beside the sick ones, one set for each label that the alert is told apart by."""
    healthy = steady(subject, inputs, inputs.all("healthy"))
    labels = sorted({name for one in inputs.labels for name in one} - subject.rule.labels.keys())
    beside = {name: [_moved(one, name) for one in healthy if name in series_labels(one.series)] for name in labels}
    named = [one.series for one in (*sick, *(one for moved in beside.values() for one in moved))]
    told_apart = firing_labels(subject.rule, named, subject.recorded)
    return tuple(
        one
        for name, moved in beside.items()
        if any({**found, name: _BESIDE.format(found[name])} in told_apart for found in inputs.labels if name in found)
        for one in moved
    )


def _kept_out(subject: Subject, inputs: Inputs) -> tuple[InputSeries, ...]:
    """Series that are not the alert's, one for each matcher, and all is well with them."""
    return kept_out(steady(subject, inputs, inputs.all("healthy")), subject.expressions)


def _sick_outside(subject: Subject, inputs: Inputs) -> tuple[InputSeries, ...]:
    """Series that are not the alert's, one for each matcher, with which it would fire."""
    # Larger ones would hide these where a value must be met exactly.
    return kept_out(steady(subject, inputs, inputs.all("far")), subject.expressions, factors=(1,))


def _moved(one: InputSeries, label: str) -> InputSeries:
    value = series_labels(one.series)[label]
    return InputSeries(with_label(one.series, label, _BESIDE.format(value)), one.values)


def _one_short(subject: Subject, inputs: Inputs) -> Iterator[Proof]:
    """Each condition in turn one per cent short, the others past: silent."""
    for condition in subject.alert.conditions:
        short = {**inputs.all("past"), condition.signal: inputs.readings[condition.signal].short}
        title = f"just short of the threshold of {condition.signal} it is silent"
        series = (*steady(subject, inputs, short), *_sick_outside(subject, inputs))
        yield subject.proof("one short", title, series, [state_of(subject.rule, subject.timing.certain, ())])


def _pending_and_resolved(subject: Subject, inputs: Inputs) -> Proof:
    """Far past: pending until `for` has passed, then firing; healthy again: silent after what it reads is gone."""
    timing, rule = subject.timing, subject.rule
    sick_for, resolved = timing.samples(timing.certain) + 1, timing.settled(timing.certain)
    stages = (
        Stage(inputs.all("far"), sick_for),
        Stage(inputs.all("healthy"), timing.samples(resolved) - sick_for + 2),
    )
    series = input_series(inputs.feeds, _plan(subject, stages, instant=True), subject.component)
    labels, before = inputs.labels, []
    if timing.just_before > timing.step:
        before = [
            state_of(rule, timing.just_before, labels, pending=True),
            state_of(rule, timing.just_before, ()),
        ]
        # Where the windows are longer than `for`, this tells it from one that is twice as long.
        before += [state_of(rule, timing.latest, labels)] if timing.latest < timing.certain else []
    states = [*before, state_of(rule, timing.certain, labels), state_of(rule, resolved, ())]
    title = "far past the threshold it is pending, then fires, and resolves when all is well"
    return subject.proof("pending and resolved", title, series, states)


def _vanished(subject: Subject, inputs: Inputs) -> Proof:
    """The series end while it fires: silent once they are no longer read."""
    timing, rule = subject.timing, subject.rule
    stage = Stage(inputs.all("far"), timing.samples(timing.certain) + 1)
    series = input_series(inputs.feeds, _plan(subject, (stage,), instant=True), subject.component)
    gone = timing.settled(timing.certain + STALE_AFTER)
    states = [state_of(rule, timing.certain, inputs.labels), state_of(rule, gone, ())]
    ended = [InputSeries(one.series, ending(one.values)) for one in series]
    return subject.proof("vanished", "when its series end it is silent", ended, states)


def _no_data(subject: Subject) -> Proof:
    """Nothing was ever scraped: silent, for that is another alert's business."""
    states = [state_of(subject.rule, subject.timing.certain, ())]
    return subject.proof("no data", "without any series it is silent", (), states)
