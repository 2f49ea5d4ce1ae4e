"""Refuses an expression before it is parsed: the parser's stack and memory grow with what stands inside what."""

from __future__ import annotations

import re
from typing import Final

from obsgen.limits import PROMQL_DEPTH, PROMQL_TEXT
from obsgen.promql.error import PromQLError

_STEP: Final = re.compile(
    r"""
    "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*` | \#[^\n]*
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<next>,)
  | (?P<operator>[-+*/%^] | [<>]=? | [=!]= | \b(?:and|or|unless|atan2)\b)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


# Each bracket and each operator has one of them, or stands beside one: `and` cannot touch a name or a number.
_SIGNS: Final = "([{-+*/%^<>=!.\"'` \n\t\r"


def check_bounds(expr: str) -> None:
    """PromQLError where the expression is longer, or deeper, than what is parsed."""
    if len(expr) > PROMQL_TEXT:
        msg = f"an expression of {len(expr)} characters is too long: {PROMQL_TEXT} are the most"
        raise PromQLError(msg)
    # Most expressions have fewer signs of any kind than may stand in one another.
    if sum(map(expr.count, _SIGNS)) > PROMQL_DEPTH // 2 and _depth(expr) > PROMQL_DEPTH:
        msg = f"more than {PROMQL_DEPTH} brackets and operators stand in one another: record a part of it as a rule"
        raise PromQLError(msg)


def _depth(expr: str) -> int:
    """At most how deep the tree is: each bracket is a level, and each operator beside it one more."""
    levels, depth, deepest = [0], 0, 0
    for step in _STEP.finditer(expr):
        match step.lastgroup:
            case "open":
                levels.append(1)
                depth += 1
            case "close" if len(levels) > 1:
                depth -= levels.pop()
            case "next":
                depth -= levels[-1] - 1
                levels[-1] = 1
            case "operator":
                levels[-1] += 1
                depth += 1
        deepest = max(deepest, depth)
    return deepest
