"""Pass: the tests that prove every alert, derived from the model or written in the pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from obsgen.diagnostics import Diagnostic, Findings, Location
from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.ir.rules import AlertingRule, AlertKey
from obsgen.lower.names import WATCHDOG
from obsgen.lower.proofs.absence import absence_proofs
from obsgen.lower.proofs.apart import apart_proof
from obsgen.lower.proofs.derived import Subject, derived_proofs
from obsgen.lower.proofs.extent import Endless, refuse_endless
from obsgen.lower.proofs.feeding import Conflict, Plan, Stage, feeds_of, input_series
from obsgen.lower.proofs.guarded import guarded_proofs
from obsgen.lower.proofs.readings import Unreachable
from obsgen.lower.proofs.timing import Timing, step_for
from obsgen.lower.proofs.watchdog import watchdog_proof
from obsgen.lower.proofs.written import UnfiredExpectation, of_part, still_measured, written_proof
from obsgen.model.stack import Alert, Case, Component, Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import longest_lookback, metric_names, ranges
from obsgen.promql.selector import NoExample
from obsgen.promql.series import NAME, series_labels, series_text
from obsgen.promql.template import SUPPORTED, UnsupportedTemplate
from obsgen.resolve.scope import NO_EXAMPLE_HINT
from obsgen.spec.expression.fault import TemplateFault
from obsgen.units import Duration

# A hint that lists more is not read.
_MOST_SHOWN = 3

Rules = Mapping[AlertKey, AlertingRule]


def proofs(stack: Stack, bundle: Bundle) -> Bundle:
    """Every alert's tests; `Diagnosed` where an alert could never fire or its tests cannot be made."""
    findings = Findings()
    rules = {rule.key: rule for rule in bundle.alerts}
    found: list[Proof] = []
    for component in stack.components:
        subjects = [_subject(alert, component, rules, stack) for alert in component.alerts]
        found += [proof for subject in subjects for proof in _proofs_of(subject, findings)]
        if not findings.noted:
            found += _apart(subjects)
    findings.stop()
    step = stack.environment.prometheus.evaluation_interval
    found += [watchdog_proof(rule, step) for rule in bundle.alerts if rule.alert == WATCHDOG]
    return replace(bundle, proofs=tuple(found))


def _subject(alert: Alert, component: Component, rules: Rules, stack: Stack) -> Subject:
    recorded = {one.record: one.expr for one in component.recordings}
    rule = rules[_key(alert, component)]
    lookback = _read_back(alert, component) or _lookback(rule.expr, recorded)
    interval = stack.environment.prometheus.scrape_interval
    step = step_for(alert.pending, lookback, interval, _shortest_range(rule.expr, recorded))
    timing = Timing(step, alert.pending, lookback, alert.keep_firing_for)
    siblings = tuple(
        (other, rules[_key(other, component)])
        for other in component.alerts
        if (other.name, other.part) == (alert.name, alert.part) and other is not alert
    )
    return Subject(alert, rule, component, recorded, timing, siblings)


def _key(alert: Alert, component: Component) -> AlertKey:
    return component.name, alert.name, alert.severity, "", alert.part.name


def _apart(subjects: Sequence[Subject]) -> Iterator[Proof]:
    """For each alert that the spec divides, one test of all its parts together."""
    for name in dict.fromkeys(one.alert.name for one in subjects if one.alert.part.name):
        parts = [one for one in subjects if one.alert.name == name]
        if all(_is_fed(one) for one in parts):
            yield from apart_proof(parts)


def _read_back(alert: Alert, component: Component) -> Duration | None:
    """How long what it reads goes on to count, where all of its signals say so."""
    said = [component.signals[one.signal].reads_back for one in alert.conditions]
    return max((one for one in said if one), default=None) if all(said) else None


def _lookback(expr: str, recorded: Mapping[str, str]) -> Duration:
    """How far back the expression reads, through the recording rules that it builds on."""
    below = [_lookback(recorded[name], recorded) for name in metric_names(expr) if name in recorded]
    return longest_lookback(expr) + max(below, default=Duration(0))


def _shortest_range(expr: str, recorded: Mapping[str, str]) -> Duration | None:
    """The shortest range that the expression reads, through the recording rules that it builds on."""
    below = [_shortest_range(recorded[name], recorded) for name in metric_names(expr) if name in recorded]
    own = [use.range for use in ranges(expr)]
    return min([*own, *(one for one in below if one)], default=None)


def _proofs_of(subject: Subject, findings: Findings) -> list[Proof]:
    alert = subject.alert
    wanted = alert.name, alert.severity, alert.part.name
    cases = [one for one in subject.component.cases if (one.alert, one.severity, one.part) == wanted]
    try:
        cases = list(still_measured(subject, list(of_part(subject, cases))))
        return [*_derived(subject), *(proof for case in cases for proof in _written(subject, case, findings))]
    except Unreachable as fault:
        hint = "choose a threshold that the signal can pass"
        findings.error("OBS301", f"'{alert.name}' can never fire: {fault}", _threshold_place(alert), hint)
    except Conflict as fault:
        hint = 'name the other signal in the formula, such as gauge: "${2 * depth}"'
        findings.error("OBS302", f"'{alert.name}' cannot be tested: {fault}", alert.place("all"), hint)
    except UnsupportedTemplate as fault:
        field = "summary" if fault.text == alert.summary else "description"
        message = f"the {field} of '{alert.name}' cannot be proved: {fault.what} is not supported"
        findings.error("OBS303", message, alert.place(field), f"use {SUPPORTED}")
    except (NoExample, TemplateFault, PromQLError) as fault:
        findings.add(_unreadable(subject, fault))
    return []


def _unreadable(subject: Subject, fault: Exception) -> Diagnostic:
    """What the alert's tests are made of and cannot be: its selector's series, or the feed of a signal."""
    alert = subject.alert
    if alert.absent or isinstance(fault, NoExample):
        where = alert.place("absent") if alert.absent else alert.origin
        return Diagnostic("OBS211", f"tests cannot be made: {fault}", where, NO_EXAMPLE_HINT)
    name, where = _wrong_feed(subject)
    message = f"the feed of '{name}', with which '{alert.name}' is tested, is wrong: {fault}"
    known = isinstance(fault, TemplateFault) and "v, the value that the signal shall read, and other signals"
    return Diagnostic("OBS304", message, where, f"names at hand: {known}" if known else None)


def _written(subject: Subject, case: Case, findings: Findings) -> Iterator[Proof]:
    moments = (*case.fires, *case.silent)
    where = moments[0].origin if moments else subject.alert.origin
    try:
        refuse_endless(case)
        yield written_proof(subject, case)
    except PromQLError as fault:
        message = f"the test '{case.title}' of '{case.alert}' has a series that cannot be read: {fault}"
        findings.error("OBS304", message, where)
    except Endless as fault:
        message = f"the test '{case.title}' of '{case.alert}' takes too long: {fault}"
        findings.error("OBS306", message, where, "look at an earlier moment, or take longer steps")
    except UnfiredExpectation as fault:
        findings.add(_unfired(subject, case, fault))


def _unfired(subject: Subject, case: Case, fault: UnfiredExpectation) -> Diagnostic:
    """What the test expects in vain, and with which labels its series could make the alert fire."""
    named = series_text({NAME: "", **fault.moment.labels})
    wanted = f" with {named}" if fault.moment.labels else ""
    message = (
        f"the test '{case.title}' expects '{case.alert}' ({case.severity}) to fire{wanted}, "
        "which no series of it can bring about"
    )
    own = [{name: one[name] for name in sorted(one.keys() - subject.rule.labels.keys())} for one in fault.found]
    shown = ", ".join(dict.fromkeys(series_text({NAME: "", **labels}) for labels in own[:_MOST_SHOWN]))
    hint = (
        f"what they can bring about: {shown}{', …' if len(own) > _MOST_SHOWN else ''}"
        if own
        else "give it series that the alert's expression selects, or write under silent what must not fire"
    )
    return Diagnostic("OBS305", message, fault.moment.origin, hint)


def _wrong_feed(subject: Subject) -> tuple[str, Location]:
    """The first of the alert's signals that cannot be fed on its own, and where its feed stands."""
    names = dict.fromkeys(one.signal for one in subject.alert.conditions)
    signals = subject.component.signals
    for name in names:
        others = dict.fromkeys((*names, *signals), 1.0)
        plan = Plan((Stage(others, 1),), step=1.0, lookback=0.0)
        try:
            for one in input_series(feeds_of([name], subject.component), plan, subject.component):
                series_labels(one.series)
        except (TemplateFault, PromQLError):
            return name, signals[name].feed_origin or signals[name].origin
    return ", ".join(names), subject.alert.origin


def _derived(subject: Subject) -> tuple[Proof, ...]:
    if subject.alert.absent:
        return absence_proofs(subject)
    return (*derived_proofs(subject), *guarded_proofs(subject)) if _is_fed(subject) else ()


def _is_fed(subject: Subject) -> bool:
    conditions, signals = subject.alert.conditions, subject.component.signals
    return bool(conditions) and all(signals[one.signal].feed for one in conditions)


def _threshold_place(alert: Alert) -> Location:
    """The number that is out of reach stands where the threshold was chosen."""
    chosen = [setting.origin for setting in alert.settings if setting.name.startswith("threshold ")]
    return chosen[0] if len(chosen) == 1 else alert.place("when" if "when" in alert.places else "all")
