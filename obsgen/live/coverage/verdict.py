"""What an expression can still say where some of the series that it reads are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from promql_parser import BinaryExpr, Call, Expr, VectorSelector

from obsgen.live.coverage.types import Fault, Sees
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import children, parse, selector_of

_ABSENCE: Final = frozenset({"absent", "absent_over_time"})
_RANK: Final[tuple[Sees, ...]] = ("nothing", "part", "all")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much is seen, and what is missing; `reads` is false of what reads no series at all."""

    sees: Sees = "all"
    missing: tuple[Fault, ...] = ()
    reads: bool = True


Judge = Callable[[Selector], Verdict]


def verdict(expr: str, of_selector: Judge) -> Verdict:
    """The expression's verdict by those of its selectors."""
    return _of(parse(expr), of_selector)


def least(verdicts: Iterable[Verdict]) -> Verdict:
    """Of what is needed together: as little as the one that sees least."""
    found = [one for one in verdicts if one.reads]
    sees: Sees = min((one.sees for one in found), key=_RANK.index, default="all")
    return Verdict(sees, _joined(found), bool(found))


def _of(node: Expr, of_selector: Judge) -> Verdict:
    if isinstance(node, VectorSelector):
        return of_selector(selector_of(node))
    below = [_of(child, of_selector) for child in children(node)]
    if isinstance(node, Call) and node.func.name in _ABSENCE:
        # It speaks up just where nothing is there; what is missing is told all the same.
        return Verdict("all", _joined(below))
    if isinstance(node, BinaryExpr) and str(node.op) == "or":
        return _either([one for one in below if one.reads])
    if isinstance(node, BinaryExpr) and str(node.op) == "unless":
        return _without(*below)
    return least(below)


def _either(sides: list[Verdict]) -> Verdict:
    """One side is enough, and sees a part of what both would."""
    if not sides:
        return Verdict(reads=False)
    best = max((one.sees for one in sides), key=_RANK.index)
    missing = _joined(sides)
    return Verdict("part" if best == "all" and missing else best, missing)


def _without(left: Verdict, right: Verdict) -> Verdict:
    """The left side is told in any case, also where it should not be; a right side that sees a part spares it."""
    missing = _joined((left, right))
    spares_nothing = left.sees == "all" and right.sees == "nothing"
    return Verdict("part" if spares_nothing else left.sees, missing, left.reads or right.reads)


def _joined(verdicts: Iterable[Verdict]) -> tuple[Fault, ...]:
    return tuple(dict.fromkeys(fault for one in verdicts for fault in one.missing))
