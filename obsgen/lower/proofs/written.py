"""The tests that a pack writes out, for what has no simple feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from obsgen.ir.proofs import InputSeries, Proof, RenderedAssertion, StateAssertion
from obsgen.lower.proofs.adapting import stand_ins
from obsgen.lower.proofs.derived import Subject
from obsgen.lower.proofs.outcome import firing_labels, rendered_alert, state_of
from obsgen.lower.proofs.outside import kept_out
from obsgen.lower.proofs.placing import placement
from obsgen.lower.proofs.samples import continued
from obsgen.model.part import WHOLE
from obsgen.model.stack import Case, Moment
from obsgen.promql.error import PromQLError
from obsgen.units import NO_TIME


class UnfiredExpectation(Exception):  # noqa: N818 - a mistake of the pack, caught where findings are noted
    """Raised where a moment expects the alert to fire, yet no series that it is given can make it: nothing is tested.

    `found` are the label sets with which these series can make it fire.
    """

    def __init__(self, moment: Moment, found: Sequence[Mapping[str, str]]) -> None:
        super().__init__(str(moment.origin))
        self.moment = moment
        self.found = tuple(found)


def of_part(subject: Subject, cases: Sequence[Case]) -> Iterator[Case]:
    """The cases with their series put where the alert's part lies; without those that have no place in it."""
    part = subject.alert.part
    if part == WHOLE:
        yield from cases
        return
    for case in cases:
        lies = placement(part.selections[0], list(case.series), subject.rule.expr, subject.recorded)
        series = {lies.series(name): values for name, values in case.series.items()}
        fires = tuple(replace(one, labels=lies.labels(one.labels)) for one in case.fires)
        found = firing_labels(subject.rule, list(series), subject.recorded)
        if all(any(one.labels.items() <= labels.items() for labels in found) for one in fires):
            yield replace(case, series=series, fires=fires)


def still_measured(subject: Subject, cases: Sequence[Case]) -> Sequence[Case]:
    """The cases, their series moved to where a spec's own exclusions still let the alert fire."""
    firing = [case for case in cases if case.fires]
    try:
        if all(firing_labels(subject.rule, list(case.series), subject.recorded) for case in firing):
            return cases
        fed = [name for case in firing for name in case.series]
        found = stand_ins(fed, [subject.rule.expr, *subject.recorded.values()])
    except PromQLError:
        return cases  # the case itself will say which series cannot be read
    return [
        replace(case, series={found.series(name): values for name, values in case.series.items()}) for case in cases
    ]


def written_proof(subject: Subject, case: Case) -> Proof:
    """The case as a test: which series fires is read off the expression, narrowed by the labels given.

    `UnfiredExpectation` where that leaves none: the test would then ask for silence.
    """
    until = max((one.at for one in (*case.fires, *case.silent)), default=NO_TIME)
    count = -(-until.milliseconds // case.interval.milliseconds) + 1
    series = tuple(InputSeries(name, continued(values, count)) for name, values in case.series.items())
    expected = [(moment, _expected(subject, series, moment)) for moment in case.fires]
    states: list[StateAssertion] = [state_of(subject.rule, one.at, labels) for one, labels in expected]
    states += [state_of(subject.rule, one.at, ()) for one in case.silent]
    rendered = tuple(
        RenderedAssertion(one.at, tuple(rendered_alert(subject.rule, each, one.value) for each in labels))
        for one, labels in expected
        # promtool compares every severity of a name at once, and which others fire here nobody can say.
        if one.value is not None and not subject.siblings
    )
    proof = subject.proof("written", case.title, (*series, *kept_out(series, subject.expressions)), states)
    moments = (*case.fires, *case.silent)
    origin = moments[0].origin if moments else proof.origin
    return replace(proof, interval=case.interval, rendered=rendered, origin=origin)


def _expected(subject: Subject, series: tuple[InputSeries, ...], moment: Moment) -> list[Mapping[str, str]]:
    found = firing_labels(subject.rule, [one.series for one in series], subject.recorded)
    expected: list[Mapping[str, str]] = [labels for labels in found if moment.labels.items() <= labels.items()]
    if not expected:
        raise UnfiredExpectation(moment, found)
    return expected
