"""Series by their labels: reading `up{job="node"}` apart and putting it together again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import parse_selector

NAME = "__name__"


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
    selector = parse_selector(series)
    return ((NAME, selector.metric), *((matcher.name, matcher.value) for matcher in selector.matchers))


def series_text(labels: Mapping[str, str]) -> str:
    """The series with these labels, in promtool's notation."""
    pairs = ",".join([_pair(name, value) for name, value in labels.items() if name != NAME])
    return f"{labels[NAME]}{{{pairs}}}"
