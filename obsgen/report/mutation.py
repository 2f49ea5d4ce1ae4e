"""How many of the mutants were noticed, component by component, and which were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from obsgen.check.mutant_runs import Tried
from obsgen.check.mutants import Mutant
from obsgen.check.mutation import Mutated
from obsgen.document import json_text
from obsgen.printable import joined
from obsgen.report.columns import columns
from obsgen.report.findings import finding_body, render_findings
from obsgen.report.quantities import UNKNOWN, share_text


@dataclass(frozen=True, slots=True)
class Score:
    """The mutants of one component, or of all, and how many of them were noticed."""

    component: str
    pack: str
    killed: int
    mutants: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there are no mutants."""
        return self.killed / self.mutants if self.mutants else None


def whole(outcome: Mutated) -> Score:
    """The score over all."""
    return _score("all", "", outcome.tried)


def render_mutation(outcome: Mutated, least: float, form: str) -> str:
    """The outcome as `text` or `json`; `least` is the share that is asked for."""
    if form == "json":
        return json_text(_body(outcome, least)).rstrip("\n")
    if not outcome.tried:
        shown = [render_findings(outcome.findings, "text")] if outcome.findings else []
        return "\n".join([*shown, "no mutants were tried"])
    return joined(_lines(outcome, least))


def _score(component: str, pack: str, tried: Sequence[Tried]) -> Score:
    return Score(component, pack, sum(one.killed for one in tried), len(tried))


def _scores(outcome: Mutated) -> list[Score]:
    names = dict.fromkeys(_component(one.mutant) for one in outcome.tried)
    return [
        _score(name, outcome.packs.get(name, ""), [one for one in outcome.tried if _component(one.mutant) == name])
        for name in names
    ]


def _component(mutant: Mutant) -> str:
    return mutant.before.labels["component"]


def _lines(outcome: Mutated, least: float) -> Iterator[str]:
    total = whole(outcome)
    rows = [("component", "pack", "killed", "all", "share")]
    rows += [
        (one.component, one.pack or UNKNOWN, str(one.killed), str(one.mutants), share_text(one.share))
        for one in _scores(outcome)
    ]
    yield from columns(rows, right=frozenset({2, 3, 4}))
    if outcome.survivors:
        yield from ("", "Survivors: rules that are wrong in this way pass every test")
        yield from (_survivor(one) for one in outcome.survivors)
    if outcome.excused:
        yield from ("", "Not counted, as no test could tell them apart")
        yield from (f"{count:>5}  {excuse}" for excuse, count in _excuses(outcome))
    verdict = "" if (total.share or 0) >= least else f", less than {share_text(least)}"
    yield from ("", f"{total.killed} of {total.mutants} mutants are noticed: {share_text(total.share)}{verdict}")


def _survivor(mutant: Mutant) -> str:
    rule = mutant.before
    place = f"{rule.origin}: " if rule.origin else ""
    part = f", override {rule.part}" if rule.part else ""
    return f"{place}{rule.alert} ({rule.severity}{part}): {mutant.change}"


def _excuses(outcome: Mutated) -> list[tuple[str, int]]:
    return Counter(one.excuse for one in outcome.excused).most_common()


def _body(outcome: Mutated, least: float) -> dict[str, Any]:
    total = whole(outcome)
    return {
        "killed": total.killed,
        "mutants": total.mutants,
        "share": total.share,
        "least": least,
        "components": [
            {
                "component": one.component,
                "pack": one.pack or None,
                "killed": one.killed,
                "mutants": one.mutants,
                "share": one.share,
            }
            for one in _scores(outcome)
        ],
        "survivors": [_survivor_body(one) for one in outcome.survivors],
        "excused": [{"reason": excuse, "mutants": count} for excuse, count in _excuses(outcome)],
        "findings": [finding_body(one) for one in outcome.findings],
    }


def _survivor_body(mutant: Mutant) -> dict[str, Any]:
    rule = mutant.before
    return {
        "component": _component(mutant),
        "alert": rule.alert,
        "severity": rule.severity,
        "objective": rule.objective or None,
        "override": rule.part or None,
        "change": mutant.change,
        "file": rule.origin.file if rule.origin else None,
        "line": rule.origin.line if rule.origin else None,
    }
