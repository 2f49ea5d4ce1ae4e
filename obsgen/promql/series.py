"""Series by their labels: reading `up{job="node"}` apart and putting it together again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import parse_selector

NAME = "__name__"
# A series as tests write nearly all of theirs: its metric is no word of PromQL, and its values need no unescaping.
_WRITTEN: Final = r'(?!__name__=)[A-Za-z_][A-Za-z0-9_]*="[^"\\\n]*"'
_PLAIN: Final = re.compile(
    r"(?P<metric>(?!group_left|group_right|count_values|limit_ratio)(?:up|[A-Za-z]\w*_\w*))"
    rf"\{{(?P<pairs>{_WRITTEN}(?:,{_WRITTEN})*)\}}",
    re.ASCII,
)
_PAIR: Final = re.compile(r'(\w+)="([^"]*)"', re.ASCII)


def label_pairs(labels: Mapping[str, str]) -> str:
    """`a="1",b="2"`: labels as they stand between braces."""
    return ",".join(_pair(name, value) for name, value in labels.items())


# Of many series each has labels of its own, but few that no other has.
@lru_cache(maxsize=2**16)
def _pair(name: str, value: str) -> str:
    return str(Matcher(name, "=", value))


def series_labels(series: str) -> dict[str, str]:
    """The labels of one series, its metric as `__name__`; PromQLError where it is none."""
    return dict(_read(series))


def label_values(series: str) -> tuple[tuple[str, str], ...]:
    """Name and value of every label as it is written, its metric as `__name__`, and one that stands twice twice."""
    return _read(series)


# The tests of one alert name the same few series again and again.
@lru_cache(maxsize=2**16)
def _read(series: str) -> tuple[tuple[str, str], ...]:
    plain = _PLAIN.fullmatch(series)
    if plain:
        return ((NAME, plain["metric"]), *_PAIR.findall(plain["pairs"]))
    selector = parse_selector(series)
    return ((NAME, selector.metric), *((matcher.name, matcher.value) for matcher in selector.matchers))


def series_text(labels: Mapping[str, str]) -> str:
    """The series with these labels, in promtool's notation."""
    pairs = ",".join([_pair(name, value) for name, value in labels.items() if name != NAME])
    return f"{labels[NAME]}{{{pairs}}}"
