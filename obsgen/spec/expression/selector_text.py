"""A selector that a spec gives to a pack as a parameter, as templates see it."""

from __future__ import annotations

from dataclasses import dataclass

from obsgen.promql.matcher import Selector
from obsgen.promql.series import series_labels


@dataclass(frozen=True, slots=True)
class SelectorText:
    """A selector parameter: prints as the selector (in feeds as a series that it selects), and knows its metric."""

    selector: Selector
    text: str

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.selector.metric

    def selects(self, other: SelectorText) -> bool:
        """In feeds: whether the other's example series is one of these series too."""
        return self.selector.matches(series_labels(other.text))

    def __str__(self) -> str:
        return self.text
