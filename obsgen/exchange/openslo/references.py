"""Documents of OpenSLO that other documents name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from obsgen.diagnostics import did_you_mean
from obsgen.exchange.node import Node


@dataclass(frozen=True, slots=True)
class References:
    """All documents at hand, by kind and name."""

    documents: Mapping[tuple[str, str], Node]

    @classmethod
    def among(cls, documents: Sequence[Node]) -> References:
        """An index of these; `Diagnosed` where one has no name."""
        return cls({(one.need("kind").text(), one.need("metadata").need("name").text()): one for one in documents})

    def of_kind(self, kind: str) -> dict[str, Node]:
        """The documents of one kind by name."""
        return {name: document for (its, name), document in self.documents.items() if its == kind}

    def named(self, kind: str, reference: Node) -> Node:
        """The document that a reference names; `Diagnosed` where no file has it."""
        found = self.documents.get((kind, reference.text()))
        if found is None:
            known = self.of_kind(kind)
            hint = did_you_mean(reference.text(), known) if known else "give the file that has it too"
            raise reference.mistake("OBS616", f"no file given has the {kind} '{reference.text()}'", hint)
        return found
