"""Many small questions in few requests: each part of a query marks its answers with its own number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import Sample

# VictoriaMetrics takes queries of up to 16 KiB.
_CHARACTERS: Final = 12_000
_MARK: Final = "asked"
_OR: Final = " or "
_MANY: Final = 120


def answers(
    prometheus: Prometheus, exprs: Iterable[str], *, at: float, most: int = _MANY
) -> Mapping[str, tuple[Sample, ...]]:
    """What each expression comes to, without an entry where that is nothing; `most` are asked in one query.

    The errors are those of a query.
    """
    asked = list(dict.fromkeys(exprs))
    parts = [f'label_replace({expr},"{_MARK}","{number}","","")' for number, expr in enumerate(asked)]
    queries = {query: query for query in map(_OR.join, _batches(parts, most))}
    found: dict[str, list[Sample]] = {}
    for vector in prometheus.instants(queries, at=at).values():
        for sample in vector:
            mark = sample.labels.get(_MARK, "")
            if mark.isdecimal() and int(mark) < len(asked):
                labels = {name: value for name, value in sample.labels.items() if name != _MARK}
                found.setdefault(asked[int(mark)], []).append(Sample(labels, sample.value))
    return {expr: tuple(samples) for expr, samples in found.items()}


def counts(prometheus: Prometheus, selectors: Iterable[str], *, at: float, most: int = _MANY) -> Mapping[str, float]:
    """How many series each selector has, without an entry where there are none."""
    asked = {f"count({selector})": selector for selector in selectors}
    return {
        asked[expr]: sum(sample.value for sample in samples)
        for expr, samples in answers(prometheus, asked, at=at, most=most).items()
    }


def _batches(parts: Sequence[str], most: int) -> Sequence[Sequence[str]]:
    """As few as hold all; neighbours, which read the same exporter, come into different ones, so that none is slow."""
    count = -(-len(parts) // most)
    while True:
        batches = [parts[first::count] for first in range(count)]
        if all(len(batch) == 1 or len(_OR.join(batch)) <= _CHARACTERS for batch in batches):
            return batches
        count += 1
