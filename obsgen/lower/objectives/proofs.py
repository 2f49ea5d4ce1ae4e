"""The tests of one objective: when each alert fires and ends by the formula, and that its numbers are true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from obsgen.ir.proofs import (
    InputSeries,
    Kind,
    Proof,
    ReadingAssertion,
    RenderedAlert,
    RenderedAssertion,
)
from obsgen.ir.rules import AlertingRule, RuleGroup
from obsgen.lower import names
from obsgen.lower.objectives.course import MINUTE, Phase, Watch, burning, first, last, whole_minutes
from obsgen.lower.objectives.feeding import fed, told_apart
from obsgen.lower.objectives.scenarios import (
    MARGIN,
    OUTAGE_MINUTES,
    beyond,
    outage,
    short_of,
    spiky,
    step,
    traffic,
    window_scenario,
)
from obsgen.lower.proofs.outcome import firing_labels, rendered_alert, state_of
from obsgen.model.objectives import Objective, ObjectiveAlert, fails_in_part
from obsgen.model.stack import Component
from obsgen.promql.series import series_labels
from obsgen.units import Duration, number_text

# An alert is looked for one evaluation before the formula's, and after it: where time is counted, Prometheus before
# version 3 counts both edges of a window, which is one more.
_BEFORE, _AFTER = 2, 2
# Tests of more minutes than this are evaluated every five: their cost grows with the square of the evaluations.
_OFTEN = 600
_BESIDE = "beside"
# Errors end; the short window has to empty before the alert ends.
_RECOVERY = 30


class ObjectiveProofs:
    """Everything that is proved of one objective."""

    def __init__(self, objective: Objective, component: Component, group: RuleGroup) -> None:
        self.objective = objective
        self.component = component
        self.rules = {(rule.alert, rule.severity): rule for rule in group.alerts}
        example = series_labels(fed(objective.sli, (Phase(1, 1.0),))[0].series)
        self.place = {name: example[name] for name in ("cluster", *objective.by)}
        self.ids = {"component": component.name, "objective": objective.name}

    def all(self) -> Iterator[Proof]:
        """Each alert's tests, then those of what is recorded."""
        for alert in self.objective.alerts:
            rule = self.rules[alert.name, alert.severity]
            if alert.name == "ErrorBudgetBurn":
                yield from self._burn(alert, rule)
            elif alert.name == "ErrorBudgetSpent":
                yield from self._spent(alert, rule)
            elif alert.name == "ObjectiveDataMissing":
                yield from self._missing(alert, rule)
            else:
                yield from self._stopped(alert, rule)
        if self.rules:
            yield self._true_ratio()

    # --- burn rates

    def _burn(self, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
        if fails_in_part(self.objective.sli):
            for place in range(len(alert.windows)):
                yield self._window(alert, rule, place)
        else:
            yield self._all(rule)
            yield self._step(alert, rule)
        yield self._outage(alert, rule)

    def _all(self, rule: AlertingRule) -> Proof:
        """While everything fails it fires, and says so; beside it nothing does."""
        end = self._patience(rule.alert) + whole_minutes(self.objective.base) + 2 * _AFTER
        failing = Phase(end, traffic(self.objective), 1.0)
        at = MINUTE * end
        proof = self._proof(rule, "just above", "while everything fails it fires", self._series((failing,)))
        rendered = RenderedAssertion(at, tuple(self._told(rule.alert, 1.0, 0.0)))
        return replace(proof, states=(state_of(rule, at, [self._labels(rule)]),), rendered=(rendered,))

    def _step(self, alert: ObjectiveAlert, rule: AlertingRule) -> Proof:
        """By the formula: how long everything has to fail tells the threshold."""
        patience = self._patience(rule.alert)
        longest = sum(whole_minutes(one.long) for one in alert.windows)
        every = 1 if longest <= _OFTEN else whole_minutes(self.objective.base)
        failing, ends = step(self.objective, alert.windows, patience, every)
        held = burning(Watch.of(self.objective, alert.windows, every), failing)
        start, end = held.index(True), len(held) - 1
        fires = min(end, start + -(-whole_minutes(alert.pending) // every) + _AFTER)
        at = MINUTE * every
        quiet = [state_of(rule, at * (start - _BEFORE), ())] if start > _BEFORE else []
        proof = self._proof(
            rule, "step", "a failure fires in time, not one that ends before", self._beside(failing, ends)
        )
        return replace(
            proof, interval=at, spacing=MINUTE, states=(*quiet, state_of(rule, at * fires, [self._labels(rule)]))
        )

    def _window(self, alert: ObjectiveAlert, rule: AlertingRule, place: int) -> Proof:
        """By the formula: silent until it says so, firing from then on; beside it, one per cent lower, never."""
        window = alert.windows[place]
        share, below = beyond(window.threshold), short_of(window.threshold)
        patience = self._patience(rule.alert)
        phases, others = (
            window_scenario(self.objective, alert.windows[place:], one, patience) for one in (share, below)
        )
        every = 1 if sum(phase.minutes for phase in phases) <= _OFTEN else whole_minutes(self.objective.base)
        step = MINUTE * every
        held = burning(Watch.of(self.objective, alert.windows, every), phases)
        too_long = first(burning(Watch.of(self.objective, alert.windows, every), others))
        # Where time is the healthy past, a longer window may in the end see even the lower share.
        start, end = first(held), (len(held) if too_long is None else too_long - _BEFORE) - 1
        title = f"over {window.long} it fires in time just above {number_text(window.threshold)}, never just below"
        proof = replace(
            self._proof(rule, "just above", title, self._beside(phases, others)), interval=step, spacing=MINUTE
        )
        if start is None:
            return replace(proof, states=(state_of(rule, step * end, ()),))
        fires = min(end, start + -(-whole_minutes(alert.pending) // every) + _AFTER)
        quiet = [state_of(rule, step * (start - _BEFORE), ())] if start > _BEFORE + 2 else []
        states = [*quiet, *(state_of(rule, step * at, [self._labels(rule)]) for at in dict.fromkeys((fires, end)))]
        last_one = place == len(alert.windows) - 1
        rendered = [RenderedAssertion(step * end, tuple(self._told(rule.alert, share, below)))] if last_one else []
        return replace(proof, states=tuple(states), rendered=tuple(rendered))

    def _told(self, name: str, share: float, below: float) -> Iterator[RenderedAlert]:
        """Every severity that steady shares set off, here and beside: promtool compares all alerts of one name."""
        groups = [(share, self.place), *((below, other) for other in self._others())]
        for alert in self.objective.alerts:
            for steady, place in groups:
                if alert.name == name and steady > self._least(alert):
                    rule = self.rules[alert.name, alert.severity]
                    value = 1 - steady / self.objective.budget if alert.spent else steady
                    yield rendered_alert(rule, {**place, **self.ids, **rule.labels}, value)

    def _least(self, alert: ObjectiveAlert) -> float:
        """The steady share of errors past which the alert fires, sooner or later."""
        return min([window.threshold for window in alert.windows], default=self.objective.budget * alert.spent)

    def _patience(self, name: str) -> int:
        """The minutes after which every severity of the name fires, once its expression holds."""
        return max(whole_minutes(alert.pending) for alert in self.objective.alerts if alert.name == name)

    def _outage(self, alert: ObjectiveAlert, rule: AlertingRule) -> Proof:
        """A step to nothing but errors, and back: first and last firing by the formula."""
        shortest = max(window.short for window in alert.windows)
        phases = outage(self.objective, whole_minutes(shortest) + _RECOVERY)
        held = burning(Watch.of(self.objective, alert.windows, 1), phases)
        proof = self._proof(
            rule, "step", f"an outage of {OUTAGE_MINUTES}m fires and resolves in time", self._series(phases)
        )
        start, end = first(held), last(held)
        if start is None or end is None or end - start <= whole_minutes(alert.pending) + _AFTER:
            return replace(proof, states=(state_of(rule, MINUTE * (phases[0].minutes), ()),))
        fires = start + whole_minutes(alert.pending) + _AFTER
        ends = end + whole_minutes(alert.keep_firing_for) + _AFTER + 1
        states = (
            state_of(rule, MINUTE * (start - _BEFORE), ()),
            state_of(rule, MINUTE * fires, [self._labels(rule)]),
            state_of(rule, MINUTE * ends, ()),
        )
        return replace(proof, states=states)

    def _true_ratio(self) -> Proof:
        """Busy minutes that fail in part among quiet ones that do not: what is recorded is the share of all events."""
        phases = spiky(self.objective)
        truth = sum(p.minutes * p.events * p.share for p in phases) / sum(p.minutes * p.events for p in phases)
        ids = names.objective_selector(self.component.name, self.objective.name)
        ratio = f"{names.error_ratio(self.objective.period_name)}{{{ids}}}"
        near = f"abs({ratio} / {number_text(truth)} - 1) < bool {MARGIN}"
        spent = f"{ratio} / {number_text(self.objective.budget)}"
        left = f"abs({names.BUDGET_REMAINING}{{{ids}}} - (1 - {spent})) < bool 1e-9"
        end = MINUTE * sum(phase.minutes for phase in phases)
        labels = {**self.place, **self.ids}
        series, title = fed(self.objective.sli, phases), "the recorded share of errors is that of all events"
        proof = self._proof(next(iter(self.rules.values())), "spiky", title, series)
        return replace(proof, readings=tuple(ReadingAssertion(end, one, ((labels, 1.0),)) for one in (near, left)))

    # --- the other alerts

    def _spent(self, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
        """A steady share of errors spends the same share of the budget, however long it lasts."""
        end = self._patience(rule.alert) + 20
        threshold = self.objective.budget * alert.spent
        share, less = (beyond(threshold), short_of(threshold)) if fails_in_part(self.objective.sli) else (1.0, 0.0)
        above, below = (Phase(end, traffic(self.objective), one) for one in (share, less))
        title = f"it fires with a little more than {alert.spent:.4g} of the budget spent, not with a little less"
        if not less:
            title = "it fires with the whole budget spent, not with all of it left"
        at = MINUTE * end
        proof = self._proof(rule, "just above", title, self._beside((above,), (below,)))
        states = (state_of(rule, at, [self._labels(rule)]),)
        told = tuple(self._told(rule.alert, share, less))
        yield replace(proof, states=states, rendered=(RenderedAssertion(at, told),))
        well = self._proof(rule, "one short", "with no errors it is silent", fed(self.objective.sli, (_well(above),)))
        yield replace(well, states=(state_of(rule, at, ()),))

    def _missing(self, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
        labels = firing_labels(rule, (), {})
        end = whole_minutes(alert.pending) + 2
        before = [state_of(rule, MINUTE * (end - 3), ())] if end > 3 else []
        rendered = RenderedAssertion(MINUTE * end, tuple(rendered_alert(rule, one, 1.0) for one in labels))
        gone = self._proof(rule, "no data", "without any series it fires", ())
        yield replace(gone, states=(*before, state_of(rule, MINUTE * end, labels)), rendered=(rendered,))
        series = self._series((Phase(end, traffic(self.objective)),))
        there = self._proof(rule, "one short", "while there are series it is silent", series)
        yield replace(there, states=(state_of(rule, MINUTE * end, ()),))

    def _stopped(self, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
        """An hour of traffic has to lie an hour back; then there is none."""
        rate, waits = traffic(self.objective), whole_minutes(alert.pending)
        steady = 130
        fires = steady + waits + 10
        at = MINUTE * fires
        alerts = (rendered_alert(rule, self._labels(rule), rate),)
        stopped = fed(self.objective.sli, (Phase(steady, rate), Phase(waits + 12, 0.0)))
        proof = self._proof(rule, "just above", "when steady traffic stops it fires", stopped)
        states = (state_of(rule, MINUTE * steady, ()), state_of(rule, at, [self._labels(rule)]))
        readings = (self._nothing_failed(at),)
        yield replace(proof, states=states, rendered=(RenderedAssertion(at, alerts),), readings=readings)
        flowing = fed(self.objective.sli, (Phase(fires, rate),))
        goes_on = self._proof(rule, "one short", "while traffic goes on it is silent", flowing)
        yield replace(goes_on, states=(state_of(rule, at, ()),), readings=readings)

    def _nothing_failed(self, at: Duration) -> ReadingAssertion:
        """In a quiet hour, and without any series of errors, the share of errors is 0: neither missing nor NaN."""
        ids = names.objective_selector(self.component.name, self.objective.name)
        ratio = names.error_ratio(str(self.objective.base))
        return ReadingAssertion(at, f"{ratio}{{{ids}}} * 1", (({**self.place, **self.ids}, 0.0),))

    # --- series and labels

    def _series(self, phases: tuple[Phase, ...]) -> list[InputSeries]:
        """The group under test, and healthy ones beside it."""
        return self._beside(phases, tuple(_well(one) for one in phases))

    def _beside(self, phases: tuple[Phase, ...], others: tuple[Phase, ...]) -> list[InputSeries]:
        """The group under test, and for each label that tells groups apart one that goes another course."""
        own, other = (fed(self.objective.sli, one) for one in (phases, others))
        beside = [told_apart(other, place) for place in self._others()]
        return [*own, *(one for series in beside for one in series)]

    def _others(self) -> list[dict[str, str]]:
        """For each label that tells groups apart a place that differs in it alone."""
        return [{**self.place, name: f"{value}-{_BESIDE}"} for name, value in self.place.items()]

    def _labels(self, rule: AlertingRule) -> dict[str, str]:
        return {**self.place, **self.ids, **rule.labels}

    def _proof(self, rule: AlertingRule, kind: Kind, title: str, series: Sequence[InputSeries]) -> Proof:
        return Proof(
            component=self.component.name,
            alert=rule.alert,
            severity=rule.severity,
            kind=kind,
            title=title,
            interval=MINUTE,
            series=tuple(series),
            states=(),
            origin=self.objective.origin,
            objective=self.objective.name,
        )


def _well(phase: Phase) -> Phase:
    return Phase(phase.minutes, phase.events)
