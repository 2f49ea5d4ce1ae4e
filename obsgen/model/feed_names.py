"""What a component's feeds may name, and where in what is measured their series lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher, quote
from obsgen.promql.series import NAME, label_pairs, label_values, series_text
from obsgen.promql.witness import passing_values

# Says behind the labels of a selector which one they came from; no series keeps it.
_MARK = "__selector__"
_MARKED = re.compile(rf',{_MARK}="(\w*)"')


class FeedNames(Mapping[str, Any]):
    """The names at hand in feeds. A selector prints labels that it matches, and a series is then put to rights.

    A feed may name a label that the selector names too, as a spec narrows to namespaces what a pack feeds in one. The
    feed's own value stands where the selector allows it; otherwise one that is allowed takes its place everywhere.
    """

    def __init__(
        self,
        names: Mapping[str, Any],
        examples: Mapping[str, Mapping[str, str]],
        matchers: Mapping[str, Iterable[Matcher]],
        moved: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`examples` and `matchers` hold those of each selector by its name, the component's own under no name."""
        marked = {name: f"{label_pairs(labels)},{_MARK}={quote(name)}" for name, labels in examples.items()}
        named = {name: text for name, text in marked.items() if name}
        self._names = {**names, "selector": marked.get("", ""), "selectors": named}
        self._examples = examples
        self._matchers = {name: tuple(every) for name, every in matchers.items()}
        self._moved = moved or {}

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def series(self, rendered: str) -> str:
        """The rendered series with every label once, and with values that its selectors select."""
        used, text = self._selectors_in(rendered), _MARKED.sub("", rendered)
        try:
            pairs = label_values(text)
        except PromQLError:
            return text  # whoever reads it says why
        labels = dict(pairs) | dict(self._own(pairs, used))
        placed = {name: self._moved.get((name, value), value) for name, value in labels.items()}
        return text if len(labels) == len(pairs) and placed == labels else series_text(placed)

    def labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Labels that a test expects, where the series lie that it feeds."""
        return {name: self._moved.get((name, value), value) for name, value in labels.items()}

    def fitted(self, rendered: Iterable[str]) -> FeedNames:
        """These names, with a place for everything in these series that their selectors leave out."""
        asked: dict[tuple[str, str], set[Matcher]] = {}
        for series in rendered:
            used = self._selectors_in(series)
            try:
                pairs = label_values(_MARKED.sub("", series))
            except PromQLError:
                continue
            for pair in self._own(pairs, used):
                found = (one for name in used for one in self._matchers[name] if one.name == pair[0])
                asked.setdefault(pair, set()).update(found)
        moved: dict[tuple[str, str], str] = {}
        for (name, value), matchers in asked.items():
            if all(one.matches(value) for one in matchers):
                continue
            taken = {given for label, given in asked if label == name} | {
                given for (label, _), given in moved.items() if label == name
            }
            # Two that become one would be fed twice: what finds no place of its own stays, and is not measured.
            free = (one for one in passing_values(sorted(matchers), value) if one not in taken)
            if (stand_in := next(free, None)) is not None:
                moved[name, value] = stand_in
        return FeedNames(self._names, self._examples, self._matchers, moved)

    def _selectors_in(self, rendered: str) -> set[str]:
        """The selectors that the series names; a mark that a person wrote may name any."""
        return self._examples.keys() & set(_MARKED.findall(rendered))

    def _own(self, pairs: Iterable[tuple[str, str]], used: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The labels that the feed gives itself: each that no selector of the series gives, and each second one."""
        given = [pair for name in used for pair in self._examples[name].items()]
        for pair in pairs:
            if pair in given:
                given.remove(pair)
            elif pair[0] != NAME:
                yield pair
