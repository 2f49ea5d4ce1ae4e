"""Judges every reader of a stack by what a server has, through recording rules down to what is scraped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial

from obsgen.ir.bundle import Bundle
from obsgen.live.coverage.diagnosis import Diagnosis, Quiet
from obsgen.live.coverage.readers import Reader, Recorded, recorded
from obsgen.live.coverage.selection import Identities, Matchers, Selection
from obsgen.live.coverage.survey import Survey
from obsgen.live.coverage.types import Covered, Fault, Unseen
from obsgen.live.coverage.verdict import Verdict, least, verdict
from obsgen.model.stack import Stack
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import selectors
from obsgen.query.rules import LoadedRule

# Prometheus itself writes these, while an alert fires or is pending.
_OF_ALERTS = ("ALERTS", "ALERTS_FOR_STATE")


class Reading:
    """Everything that is read, by component: what is asked of the server, before anything is judged."""

    def __init__(self, stack: Stack, bundle: Bundle, readers: Sequence[Reader]) -> None:
        self.components = {one.name: one for one in stack.components}
        # A panel about the whole platform reads what any component does; the watchdog is of none, and reads nothing.
        self.identities = {one.component: Identities(()) for one in readers}
        self.identities |= {one.name: Identities([one]) for one in stack.components}
        self.identities[""] = Identities(stack.components)
        self.records = recorded(bundle)
        self.rules = {*self.records, *(rule.alert for rule in bundle.alerts)}
        self.selections: dict[str, dict[Selection, None]] = {}
        for reader in readers:
            own = self.selections.setdefault(reader.component, {})
            for expr in reader.exprs:
                for selector in selectors(expr):
                    if selector.metric not in _OF_ALERTS:
                        own[self.identities[reader.component].taken_apart(selector)] = None

    @cached_property
    def owners(self) -> Mapping[Matchers, str]:
        """A component that reads the source of these matchers."""
        return {one.source: name for name, own in self.selections.items() if name for one in own if one.source}

    def all(self) -> list[Selection]:
        """Every selection once."""
        return list(dict.fromkeys(one for own in self.selections.values() for one in own))


class Judging:
    """One survey and what follows from it for each reader; `unseen` is filled by the way.

    `installed` says whether the stack's rules are on this server already: any of them, or series that they record.
    """

    def __init__(self, reading: Reading, seen: Survey) -> None:
        self._reading = reading
        self._seen = seen
        self._rules: Mapping[str, list[LoadedRule]] = _by_name(seen.rules or ())
        taken = {matcher for one in reading.all() for matcher in one.source if matcher.op == "="}
        self._diagnoses = {
            name: Diagnosis(reading.components.get(name), own, seen, taken) for name, own in reading.identities.items()
        }
        for name, selections in reading.selections.items():
            self._diagnoses[name].learn(one for one in selections if one.metric not in reading.records)
        self._known: dict[tuple[str, Selector], Verdict] = {}
        self._under_way: set[str] = set()
        self.unseen: dict[Unseen, None] = {}
        self.installed = any(name in self._rules for name in reading.rules) or any(
            one.metric in reading.records and one.text in seen.series for one in reading.all()
        )

    def judged(self, reader: Reader) -> Covered:
        """What the reader sees."""
        found = least(verdict(expr, partial(self._of, reader.component)) for expr in reader.exprs)
        of_a_rule = reader.kind in ("alert", "recording") and self._seen.rules is not None
        loaded = reader.name.split()[0] in self._rules if of_a_rule else None
        return Covered(
            reader.kind,
            reader.layer,
            reader.component,
            reader.name,
            reader.severity,
            found.sees,
            found.missing,
            loaded,
        )

    def _of(self, component: str, selector: Selector) -> Verdict:
        key = component, selector
        if key not in self._known:
            self._known[key] = self._found(component, selector)
        return self._known[key]

    def _found(self, component: str, selector: Selector) -> Verdict:
        if selector.metric in _OF_ALERTS:
            return Verdict()
        selection = self._reading.identities[component].taken_apart(selector)
        if selection.text in self._seen.series:
            return Verdict()
        if selector.metric in self._reading.records:
            return self._of_record(component, selection)
        why = self._diagnoses[component].why(selection)
        if isinstance(why, Fault) and not component:
            # Whoever's source it is knows better what to do.
            why = self._diagnoses[self._reading.owners.get(selection.source, "")].why(selection)
        if isinstance(why, Quiet):
            self.unseen[Unseen(component, selection.text, why.why)] = None
        return Verdict("nothing", (why,)) if isinstance(why, Fault) else Verdict()

    def _of_record(self, component: str, selection: Selection) -> Verdict:
        """A recording that is missing, by what it is made of, and else by the rule."""
        name = selection.metric
        if name in self._under_way:
            return Verdict()
        self._under_way.add(name)
        rules = [one for one in self._reading.records[name] if _records(one, selection)]
        made_of = least(verdict(one.rule.expr, partial(self._of, one.component)) for one in rules)
        self._under_way.discard(name)
        if made_of.sees == "nothing" or not self.installed:
            return made_of
        return self._of_rule(component, selection, made_of)

    def _of_rule(self, component: str, selection: Selection, made_of: Verdict) -> Verdict:
        """All that the rule reads is there."""
        name, loaded = selection.metric, self._rules.get(selection.metric, [])
        remedies = self._diagnoses[component].remedies
        if not loaded:
            said = "" if self._seen.rules is not None else ", or it gives nothing: the server does not list its rules"
            cause = f"no recording rule {name} is loaded{said}"
            return Verdict("nothing", (Fault(selection.text, cause, remedies.load(name)),))
        failing = next((one.error for one in loaded if one.error), "")
        if failing:
            fault = Fault(selection.text, f"the recording rule {name} fails: {failing}", remedies.mend(name))
            return Verdict("nothing", (fault,))
        self.unseen[Unseen(component, selection.text, "its recording rule is loaded, and gives nothing now")] = None
        return made_of


def _by_name(rules: Sequence[LoadedRule]) -> dict[str, list[LoadedRule]]:
    found: dict[str, list[LoadedRule]] = {}
    for rule in rules:
        found.setdefault(rule.name, []).append(rule)
    return found


def _records(one: Recorded, selection: Selection) -> bool:
    """Whether the rule's own labels pass the selector's matchers."""
    labels = one.rule.labels
    return all(matcher.matches(labels[matcher.name]) for matcher in selection.matchers if matcher.name in labels)
