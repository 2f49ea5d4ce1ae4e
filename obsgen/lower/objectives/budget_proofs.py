"""The tests of the budget: when so much of it is spent that an alert says so, and that what is recorded is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from obsgen.ir.proofs import Proof, ReadingAssertion, RenderedAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.lower import names
from obsgen.lower.objectives.course import MINUTE, Phase
from obsgen.lower.objectives.edges import few_events
from obsgen.lower.objectives.feeding import fed
from obsgen.lower.objectives.scenarios import MARGIN, beyond, short_of, spiky, traffic
from obsgen.lower.objectives.subject import Subject, well
from obsgen.lower.proofs.outcome import state_of
from obsgen.model.objectives import ObjectiveAlert, fails_in_part
from obsgen.units import number_text

_SPENDING = 20


def budget_proofs(subject: Subject, alert: ObjectiveAlert, rule: AlertingRule) -> Iterator[Proof]:
    """A steady share of errors spends the same share of the budget, however long it lasts."""
    objective = subject.objective
    end = subject.patience(rule.alert) + _SPENDING
    threshold = objective.budget * alert.spent
    share, less = (beyond(threshold), short_of(threshold)) if fails_in_part(objective.sli) else (1.0, 0.0)
    above, below = (Phase(end, traffic(objective), one) for one in (share, less))
    title = f"it fires with a little more than {alert.spent:.4g} of the budget spent, not with a little less"
    if not less:
        title = "it fires with the whole budget spent, not with all of it left"
    at = MINUTE * end
    guarded = few_events(objective, _SPENDING)
    few, enough = (subject.named(name) for name in ("few", "enough"))
    # Whatever the alert waits for, in the meantime nothing happens.
    too_few, just_enough = ((*one, Phase(end - _SPENDING, 0.0)) for one in guarded) if guarded else ((), ())
    series = [*subject.beside((above,), (below,)), *subject.at(enough, just_enough)]
    fired = [subject.place, *([enough] if guarded else [])]
    told = [(share, subject.place), *((less, other) for other in subject.others), *((1.0, one) for one in fired[1:])]
    proof = subject.proof(rule, "just above", title, series)
    states = (state_of(rule, at, [subject.labels(rule, place) for place in fired]),)
    yield replace(proof, states=states, rendered=(RenderedAssertion(at, tuple(subject.told(rule.alert, told))),))
    title = "with no errors, or too few, it is silent" if guarded else "with no errors it is silent"
    series = [*fed(objective.sli, (well(above),)), *subject.at(few, too_few)]
    yield replace(subject.proof(rule, "one short", title, series), states=(state_of(rule, at, ()),))


def true_ratio(subject: Subject) -> Proof:
    """Busy minutes that fail in part among quiet ones that do not: what is recorded is the share of all events."""
    objective = subject.objective
    phases = spiky(objective)
    truth = sum(p.minutes * p.events * p.share for p in phases) / sum(p.minutes * p.events for p in phases)
    ids = names.objective_selector(subject.component.name, objective.name)
    ratio = f"{names.error_ratio(objective.period_name)}{{{ids}}}"
    near = f"abs({ratio} / {number_text(truth)} - 1) < bool {MARGIN}"
    spent = f"{ratio} / {number_text(objective.budget)}"
    left = f"abs({names.BUDGET_REMAINING}{{{ids}}} - (1 - {spent})) < bool 1e-9"
    end = MINUTE * sum(phase.minutes for phase in phases)
    labels = {**subject.place, **subject.ids}
    series, title = fed(objective.sli, phases), "the recorded share of errors is that of all events"
    proof = subject.proof(next(iter(subject.rules.values())), "spiky", title, series)
    return replace(proof, readings=tuple(ReadingAssertion(end, one, ((labels, 1.0),)) for one in (near, left)))
