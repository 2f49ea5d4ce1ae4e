"""A selector taken apart: the matchers that say whose series they are, and those that choose among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from obsgen.ir.asked import EVERYTHING
from obsgen.model.source import Source
from obsgen.model.stack import Component
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.selector import parse_matchers

Matchers = tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """A metric, the matchers of its source and the others, in the order in which they are tried."""

    metric: str
    named: Matchers
    """Matchers on the metric's name, where it is not said outright."""
    source: Matchers
    others: Matchers

    @property
    def matchers(self) -> Matchers:
        """All but those on the name."""
        return self.source + self.others

    @property
    def text(self) -> str:
        """The whole selector."""
        return self.step(len(self.matchers))

    def step(self, count: int) -> str:
        """The selector with only the first so many of its matchers."""
        return str(Selector(self.metric, self.named + self.matchers[:count]))

    @property
    def steps(self) -> tuple[str, ...]:
        """From the metric alone to the whole selector."""
        return tuple(self.step(count) for count in range(len(self.matchers) + 1))


class Identities:
    """Knows by which matchers components tell whose series they read, and what is said of their metrics."""

    def __init__(self, components: Sequence[Component]) -> None:
        self._sources = [source for one in components for source in one.sources.values()]
        self.metrics = {name: metric for one in components for name, metric in one.metrics.items()}
        selectors = (text for one in components for text in one.selectors.values())
        self._own = {matcher for text in selectors for matcher in _matchers(text)}
        self._own |= {Matcher("namespace", "=", one.namespace) for one in components if one.application}

    def taken_apart(self, selector: Selector) -> Selection:
        """The selector without what matches everything, and the source's matchers first."""
        kept = [one for one in selector.matchers if one.value != EVERYTHING or one.op not in ("=", "=~")]
        named = tuple(one for one in kept if one.name == "__name__")
        rest = [one for one in dict.fromkeys(kept) if one.name != "__name__"]
        whose = {matcher for source in self.giving(rest) for matcher in source.matchers} | self._own
        mine = [one for one in rest if one in whose or one.name == "job"]
        # The job first: without it there is nothing to choose from.
        mine.sort(key=lambda one: one.name != "job")
        return Selection(selector.metric, named, tuple(mine), tuple(one for one in rest if one not in mine))

    def giving(self, matchers: Iterable[Matcher]) -> Iterator[Source]:
        """The sources that such a selector reads."""
        asked = tuple(matchers)
        return (source for source in self._sources if source.gives(asked))


def _matchers(text: str) -> Matchers:
    try:
        return parse_matchers(text)
    except PromQLError:
        return ()  # noted where the selector was read
