"""Check: a bundle judged by our own checks, then by promtool and amtool."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from obsgen.check.amtool import route_findings, routing_findings
from obsgen.check.own import advice, own_findings
from obsgen.check.promtool import prove, rule_findings, scrape_findings
from obsgen.check.routing import misrouted
from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, did_you_mean
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.programs.binaries import BinaryMissing
from obsgen.programs.checkers import Tool, find_tool


@dataclass(frozen=True, slots=True)
class Tools:
    """promtool and amtool as far as they were found, and what it means that one was not."""

    promtool: Tool | None
    amtool: Tool | None
    missing: tuple[Diagnostic, ...]

    @property
    def shown(self) -> str:
        """The programs with their versions."""
        found = [tool for tool in (self.promtool, self.amtool) if tool]
        return ", ".join(f"{tool.name} {tool.version}" for tool in found)


def find_tools(
    *, folder: Path | None = None, required: bool = True, names: Sequence[str] = ("promtool", "amtool")
) -> Tools:
    """Look for both programs, or the one named; a missing one is an error unless the caller can do without."""
    found: dict[str, Tool | None] = {}
    missing: list[Diagnostic] = []
    for name in names:
        try:
            found[name] = find_tool(name, folder)
        except Diagnosed as unusable:
            missing += unusable.diagnostics
        except BinaryMissing as fault:
            hint = "or pass --allow-missing-tools to go without its checks" if required else None
            missing.append(Diagnostic("OBS470", str(fault), hint=hint, level="error" if required else "warning"))
    return Tools(found.get("promtool"), found.get("amtool"), tuple(missing))


def judged(stack: Stack, bundle: Bundle, tools: Tools) -> tuple[Diagnostic, ...]:
    """Every finding; what obsgen's own checks call wrong is not shown to promtool a second time."""
    own = own_findings(stack, bundle)
    found = [*stack.notes, *own, *tools.missing]
    if not any(one.level == "error" for one in own):
        found += advice(stack, bundle)
        if tools.promtool:
            found += _or_none(partial(rule_findings, tools.promtool, bundle))
            found += _or_none(partial(scrape_findings, tools.promtool, stack, bundle))
        if tools.amtool:
            found += _or_none(partial(routing_findings, tools.amtool, stack, bundle))
    return _in_order(found)


def _or_none(verdict: Callable[[], tuple[Diagnostic, ...]]) -> tuple[Diagnostic, ...]:
    """What a program finds, or why it gives no verdict: what others find is told all the same."""
    try:
        return verdict()
    except Diagnosed as lost:
        return lost.diagnostics


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, in the order of the places."""
    findings = Findings()
    findings.add(*found)
    return findings.noted


@dataclass(frozen=True, slots=True)
class Proved:
    """The outcome of all tests."""

    alerts: int
    proofs: int
    routes: int
    findings: tuple[Diagnostic, ...]


def proved(stack: Stack, bundle: Bundle, tools: Tools, only: Sequence[str] = ()) -> Proved:
    """Run every proof under promtool and every route test under amtool; `Diagnosed` for an unknown name in `only`."""
    refuse_unknown_alerts(stack, bundle, only)
    found = list(tools.missing)
    alerts = proofs = routes = 0
    if tools.promtool:
        run = prove(tools.promtool, stack, bundle, only)
        alerts, proofs = run.alerts, run.proofs
        found += run.findings
    if not only:
        found += misrouted(stack, bundle)
    if tools.amtool and not only:
        routes = len(bundle.route_tests)
        found += route_findings(tools.amtool, stack, bundle)
    return Proved(alerts, proofs, routes, tuple(found))


def refuse_unknown_alerts(stack: Stack, bundle: Bundle, only: Sequence[str]) -> None:
    """A misspelt name would otherwise prove nothing and report success."""
    refuse_unknown(only, {rule.alert for rule in bundle.alerts}, stack, code="OBS510", noun="alert")


def refuse_unknown(names: Sequence[str], known: Collection[str], stack: Stack, *, code: str, noun: str) -> None:
    """`Diagnosed` with each of the names that the stack does not have."""
    unknown = [
        Diagnostic(
            code,
            f"the stack '{stack.name}' has no {noun} '{name}'",
            hint=did_you_mean(name, known, noun=f"its {noun}s"),
        )
        for name in names
        if name not in known
    ]
    if unknown:
        raise Diagnosed(unknown)
