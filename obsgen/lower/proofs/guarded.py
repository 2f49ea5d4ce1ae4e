"""Tests of what an alert waits for: silent while a guard holds for it, firing while it holds for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.ir.proofs import InputSeries, Proof
from obsgen.lower.proofs.derived import Inputs, Subject, inputs_of, steady
from obsgen.lower.proofs.feeding import Fed, Plan, Stage, input_series, with_label
from obsgen.lower.proofs.outcome import state_of
from obsgen.lower.proofs.outside import kept_out
from obsgen.model.guard import Guard
from obsgen.promql.series import series_labels
from obsgen.spec.feeds import FeedSpec

# A guard's feeds are of a state that is or is not: the value that a formula may name.
_HOLDING = 1.0


def guarded_proofs(subject: Subject) -> Iterator[Proof]:
    """For each guard of a fed alert: every scene in which it holds, every one that only looks alike, and elsewhere."""
    if not subject.alert.guards:
        return
    inputs = inputs_of(subject)
    sick = steady(subject, inputs, inputs.all("past"))
    for guard in subject.alert.guards:
        yield from _Scenes(subject, inputs, sick, guard).proofs()


@dataclass(frozen=True, slots=True)
class _Scenes:
    subject: Subject
    inputs: Inputs
    sick: tuple[InputSeries, ...]
    guard: Guard

    def proofs(self) -> Iterator[Proof]:
        """The tests of one guard."""
        for title, feeds in self.guard.silent_while.items():
            yield self._proof(f"while {title} it is silent", self._fed(feeds), fires=False)
        for title, feeds in self.guard.fires_while.items():
            yield self._proof(f"while {title} it fires", self._fed(feeds), fires=True)
        beside: dict[str, InputSeries] = {}
        for feeds in self.guard.silent_while.values():
            for one in self._elsewhere(feeds):
                # Of two scenes that feed one series differently, the first is the one that it is about.
                beside.setdefault(one.series, one)
        yield self._proof(f"while {self.guard.name} holds for others it fires", tuple(beside.values()), fires=True)

    def _proof(self, title: str, beside: Sequence[InputSeries], *, fires: bool) -> Proof:
        rule, at = self.subject.rule, self.subject.timing.certain
        labels = self.inputs.labels if fires else ()
        return self.subject.proof("guarded", title, (*self.sick, *beside), [state_of(rule, at, labels)])

    def _fed(self, feeds: Sequence[FeedSpec]) -> tuple[InputSeries, ...]:
        """The scene once for each alert that fires, with the labels in which the guard must agree with it."""
        own = {name: self._bound(feeds, labels) for name, labels in enumerate(self.inputs.labels)}
        return tuple({one.series: one for fed in own.values() for one in fed}.values())

    def _elsewhere(self, feeds: Sequence[FeedSpec]) -> Iterator[InputSeries]:
        """The scene with another value of each label in which they must agree, and of each matcher of the guard."""
        for label in self.guard.on:
            for labels in self.inputs.labels:
                if label in labels:
                    yield from self._bound(feeds, {**labels, label: f"{labels[label]}-beside"})
        yield from kept_out(self._fed(feeds), self.subject.expressions, factors=(1,))

    def _bound(self, feeds: Sequence[FeedSpec], labels: Mapping[str, str]) -> tuple[InputSeries, ...]:
        placed = [Fed("", self._placed(feed.series, labels), feed) for feed in feeds]
        timing = self.subject.timing
        stage = Stage({"": _HOLDING}, timing.samples(self.subject.all_certain) + 2)
        plan = Plan((stage,), timing.step.seconds, timing.lookback.seconds)
        return input_series(placed, plan, self.subject.component)

    def _placed(self, series: str, labels: Mapping[str, str]) -> str:
        own = series_labels(series)
        for label in self.guard.on:
            if label in own and label in labels:
                series = with_label(series, label, labels[label])
        return series
