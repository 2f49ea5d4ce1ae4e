"""Which Prometheus version knows which function, aggregation and piece of syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from promql_parser import AggregateExpr, BinaryExpr, Call

from obsgen.promql.matcher import LABEL_NAME, METRIC_NAME, Selector
from obsgen.promql.parse import nodes, parse, selectors
from obsgen.units import Version


@dataclass(frozen=True, slots=True)
class Availability:
    """Known from `since` (None: always) to before `until`; `experimental` needs a feature flag."""

    since: Version | None = None
    until: Version | None = None
    experimental: bool = False

    def covers(self, version: Version) -> bool:
        """Whether this version knows it, flag or not."""
        known = self.since is None or version >= self.since
        return known and (self.until is None or version < self.until)


# Only what not every version since 2.42 knows. Source: the release notes of Prometheus 2.43 to 3.14
# (CHANGELOG.md), agreed with the function tables of promtool 2.42, 2.53 and 3.5.
FUNCTIONS: Final = {
    "double_exponential_smoothing": Availability(Version(3, 0), experimental=True),
    "end": Availability(Version(3, 12), experimental=True),
    # Behind a flag from 3.7 on.
    "first_over_time": Availability(Version(3, 14)),
    "histogram_avg": Availability(Version(2, 51)),
    "histogram_quantiles": Availability(Version(3, 11), experimental=True),
    "histogram_stddev": Availability(Version(2, 47)),
    "histogram_stdvar": Availability(Version(2, 47)),
    "holt_winters": Availability(until=Version(3, 0)),
    "info": Availability(Version(2, 55), experimental=True),
    "limit_ratio": Availability(Version(2, 54), experimental=True),
    "limitk": Availability(Version(2, 54), experimental=True),
    "mad_over_time": Availability(Version(2, 49), experimental=True),
    "max_of": Availability(Version(3, 13), experimental=True),
    "min_of": Availability(Version(3, 13), experimental=True),
    "range": Availability(Version(3, 12), experimental=True),
    "sort_by_label": Availability(Version(2, 49), experimental=True),
    "sort_by_label_desc": Availability(Version(2, 49), experimental=True),
    "start": Availability(Version(3, 12), experimental=True),
    "start_timestamp": Availability(Version(3, 14), experimental=True),
    "step": Availability(Version(3, 12), experimental=True),
    "ts_of_first_over_time": Availability(Version(3, 7), experimental=True),
    "ts_of_last_over_time": Availability(Version(3, 5), experimental=True),
    "ts_of_max_over_time": Availability(Version(3, 5), experimental=True),
    "ts_of_min_over_time": Availability(Version(3, 5), experimental=True),
}

SYNTAX: Final = {
    "fill modifiers": Availability(Version(3, 10), experimental=True),
    "durations as numbers": Availability(Version(2, 54)),
    "numbers as durations": Availability(Version(2, 54)),
    "quoted metric and label names": Availability(Version(3, 0)),
}

_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`|#[^\n]*')
_NUMBER_AS_DURATION: Final = re.compile(r"\[\s*[\d.]+\s*[\]:]|:\s*[\d.]+\s*\]|\boffset\s+-?\s*[\d.]+(?![\w.])")
_DURATION_PLACE: Final = re.compile(r"\[[^\]]*\]|\boffset\s+-?\s*\w+|\{[^}]*\}")
_DURATION: Final = re.compile(r"(?<![\w.:])(?:\d+(?:ms|[smhdwy]))+(?![\w:])")
# A quoted name opens the braces or follows a comma, and no operator stands before it.
_QUOTED_NAME: Final = re.compile(
    r"\{(?:[^}]*,)?\s*\"\"|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\"\""
)


def unknown_to(expr: str, version: Version, *, experimental: bool = False) -> list[str]:
    """What the expression uses and this version lacks, in reading order, each name once.

    Experimental functions count as lacking unless `experimental` says that the feature flag is on.
    """
    table = FUNCTIONS | SYNTAX
    used = [name for name in _used(expr) if name in table]
    return [
        name
        for name in dict.fromkeys(used)
        if not table[name].covers(version) or (table[name].experimental and not experimental)
    ]


def _used(expr: str) -> Iterator[str]:
    for node in nodes(parse(expr)):
        match node:
            case Call():
                yield node.func.name
            case AggregateExpr():
                yield str(node.op)
            case BinaryExpr() if node.modifier and _fills(node):
                yield "fill modifiers"
    if any(map(_needs_quotes, selectors(expr))):
        yield "quoted metric and label names"
    yield from _syntax(expr)


def _fills(node: BinaryExpr) -> bool:
    fill = node.modifier.fill_values if node.modifier else None
    return fill is not None and (fill.lhs is not None or fill.rhs is not None)


def _needs_quotes(selector: Selector) -> bool:
    names = [matcher.name for matcher in selector.matchers]
    odd_metric = bool(selector.metric) and not METRIC_NAME.fullmatch(selector.metric)
    return odd_metric or not all(LABEL_NAME.fullmatch(name) for name in names)


def _syntax(expr: str) -> Iterator[str]:
    """Spellings that the tree no longer shows."""
    bare = _STRING.sub(lambda found: " " if found[0].startswith("#") else '""', expr)
    if _QUOTED_NAME.search(bare):
        yield "quoted metric and label names"
    if _NUMBER_AS_DURATION.search(bare):
        yield "numbers as durations"
    if _DURATION.search(_DURATION_PLACE.sub(" ", bare)):
        yield "durations as numbers"
