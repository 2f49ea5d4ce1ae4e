"""Asks what a dashboard's panels ask, as Grafana would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from obsgen.emit.grafana.load import panels_of
from obsgen.preview.choices import Choice, Span, filled
from obsgen.programs.parallel import threads
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import AT_ONCE, Prometheus
from obsgen.query.samples import Matrix, Vector

_POINTS: Final = 240
_SHORTEST_STEP: Final = 15.0

Panel = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query of a panel gave: a vector at the end, series over the span, or what went wrong."""

    target: Mapping[str, Any]
    query: str
    data: Vector | Matrix | None
    error: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.data or not len(self.data)


def span_of(end: float, seconds: float) -> Span:
    """A span that ends then, with points enough for a chart."""
    return Span(end - seconds, end, max(seconds / _POINTS, _SHORTEST_STEP))


def ask(
    body: Mapping[str, Any], prometheus: Prometheus, chosen: Sequence[Choice], span: Span, scrape_interval: float
) -> dict[int, tuple[Answer, ...]]:
    """The answers by panel; a query that fails is an answer too, and leaves the others whole."""

    def asked(target: Mapping[str, Any]) -> Answer:
        query = filled(target["expr"], chosen, span, scrape_interval)
        try:
            if target.get("instant"):
                return Answer(target, query, prometheus.instant(query, at=span.end))
            return Answer(target, query, prometheus.range(query, start=span.start, end=span.end, step=span.step))
        except PrometheusError as error:
            return Answer(target, query, None, str(error))

    with threads(AT_ONCE) as workers:
        answers = {
            panel["id"]: [workers.submit(asked, target) for target in panel.get("targets", ())]
            for panel in panels_of(body)
            if panel.get("targets")
        }
        return {panel: tuple(answer.result() for answer in own) for panel, own in answers.items()}
