"""A page as tests read it: strictly parsed, with what it says and what it would fetch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Page:
    """The page's tree; what is not well-formed XML cannot be read at all."""

    root: ElementTree.Element

    @classmethod
    def read(cls, text: str) -> Page:
        return cls(ElementTree.fromstring(text))

    def text(self, element: ElementTree.Element | None = None) -> str:
        shown = "".join((self.root if element is None else element).itertext())
        return re.sub(r"\s+", " ", shown).strip()

    def having(self, name: str, word: str) -> list[ElementTree.Element]:
        """The elements of that name with that class."""
        return [one for one in self.root.iter(name) if word in one.get("class", "").split()]

    def section(self, name: str) -> ElementTree.Element:
        return next(one for one in self.root.iter("section") if one.get("aria-labelledby") == name)

    def figures(self, element: ElementTree.Element) -> list[float]:
        """The exact figures in an element, in their order."""
        return [float(one.get("value", "")) for one in element.iter("data")]

    def rows(self, section: str) -> list[tuple[str, ElementTree.Element]]:
        """The head of each row of a section's tables, and the row."""
        found = self.section(section).iterfind(".//tbody/tr")
        return [(self.text(row.find("th")), row) for row in found if row.find("th") is not None]
