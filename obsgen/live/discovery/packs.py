"""Which packs have data, with which of their switches on, and which sources bring nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from promql_parser import BinaryExpr, Expr, VectorSelector

from obsgen.live.discovery.reads import Candidates, Expression, PackReads, Read
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import children, parse, selector_of
from obsgen.spec.layers import Layer

IsThere = Callable[[Read], bool]
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A pack, whether there is something for it to read, why, and the switches that must be other than usual."""

    name: str
    layer: Layer
    used: bool
    why: str
    switches: Mapping[str, tuple[bool, str]]
    reads: tuple[Read, ...]
    """What it reads with its switches so."""


def judged(candidates: Candidates, is_there: IsThere, *, seen: bool) -> tuple[Judged, ...]:
    """Every pack; one is used where at least half of what it evaluates in any case has its series.

    Nothing is switched on that was not `seen`: that a source is scraped does not say that it has every metric.
    """
    return tuple(_judged(pack, is_there, seen=seen) for pack in candidates.packs)


def _judged(pack: PackReads, is_there: IsThere, *, seen: bool) -> Judged:
    usable = {
        name: _usable(own, pack.always, is_there) if seen or pack.usual[name] else None
        for name, own in pack.switches.items()
    }
    on = {name: pack.usual[name] if one is None else one for name, one in usable.items()}
    used, why = _use(pack, is_there, switched=any(usable.values()), seen=seen)
    expressions = (*pack.always, *(one for name, own in pack.switches.items() if on[name] for one in own))
    reads = tuple(dict.fromkeys(read for one in expressions for read in one.reads))
    switches = {
        name: (on[name], _reason(pack.switches[name], pack.always, is_there, on=on[name]))
        for name in on
        if on[name] != pack.usual[name]
    }
    return Judged(pack.name, pack.layer, used, why, switches, reads)


def _usable(own: Sequence[Expression], always: Sequence[Expression], is_there: IsThere) -> bool | None:
    """Whether most of what only the switch evaluates has its series; None where it evaluates nothing of its own."""
    wanted = _only_these(own, always)
    return _share(wanted, is_there) > 0.5 if wanted else None


def _only_these(own: Sequence[Expression], always: Sequence[Expression]) -> list[Expression]:
    """Those that read something else than what is read in any case; what is exposed tells more than what is up."""
    others = {read.selector for one in always for read in one.reads}
    only = [one for one in own if any(read.selector not in others for read in one.reads)]
    return [one for one in only if any(read.of_exporter for read in _needed(one))] or only


def _use(pack: PackReads, is_there: IsThere, *, switched: bool, seen: bool) -> tuple[bool, str]:
    wanted = _only_these(pack.always, ())
    if not wanted:
        return switched, "" if switched else "nothing that its parts read is there"
    share, missing = _share(wanted, is_there), _missing(wanted, is_there)
    if not share:
        selector = next(read.selector for read in wanted[0].reads)
        return False, f"no series such as {selector}" if seen else "the installation does not scrape it"
    if share < 0.5:
        return False, f"too little of what it reads is there, not {_several(missing)}"
    return True, f"Not there now: {_several(missing)}." if missing else ""


def _share(expressions: Sequence[Expression], is_there: IsThere) -> float:
    return sum(bool(_has_series(one, is_there)) for one in expressions) / len(expressions)


def _has_series(expression: Expression, is_there: IsThere) -> bool | None:
    """Whether the series are there without which it gives nothing."""
    needed = _needed(expression)
    exposed = any(read.of_exporter for read in needed)
    reads = {read.selector: read for read in needed if read.of_exporter or not exposed}

    def of(node: Expr) -> bool | None:
        """None where it reads nothing that tells, such as what is up besides what is exposed."""
        if isinstance(node, VectorSelector):
            read = reads.get(selector_of(node))
            return None if read is None else is_there(read)
        sides = [of(child) for child in children(node)]
        told = [side for side in sides if side is not None]
        if isinstance(node, BinaryExpr) and str(node.op) == "or":
            return any(told) if told else None
        return all(told) if told else None

    return of(parse(expression.expr))


def _needed(expression: Expression) -> list[Read]:
    """Its reads without those that only say when it gives nothing."""

    def selected(node: Expr) -> Iterator[Selector]:
        if isinstance(node, VectorSelector):
            yield selector_of(node)
        sides = children(node)
        for side in sides[:1] if isinstance(node, BinaryExpr) and str(node.op) == "unless" else sides:
            yield from selected(side)

    wanted = set(selected(parse(expression.expr)))
    return [read for read in expression.reads if read.selector in wanted]


def _missing(expressions: Iterable[Expression], is_there: IsThere) -> list[str]:
    """Metrics of which no selector selects anything, of what has not its series."""
    without = [one for one in expressions if not _has_series(one, is_there)]
    found: dict[str, bool] = {}
    for read in (read for one in without for read in one.reads if read.of_exporter):
        found[read.metric] = found.get(read.metric, False) or is_there(read)
    return [metric for metric, there in found.items() if not there]


def _reason(own: Sequence[Expression], always: Sequence[Expression], is_there: IsThere, *, on: bool) -> str:
    wanted = _only_these(own, always)
    if not on:
        missing = _missing(wanted, is_there)
        return f"Not there: {_several(missing)}." if missing else "Its targets are not there."
    others = {read.metric for one in always for read in one.reads}
    there = [read.metric for one in wanted for read in one.reads if is_there(read)]
    return f"{next((metric for metric in there if metric not in others), there[0])} is there."


def dead_sources(packs: Iterable[Judged], is_there: IsThere) -> Iterator[str]:
    """Sources of which used packs read something, and nothing is there."""
    alive: dict[str, bool] = {}
    for read in (read for pack in packs if pack.used for read in pack.reads if read.of_exporter and read.source):
        alive[read.source] = alive.get(read.source, False) or is_there(read)
    return (name for name, lives in alive.items() if not lives)


def _several(metrics: list[str]) -> str:
    more = f" and {len(metrics) - _NAMED} more" if len(metrics) > _NAMED else ""
    return ", ".join(metrics[:_NAMED]) + more
