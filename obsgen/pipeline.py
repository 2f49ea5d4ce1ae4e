"""The whole program: load → resolve → lower → emit, and check beside it.

Each function takes a spec's path, or a `SpecFile` that names the root it may read from too, and does one thing
that a person asks for; the command line is their first customer. Mistakes in the spec or a pack raise `Diagnosed`
with all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from obsgen.check.receiver_versions import OPERATORS_REFUSAL
from obsgen.check.scraping import UNREADABLE_FILE
from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import Document
from obsgen.emit.folder.changes import Change
from obsgen.emit.folder.writing import changes, write
from obsgen.emit.target import EMITTERS, emit
from obsgen.ir.bundle import Bundle
from obsgen.lower.passes import lower
from obsgen.model.stack import Stack
from obsgen.resolve.stack import resolve_stack
from obsgen.spec.load import load_spec
from obsgen.spec.root import SpecFile, SpecPath
from obsgen.spec.shipped import shipped

if TYPE_CHECKING:
    from obsgen.check.drill import Wanted
    from obsgen.check.mutation import Chosen, Mutated
    from obsgen.check.route_diff import RouteDiff
    from obsgen.check.route_proof import RouteProof
    from obsgen.check.route_sides import Side
    from obsgen.check.verdict import Proved
    from obsgen.ir.drills import Drill

DEFAULT_TARGETS = ("prometheus-operator",)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec, compiled: the model it resolves to and the bundle that stands for its monitoring."""

    stack: Stack
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found, and with which programs."""

    findings: tuple[Diagnostic, ...]
    tools: str
    alerts: int

    @property
    def clean(self) -> bool:
        """Whether nothing of level error was found."""
        return not any(finding.level == "error" for finding in self.findings)


def load_stack(spec: SpecPath) -> Stack:
    """Load and resolve: everything that the spec says, with nothing left to inherit."""
    return resolve_stack(load_spec(spec))


def compile_stack(spec: SpecPath) -> Compiled:
    """Load, resolve and lower."""
    stack = load_stack(spec)
    return Compiled(stack, lower(stack))


def documents(compiled: Compiled, targets: Sequence[str] = DEFAULT_TARGETS) -> tuple[Document, ...]:
    """The files of the targets: in the folder itself for one, in a folder each for several.

    `Diagnosed` where the checks that need no other program find an error, so that nothing wrong is ever emitted.
    """
    # A command that emits nothing does not wait for all that is checked before.
    from obsgen.check.own import own_findings

    findings = own_findings(compiled.stack, compiled.bundle)
    refused = [one for one in findings if one.level == "error"]
    if "prometheus-operator" in targets:
        refused += [replace(one, level="error") for one in findings if one.code in (OPERATORS_REFUSAL, UNREADABLE_FILE)]
    if refused:
        raise Diagnosed(refused)
    views = shipped("dashboards")
    if len(targets) == 1:
        return emit(compiled.bundle, compiled.stack, targets[0], views)
    return tuple(
        Document(f"{target}/{document.path}", document.text)
        for target in targets
        for document in emit(compiled.bundle, compiled.stack, target, views)
    )


def build(
    spec: SpecPath, out: str | Path, targets: Sequence[str] = DEFAULT_TARGETS, *, adopt: bool = False
) -> tuple[Change, ...]:
    """Write what the spec stands for into the folder; returns the files that changed."""
    return write(Path(out), documents(compile_stack(spec), targets), adopt=adopt)


def diff(spec: SpecPath, out: str | Path, targets: Sequence[str] = DEFAULT_TARGETS) -> tuple[Change, ...]:
    """What `build` would change; `Diagnosed` where it would refuse."""
    return changes(Path(out), documents(compile_stack(spec), targets))


def validate(spec: SpecPath, *, tools: Path | None = None, require_tools: bool = True) -> Verdict:
    """Every check: the spec's form and meaning, our own, promtool's and amtool's."""
    from obsgen.check.verdict import find_tools, judged

    compiled = compile_stack(spec)
    found = find_tools(folder=tools, required=require_tools)
    findings = judged(compiled.stack, compiled.bundle, found)
    return Verdict(findings, found.shown, len(compiled.bundle.alerts))


def prove(spec: SpecPath, *, only: Sequence[str] = (), tools: Path | None = None, require_tools: bool = True) -> Proved:
    """Prove every alert under promtool and every route under amtool; `only` names the alerts to prove."""
    from obsgen.check.verdict import find_tools, proved

    compiled = compile_stack(spec)
    return proved(compiled.stack, compiled.bundle, find_tools(folder=tools, required=require_tools), only)


def mutate(
    spec: SpecPath,
    chosen: Chosen | None = None,
    *,
    tools: Path | None = None,
    require_tools: bool = True,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Mutated:
    """Give every alert, or each that is chosen, one mistake after the other and see which its tests notice.

    `told` hears now and then how many are done of how many.
    """
    from obsgen.check.mutation import EVERYTHING, mutated
    from obsgen.check.verdict import find_tools

    compiled = compile_stack(spec)
    found = find_tools(folder=tools, required=require_tools, names=["promtool"])
    return mutated(compiled.stack, compiled.bundle, found, chosen or EVERYTHING, told)


def prove_routing(spec: SpecPath) -> RouteProof:
    """Prove the routing tree, exactly, for every alert there can be and every minute of the week."""
    from obsgen.check.route_proof import prove_routes

    compiled = compile_stack(spec)
    return prove_routes(compiled.stack, compiled.bundle)


def routes_diff(old: SpecPath, new: SpecPath) -> RouteDiff:
    """The alerts that two routings treat differently; each is a spec, an `alertmanager.yaml` or what holds one."""
    from obsgen.check.route_diff import route_diff
    from obsgen.routes.undecidable import UndecidableError

    sides = _side(SpecFile.of(old)), _side(SpecFile.of(new))
    try:
        return route_diff(*sides)
    except UndecidableError as fault:
        hint = "write it with plain text, sets, groups and repeats"
        raise Diagnosed([Diagnostic("OBS523", f"'{old}' and '{new}' cannot be compared: {fault}", hint=hint)]) from None


def planned_drill(spec: SpecPath, wanted: Wanted, *, name: str, now: datetime) -> Drill:
    """One marked alert for each tier and team, and whom the spec says that it reaches at this time."""
    from obsgen.check.drill import drill

    compiled = compile_stack(spec)
    return drill(compiled.stack, compiled.bundle, wanted, name=name, now=now)


def _side(file: SpecFile) -> Side:
    from obsgen.check.route_sides import read_side, spec_side
    from obsgen.routes.found import found_routing

    routing = found_routing(file.path)
    if routing is not None:
        return read_side(routing)
    compiled = compile_stack(file)
    return spec_side(compiled.stack, compiled.bundle)


__all__ = [
    "DEFAULT_TARGETS",
    "EMITTERS",
    "Compiled",
    "SpecFile",
    "Verdict",
    "build",
    "compile_stack",
    "diff",
    "documents",
    "load_stack",
    "mutate",
    "planned_drill",
    "prove",
    "prove_routing",
    "routes_diff",
    "validate",
]
